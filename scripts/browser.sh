#!/usr/bin/env bash
# Prints the path of a Chromium that starts; installs what is missing where that is possible.
# Exit code 1, with one line on stderr that says what to install, if none starts.
# Usage: scripts/browser.sh PLAYWRIGHT_PROGRAM
set -u
cd "$(dirname "$0")/.."
playwright="$1"
python="$(dirname "$playwright")/python"
export PLAYWRIGHT_BROWSERS_PATH="$PWD/.cache/browsers"

# Prints the path of the Chromium $1 if it starts; else sets $fault to the reason.
starts() {
    fault="'$1' is not a program"
    command -v "$1" >/dev/null || return 1
    fault="$("$python" scripts/check_browser.py "$1" 2>&1)" && command -v "$1"
}

found() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        starts "$name" && return 0
    done
    starts "$(find "$PLAYWRIGHT_BROWSERS_PATH" -type f \
        \( -name chrome-headless-shell -o -name headless_shell \) 2>/dev/null | head -n 1)"
}

# Whether this is a Debian on which packages can be installed.
has_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    echo "Installing $1 ..." >&2
    [ -n "${updated:-}" ] || apt-get update -qq >/dev/null 2>&1
    updated=yes
    DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$1" \
        >/dev/null 2>&1
}

driver_starts() { "$playwright" --version >/dev/null 2>&1; }

driver_starts || { has_apt && apt_install libatomic1; }
# A browser that was named is used or reported, and never replaced by another.
if [ -n "${WILDCRAWL_BROWSER:-}" ]; then
    starts "$WILDCRAWL_BROWSER" && exit 0
    echo "$fault" >&2
    printf '%s\n' "$WILDCRAWL_BROWSER"
    exit 1
fi
found && exit 0
if driver_starts; then
    for package in chromium-headless-shell chromium; do
        has_apt && apt_install "$package" && found && exit 0
    done
    echo "Installing Playwright's Chromium ..." >&2
    timeout 600 "$playwright" install --only-shell chromium >/dev/null 2>&1 && found && exit 0
fi
"$python" scripts/check_browser.py >/dev/null
exit 1
