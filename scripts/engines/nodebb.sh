#!/usr/bin/env bash
# Prints the folder of a NodeBB that is ready to be set up (app/) and of the Redis it needs
# (redis-server): from npm and from Debian's packages, fetched once into .cache/nodebb.
set -euo pipefail

version=1.4.0
cache="$(cd "$(dirname "$0")/../.." && pwd)/.cache/nodebb"
ready="$cache/$version"

# One at a time: a second one finds it done.
if command -v flock >/dev/null; then
    mkdir -p "$cache"
    exec 9>"$cache/lock"
    flock 9
fi
if [ ! -d "$ready" ]; then
    for program in node npm; do
        command -v "$program" >/dev/null || { echo "NodeBB needs $program" >&2; exit 1; }
    done
    mkdir -p "$cache"
    work="$(mktemp -d "$cache/build.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    echo "fetching NodeBB $version, once (a minute or two) ..." >&2
    if command -v redis-server >/dev/null; then
        ln -s "$(command -v redis-server)" redis-server
    else
        mkdir packages redis
        (cd packages && apt-get download redis-server redis-tools libhiredis0.14 libjemalloc2 \
            liblua5.1-0 liblzf1 lua-bitop lua-cjson libatomic1) >&2
        for package in packages/*.deb; do
            dpkg -x "$package" redis
        done
        rm -r packages
        libraries="$(dirname "$(find redis/usr/lib -name 'libjemalloc.so.2')")"
        printf '#!/bin/sh\nhere="$(dirname "$0")"\nLD_LIBRARY_PATH="$here/%s" exec "$here/%s" "$@"\n' \
            "$libraries" redis/usr/bin/redis-server >redis-server
        chmod +x redis-server
    fi
    npm install --prefix . --ignore-scripts --no-audit --no-fund "nodebb@$version" >&2
    cp -R node_modules/nodebb app
    mv node_modules app/node_modules
    mkdir -p app/public/uploads/{category,files,profile,sounds,system}
    mv "$work" "$ready"
fi
echo "$ready"
