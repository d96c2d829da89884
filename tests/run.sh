#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: tests/run.sh [arguments of ctest…]
#
# Installs what is missing, builds everything with warnings as errors and runs all tests. Ends with
# ctest's summary and its exit code. Arguments narrow the run: tests/run.sh -L ledger
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash packaging/install-dependencies.sh test

configure=(cmake --preset dev)
if command -v ccache >/dev/null; then
    configure+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
"${configure[@]}"
cmake --build --preset dev

export QT_QPA_PLATFORM=offscreen
export LC_ALL=C.UTF-8
ctest --preset dev --parallel 2 "$@" </dev/null
