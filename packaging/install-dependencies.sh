#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: install-dependencies.sh [build|test|fuzz]
#
# Installs what Debian 12 lacks for building Ingather (build, the default), for building and testing
# it (test) or for its fuzz targets (fuzz). Says first what it is going to install. With nothing missing it is silent, needs no
# network and no root. This file holds the only list of packages; everything else calls it.
set -euo pipefail

# libqt6sql6-sqlite and libqt6svg6 are plugins that Debian's Qt packages only recommend; without
# them the programs start and then find no database driver and no icons. qt6-translations-l10n has the
# words of Qt's own buttons. QtKeychain loads libsecret-1-0 when it is there. ca-certificates is what
# https servers are checked against.
build_packages=(
    cmake ninja-build g++
    qt6-base-dev qt6-base-dev-tools qt6-svg-dev
    qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
    libqt6sql6-sqlite libqt6svg6 qt6-translations-l10n
    qcoro-qt6-dev libcli11-dev
    qtkeychain-qt6-dev libsecret-1-0
    libssl-dev libsqlite3-dev zlib1g-dev
    ca-certificates
)
# The servers and proxies of tests/e2e, and a keyring; the last three build and check the Debian package.
servers=(nginx apache2 lighttpd lighttpd-mod-openssl caddy squid microsocks)
test_packages=("${servers[@]}" dbus-daemon gnome-keyring dpkg-dev file desktop-file-utils)
# clang is 14 on Debian 12; the runtime of libFuzzer and the sanitizers is a package of its own.
fuzz_packages=(clang libclang-rt-14-dev)

case "${1:-build}" in
    build) wanted=("${build_packages[@]}") ;;
    test) wanted=("${build_packages[@]}" "${test_packages[@]}") ;;
    fuzz) wanted=("${build_packages[@]}" "${fuzz_packages[@]}") ;;
    *)
        echo "usage: ${0##*/} [build|test|fuzz]" >&2
        exit 2
        ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This script knows Debian and its relatives only. Elsewhere, install the like of: ${wanted[*]}" >&2
    exit 1
fi

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]
}

missing=()
for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
done
((${#missing[@]})) || exit 0

echo "To be installed from Debian's archive, with what they depend on:"
printf '  %s\n' "${missing[@]}"

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "This needs root. Run this as root, then start again:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

run_apt() {
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" </dev/null
}
run_apt update
run_apt install -y --no-install-recommends "${missing[@]}"

# The tests start servers of their own. System services that came along with the packages are not
# needed, so none is left listening on port 80, 443 or 3128.
if [[ -d /run/systemd/system ]]; then
    for service in "${servers[@]}" apache-htcacheclean; do
        package=$service
        [[ $service == apache-htcacheclean ]] && package=apache2
        if [[ " ${missing[*]} " == *" $package "* && -e /lib/systemd/system/$service.service ]]; then
            ${as_root[@]+"${as_root[@]}"} systemctl disable --now "$service.service" || true
        fi
    done
fi
