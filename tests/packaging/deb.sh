#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: deb.sh CPACK BUILD_FOLDER VERSION
#
# Builds the Debian package from a finished build, unpacks it into a temporary folder and tries what
# is in it: both programs start from there, the desktop file is valid, the dependencies are named.
set -euo pipefail
cpack=$1
build=$2
version=$3

work=$(mktemp -d)
window_pid=
trap '[[ -z $window_pid ]] || kill -KILL "$window_pid" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

expect_file() {
    [[ -s $root/$1 ]] || fail "the package has no $1"
}

# The umask of a careful builder: it must not end up in the package.
(umask 077 && "$cpack" -G DEB --config "$build/CPackConfig.cmake" -B "$work/out")
packages=("$work"/out/*.deb)
[[ ${#packages[@]} == 1 && -f ${packages[0]} ]] || fail "not one package but: ${packages[*]}"
deb=${packages[0]}

field() {
    dpkg-deb --field "$deb" "$1"
}
[[ $(field Package) == ingather ]] || fail "the package is called $(field Package)"
[[ $(field Version) == "$version" ]] || fail "version $(field Version) is not $version"
[[ $(field Architecture) == "$(dpkg --print-architecture)" ]] || fail "architecture $(field Architecture)"
depends=", $(field Depends),"
echo "Depends: $depends"
# Two plugins that are never linked to, and libraries that are.
for package in libqt6sql6-sqlite libqt6svg6 libqt6core6 libqt6network6 libqt6sql6 libqt6keychain1 libqt6widgets6 libssl3 \
    libsqlite3-0 libc6; do
    [[ $depends =~ ,\ $package(\ \([^\)]*\))?, ]] || fail "Depends does not name $package"
done

root=$work/root
dpkg-deb --extract "$deb" "$root"
expect_file usr/bin/ingather
expect_file usr/bin/ingather-cli
expect_file usr/share/applications/ingather.desktop
expect_file usr/share/icons/hicolor/scalable/apps/ingather.svg
expect_file usr/share/doc/ingather/copyright
others=$(cd "$root" && find . -type f ! -path './usr/bin/ingather*' ! -path './usr/share/*')
[[ -z $others ]] || fail "files where none belong: $others"
closed=$(dpkg-deb --contents "$deb" | grep -v '^.......r' || true)
[[ -z $closed ]] || fail "only root could read this: $closed"
desktop-file-validate "$root/usr/share/applications/ingather.desktop"
icon=$(sed -n 's/^Icon=//p' "$root/usr/share/applications/ingather.desktop")
expect_file "usr/share/icons/hicolor/scalable/apps/$icon.svg"
if readelf -d "$root/usr/bin/ingather" "$root/usr/bin/ingather-cli" | grep -E 'R(UN)?PATH'; then
    fail "the programs look for libraries where they were built"
fi

# A home of its own, so that nothing of the user's is read and no running window answers instead.
export HOME=$work/home
mkdir -p "$HOME"/{data,config,state,cache} "$HOME/files"
mkdir -m 700 "$HOME/run"
export XDG_DATA_HOME=$HOME/data XDG_CONFIG_HOME=$HOME/config XDG_STATE_HOME=$HOME/state
export XDG_CACHE_HOME=$HOME/cache XDG_RUNTIME_DIR=$HOME/run QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8
unset INGATHER_LEDGER INGATHER_DOWNLOAD_DIR DBUS_SESSION_BUS_ADDRESS

for program in ingather ingather-cli; do
    answer=$(timeout 30 "$root/usr/bin/$program" --version)
    echo "$program --version: $answer"
    [[ $answer == *"$version"* ]] || fail "$program --version says: $answer"
done

# The ledger opens, so the database driver is found.
"$root/usr/bin/ingather-cli" add -d "$HOME/files" http://127.0.0.1:9/paper.pdf
[[ -s $XDG_DATA_HOME/ingather/ledger.sqlite3 ]] || fail "no ledger at its default place"

# The window comes up, makes its ledger, and stays until it is told to end.
"$root/usr/bin/ingather" --ledger "$HOME/window.sqlite3" >"$work/window.log" 2>&1 </dev/null &
window_pid=$!
for ((tenths = 0; tenths < 200; ++tenths)); do
    [[ ! -s $HOME/window.sqlite3 ]] || break
    kill -0 "$window_pid" 2>/dev/null || break
    sleep 0.1
done
if [[ ! -s $HOME/window.sqlite3 ]] || ! kill -0 "$window_pid"; then
    cat "$work/window.log" >&2
    fail "the window did not come up"
fi
kill -TERM "$window_pid"
status=0
wait "$window_pid" || status=$?
window_pid=
case $status in
    0 | 130 | 143) ;;
    *)
        cat "$work/window.log" >&2
        fail "the window ended with $status"
        ;;
esac
echo "PASS: $(basename "$deb")"
