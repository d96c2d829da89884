#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: quickstart.sh [--window] [URL…]
#
# Installs what is missing, builds, and downloads into ./downloads: the URLs that are given, with your
# own ledger; or, with none, a small sample that is served over loopback, with a ledger of its own
# in build/quickstart. Ends with the jobs and their operations. --window opens the window instead.
set -euo pipefail

usage() {
    echo "usage: ${0##*/} [--window] [URL…]"
}

window=no
urls=()
for argument in "$@"; do
    case "$argument" in
        --window) window=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        -*)
            echo "${0##*/}: unknown option $argument" >&2
            usage >&2
            exit 2
            ;;
        *) urls+=("$argument") ;;
    esac
done

if [[ $window == yes && -z ${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-} ]]; then
    echo "--window needs a desktop session: neither DISPLAY nor WAYLAND_DISPLAY is set" >&2
    exit 2
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash packaging/install-dependencies.sh build

configure=(cmake --preset release)
if command -v ccache >/dev/null; then
    configure+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
"${configure[@]}"
cmake --build --preset release

mkdir -p build/quickstart downloads
downloads=$PWD/downloads
programs=$PWD/build/release/bin
ledger=()

server_pid=
trap '[[ -z $server_pid ]] || kill "$server_pid" 2>/dev/null || true' EXIT

if ((${#urls[@]} == 0)); then
    # The port is the same each time if it is free: the URLs stay the same, so that a second run
    # finds its jobs done and has nothing to fetch.
    ledger=(--ledger "$PWD/build/quickstart/ledger.sqlite3")
    exec {from_server}< <(exec "$programs/ingather-sample-server" --port 21467)
    server_pid=$!
    while read -r -u "$from_server" url && [[ -n $url ]]; do
        urls+=("$url")
    done
    if ((${#urls[@]} == 0)); then
        echo "The sample server did not start" >&2
        exit 1
    fi
    echo "A sample of ${#urls[@]} files is served at ${urls[0]%/*}/"
fi

if [[ $window == yes ]]; then
    INGATHER_DOWNLOAD_DIR=$downloads "$programs/ingather" ${ledger[@]+"${ledger[@]}"} "${urls[@]}"
    exit
fi

cli=("$programs/ingather-cli" ${ledger[@]+"${ledger[@]}"})

echo
echo "\$ ingather-cli get -d downloads …"
status=0
"${cli[@]}" get -d "$downloads" "${urls[@]}" || status=$?
if ((status > 1)); then
    exit "$status"
fi

# Adding again plans nothing and answers with the same jobs: that is how their ids are asked for.
answer=$("${cli[@]}" --json -q add -d "$downloads" "${urls[@]}" || true)
mapfile -t jobs < <(grep -o '"job_id" *: *"[^"]*"' <<<"$answer" | cut -d'"' -f4 | awk '!seen[$0]++')

echo
if ((${#ledger[@]})); then
    echo "\$ ingather-cli list"
    "${cli[@]}" list
else
    # Your own ledger may hold a great deal more than what was asked for here.
    for job in "${jobs[@]}"; do
        echo "\$ ingather-cli show $job"
        "${cli[@]}" show "$job"
    done
fi
for job in "${jobs[@]}"; do
    echo
    echo "\$ ingather-cli ops $job"
    "${cli[@]}" ops "$job"
done
echo
echo "The files are in $downloads"
exit "$status"
