#!/usr/bin/env bash
# Prints the path of a Chromium; installs one if none is there. Exit code 1 if none can be had.
# Usage: scripts/browser.sh PLAYWRIGHT_PROGRAM
set -u
cd "$(dirname "$0")/.."
export PLAYWRIGHT_BROWSERS_PATH="$PWD/.cache/browsers"

found() {
    for name in "${WILDCRAWL_BROWSER:-}" chromium-headless-shell chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    find "$PLAYWRIGHT_BROWSERS_PATH" -type f \
        \( -name chrome-headless-shell -o -name headless_shell \) 2>/dev/null | grep -m 1 .
}

found && exit 0
echo "No Chromium found; installing one ..." >&2
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq >&2
    for package in chromium-headless-shell chromium; do
        DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1
        found && exit 0
    done
fi
"$1" install --only-shell chromium >&2
found && exit 0
echo "No Chromium could be installed; name one in WILDCRAWL_BROWSER" >&2
exit 1
