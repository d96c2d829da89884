#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: ledger.sh [-n RUNS] [-j JOBS] [FOLDER [ROW…]]
#
# Measures the ledger beside the C interface of SQLite, in a release build with the tests' benchmark: medians
# over RUNS (5); the large rows with JOBS jobs (1,000,000). FOLDER should lie on the file system that matters;
# build/bench if not given. Everything is removed at the end.
set -euo pipefail

runs=5
jobs=1000000
while getopts n:j: option; do
    case $option in
        n) runs=$OPTARG ;;
        j) jobs=$OPTARG ;;
        *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$source_dir/build/bench-release
mkdir -p "${1:-$source_dir/build/bench}"
work=$(mktemp -d "${1:-$source_dir/build/bench}/ledger.XXXXXX")
[[ $# -eq 0 ]] || shift
trap 'rm -rf "$work"' EXIT

cmake -S "$source_dir" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DINGATHER_TESTS=ON >/dev/null
cmake --build "$build" --target ledger_bench >/dev/null
"$build/bin/ledger_bench" --runs "$runs" --jobs "$jobs" --folder "$work" "$@"
