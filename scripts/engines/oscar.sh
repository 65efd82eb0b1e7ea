#!/usr/bin/env bash
# Prints the path of a Python that has django-oscar, for tests of its engine; makes an environment of
# its own in .cache. Exit code 1, and why, if it cannot be installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=4.2.1
home=".cache/engines/oscar-$version"

# One at a time: a second one finds it done.
if command -v flock >/dev/null; then
    mkdir -p ".cache/engines"
    exec 9>".cache/engines/oscar.lock"
    flock 9
fi
if [ ! -f "$home/.ready" ]; then
    rm -rf "$home"
    mkdir -p .cache/engines
    python="$(scripts/find-python.sh)"
    "$python" -m venv "$home" >&2
    echo "installing django-oscar $version, once (a minute) ..." >&2
    "$home/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-compile -c scripts/engines/oscar.txt "django-oscar==$version" sorl-thumbnail >&2 ||
        { echo "No django-oscar: it could not be installed" >&2; exit 1; }
    touch "$home/.ready"
fi
echo "$PWD/$home/bin/python"
