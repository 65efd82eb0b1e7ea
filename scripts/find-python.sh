#!/usr/bin/env bash
# Prints the first Python 3.11 or newer on this machine.
set -u
for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$name" ] || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
echo "wildcrawl needs Python 3.11 or newer, and none was found on PATH" >&2
exit 1
