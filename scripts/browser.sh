#!/usr/bin/env bash
# Prints the path of a Chromium that starts; installs what is missing where that can be done.
# Exit code 1, with one line on stderr that says what to install, if none can be made to start.
# Usage: scripts/browser.sh PLAYWRIGHT_PROGRAM
set -u
cd "$(dirname "$0")/.."
playwright="$1"
python="$(dirname "$playwright")/python"
export PLAYWRIGHT_BROWSERS_PATH="$PWD/.cache/browsers"
fault="" # what check_browser.py says of the last candidate

starts() {
    [ -n "$1" ] && command -v "$1" >/dev/null || return 1
    fault="$("$python" scripts/check_browser.py "$1" 2>&1)" && command -v "$1"
}

found() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        starts "$name" && return 0
    done
    starts "$(find "$PLAYWRIGHT_BROWSERS_PATH" -type f \
        \( -name chrome-headless-shell -o -name headless_shell \) 2>/dev/null | head -n 1)"
}

# Installs one Debian package; fails where there is no apt-get, or nobody who may use it.
apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    if [ -z "${updated:-}" ]; then
        updated=yes
        apt-get update -qq >/dev/null 2>&1
    fi
    DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1
}

driver_starts() { "$playwright" --version >/dev/null 2>&1; }

if ! driver_starts; then
    echo "Playwright's driver does not start; installing libatomic1 ..." >&2
    apt_install libatomic1
fi
# One that was named is used or reported, and never replaced by another.
if [ -n "${WILDCRAWL_BROWSER:-}" ]; then
    starts "$WILDCRAWL_BROWSER" && exit 0
    printf '%s\n' "$WILDCRAWL_BROWSER"
    exit 1
fi
found && exit 0
if driver_starts; then
    echo "No Chromium that starts was found; installing one ..." >&2
    for package in chromium-headless-shell chromium; do
        apt_install "$package" && found && exit 0
    done
    if timeout 600 "$playwright" install --only-shell chromium >/dev/null 2>&1; then
        found && exit 0
    fi
    echo "${fault:-No Chromium could be installed; install one (Debian: apt-get install chromium-headless-shell), or give its path in WILDCRAWL_BROWSER}" >&2
else
    echo "Playwright's driver does not start: $("$playwright" --version 2>&1 | head -n 1); install what it names (Debian: apt-get install libatomic1)" >&2
fi
exit 1
