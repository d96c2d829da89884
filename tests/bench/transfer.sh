#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: transfer.sh [-n RUNS] [-s MEBIBYTES] [-c FILES] [FOLDER]
#
# Measures ingather-cli (release build, or what INGATHER_CLI names) beside curl, aria2c and wget2 on one nginx
# over loopback: one large file (2048 MiB), many small ones (10,000 of 64 KiB), and one large file from a server
# that gives 8 MiB/s a connection, over 16 connections. Five runs each, taken in turns so that all meet the same
# machine; medians. FOLDER should lie on the file system that matters; build/bench if not given. Each run begins
# with an empty folder and an empty ledger, and everything is removed at the end.
#
# What the rivals do not do: they neither hash nor sync nor keep a ledger. The line "curl, sync" adds a sync of
# the file, "aria2c" stands for -x1 on the large file.
set -euo pipefail

runs=5
mebibytes=2048
count=10000
while getopts n:s:c: option; do
    case $option in
        n) runs=$OPTARG ;;
        s) mebibytes=$OPTARG ;;
        c) count=$OPTARG ;;
        *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:-$source_dir/build/bench}
cli=${INGATHER_CLI:-$source_dir/build/release/bin/ingather-cli}

for tool in nginx:/usr/sbin/nginx curl:/usr/bin/curl aria2:/usr/bin/aria2c wget2:/usr/bin/wget2 time:/usr/bin/time; do
    [[ -x ${tool#*:} ]] || {
        echo "missing: ${tool#*:} (apt-get install ${tool%%:*})" >&2
        exit 1
    }
done
[[ -x $cli ]] || {
    echo "missing: $cli (cmake --preset release && cmake --build --preset release)" >&2
    exit 1
}

mkdir -p "$folder"
work=$(mktemp -d "$folder/transfer.XXXXXX")
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$work/www/small" "$work/home"
# Nothing of the user's settings, ledgers or proxies takes part.
export HOME=$work/home XDG_DATA_HOME=$work/home XDG_CONFIG_HOME=$work/home XDG_STATE_HOME=$work/home
export LC_ALL=C
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY INGATHER_LEDGER INGATHER_DOWNLOAD_DIR

echo "Making $mebibytes MiB and $count files of 64 KiB in $work …" >&2
# Random once, then repeated with a different head each: made fast, and no two files are alike.
head -c 67108864 /dev/urandom >"$work/seed"
for ((i = 0; i < (mebibytes + 63) / 64; ++i)); do
    printf '%064d' "$i"
    tail -c +65 "$work/seed"
done >"$work/www/large.bin"
truncate -s "${mebibytes}M" "$work/www/large.bin"
for ((i = 0; i < count; ++i)); do
    printf '%064d' "$i"
done | split -b 64 -a 6 --numeric-suffixes=0 \
    --filter="{ cat; head -c 65472 '$work/seed'; } >\"\$FILE.bin\"" - "$work/www/small/f"
rm "$work/seed"

port=$((20000 + RANDOM % 10000))
user=
((EUID != 0)) || user='user root;'
cat >"$work/nginx.conf" <<CONF
daemon off;
$user
worker_processes auto;
pid $work/nginx.pid;
error_log $work/error.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $work/tmp1; proxy_temp_path $work/tmp2; fastcgi_temp_path $work/tmp3;
    uwsgi_temp_path $work/tmp4; scgi_temp_path $work/tmp5;
    sendfile on; tcp_nopush on; keepalive_requests 1000000;
    server {
        listen 127.0.0.1:$port; root $work/www;
        location = /limited.bin { alias $work/www/large.bin; limit_rate 8m; }
    }
}
CONF
/usr/sbin/nginx -p "$work" -e "$work/error.log" -c "$work/nginx.conf" &
server=$!
curl --silent --fail --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null \
    "http://127.0.0.1:$port/small/f000000.bin" -r 0-0 || {
    cat "$work/error.log" >&2
    exit 1
}
cat "$work/www/large.bin" "$work"/www/small/*.bin >/dev/null # into the page cache, for everybody

large=http://127.0.0.1:$port/large.bin
limited=http://127.0.0.1:$port/limited.bin
for ((i = 0; i < count; ++i)); do
    printf 'http://127.0.0.1:%d/small/f%06d.bin\n' "$port" "$i"
done >"$work/urls"

# measured NAME COMMAND…: seconds and peak KiB of memory are added to $work/NAME; the folder out/ is new.
measured() {
    local name=$1
    shift
    rm -rf "$work/out" "$work"/ledger*
    mkdir "$work/out"
    sync -f "$work"
    if ! /usr/bin/time -f '%e %M' -o "$work/time" "$@" >"$work/log" 2>&1 </dev/null; then
        tail -n 20 "$work/log" >&2
        echo "failed: $name" >&2
        exit 1
    fi
    tail -n 1 "$work/time" >>"$work/$name"
}

check_large() {
    cmp "$work/www/large.bin" "$work/out/large.bin"
}

check_small() {
    diff -rq "$work/www/small" "$work/out"
}

ingather=("$cli" --ledger "$work/ledger.sqlite3" -q)
for ((run = 1; run <= runs; ++run)); do
    echo "Run $run of $runs …" >&2
    measured large.ingather "${ingather[@]}" get -d "$work/out" "$large"
    check_large
    measured large.curl curl -sS -o "$work/out/large.bin" "$large"
    check_large
    # shellcheck disable=SC2016 # expanded by the inner shell
    measured large.curlsync bash -c 'curl -sS -o "$1" "$2" && sync "$1"' - "$work/out/large.bin" "$large"
    measured large.aria2c aria2c -q -x1 --no-conf --file-allocation=none -d "$work/out" "$large"
    check_large
    measured large.wget2 wget2 -q --no-config -O "$work/out/large.bin" "$large"
    check_large

    measured limited.ingather "${ingather[@]}" get --segments 16 -o large.bin -d "$work/out" "$limited"
    check_large
    measured limited.aria2c aria2c -q -x16 -s16 -k1M --no-conf --file-allocation=none -d "$work/out" \
        -o large.bin "$limited"
    check_large

    # shellcheck disable=SC2016
    measured small.ingather bash -c '"${@:3}" import "$1" -d "$2" && "${@:3}" run --until-idle --lanes 16 --connections-per-host 16' \
        - "$work/urls" "$work/out" "${ingather[@]}"
    check_small
    measured small.aria2c aria2c -q -j16 -x1 --no-conf --file-allocation=none -i "$work/urls" -d "$work/out"
    check_small
done

# Column COLUMN of the median line of $work/NAME.
median() {
    sort -g -k "$2" "$work/$1" | awk -v column="$2" '{ v[NR] = $column }
        END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

row() { # LABEL NAME AMOUNT UNIT REFERENCE
    local seconds kib reference
    seconds=$(median "$2" 1)
    kib=$(median "$2" 2)
    reference=$(median "$5" 1)
    awk -v label="$1" -v s="$seconds" -v kib="$kib" -v amount="$3" -v unit="$4" -v r="$reference" -v runs="$(
        awk '{ printf "%s%s", sep, $1; sep = " " }' "$work/$2"
    )" 'BEGIN {
        if (s <= 0) s = 0.01
        printf "| %-16s | %8.2f | %9.1f %-7s | %7.1f | %5.2f | %s |\n", label, s, amount / s, unit, kib / 1024, r / s, runs
    }'
}

# A worker that finds nothing to do: what the memory of the runs is to be compared with.
rm -f "$work"/ledger*
measured idle "${ingather[@]}" run --until-idle

echo
echo "$(nproc) cores, $(stat -f -c %T "$work") file system, $runs runs, medians; the ratio is speed beside the rival named."
echo
echo "One file of $mebibytes MiB (ratio: to curl)"
echo
echo "| program          |  seconds | throughput        | MiB RAM | ratio | runs (s) |"
echo "|------------------|----------|-------------------|---------|-------|----------|"
row ingather-cli large.ingather "$mebibytes" MiB/s large.curl
row curl large.curl "$mebibytes" MiB/s large.curl
row "curl, sync" large.curlsync "$mebibytes" MiB/s large.curl
row aria2c large.aria2c "$mebibytes" MiB/s large.curl
row wget2 large.wget2 "$mebibytes" MiB/s large.curl
echo
echo "The same at 8 MiB/s a connection, over 16 connections (ratio: to aria2c)"
echo
echo "| program          |  seconds | throughput        | MiB RAM | ratio | runs (s) |"
echo "|------------------|----------|-------------------|---------|-------|----------|"
row ingather-cli limited.ingather "$mebibytes" MiB/s limited.aria2c
row aria2c limited.aria2c "$mebibytes" MiB/s limited.aria2c
echo
echo "$count files of 64 KiB, 16 at a time (ratio: to aria2c)"
echo
echo "| program          |  seconds | throughput        | MiB RAM | ratio | runs (s) |"
echo "|------------------|----------|-------------------|---------|-------|----------|"
row ingather-cli small.ingather "$count" files/s small.aria2c
row aria2c small.aria2c "$count" files/s small.aria2c
echo
awk -v kib="$(median idle 2)" 'BEGIN { printf "An idle worker on an empty ledger: %.1f MiB RAM\n", kib / 1024 }'
