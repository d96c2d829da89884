#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: tests/races/run.sh
#
# Builds what several threads share with ThreadSanitizer into build/tsan and uses it from several threads at
# once. Ends with 1 if two accesses were found that nothing puts in order, or if the one that was put there on
# purpose was not found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bash packaging/install-dependencies.sh build
configure=(cmake --preset tsan)
if command -v ccache >/dev/null; then
    configure+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
"${configure[@]}" >/dev/null
cmake --build build/tsan --target races
ctest --preset tsan -L races
