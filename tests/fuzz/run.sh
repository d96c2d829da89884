#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: tests/fuzz/run.sh SECONDS [NAME…]
#
# Builds the fuzz targets with clang, AddressSanitizer and UndefinedBehaviorSanitizer into build/fuzz and runs each
# of them (or the named ones) for that long. Ends with 1 if one found something; its input lies in
# build/fuzz/findings then: build/fuzz/bin/fuzz_NAME FILE repeats it. What was learnt is kept in build/fuzz/corpus
# and used the next time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if [[ ! ${1:-} =~ ^[0-9]+$ ]]; then
    echo "usage: ${0##*/} SECONDS [NAME…]" >&2
    exit 2
fi
seconds=$1
shift

bash packaging/install-dependencies.sh fuzz
configure=(cmake --preset fuzz)
if command -v ccache >/dev/null; then
    configure+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
"${configure[@]}" >/dev/null
cmake --build build/fuzz --target fuzz

names=("$@")
if ((${#names[@]} == 0)); then
    for source in tests/fuzz/fuzz_*.cpp; do
        name=${source##*/fuzz_}
        names+=("${name%.cpp}")
    done
fi

export UBSAN_OPTIONS=print_stacktrace=1
findings=build/fuzz/findings
failed=()
for name in "${names[@]}"; do
    learnt=build/fuzz/corpus/$name
    log=build/fuzz/$name.log
    mkdir -p "$learnt" "$findings"
    options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
        -artifact_prefix="$findings/$name-")
    if [[ -f tests/fuzz/$name.dict ]]; then
        options+=(-dict="tests/fuzz/$name.dict")
    fi
    if "build/fuzz/bin/fuzz_$name" "${options[@]}" "$learnt" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
        echo "$name: nothing found, $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
    else
        failed+=("$name")
        echo "$name: FINDING"
        tail -n 40 "$log"
    fi
done
((${#failed[@]} == 0))
