#!/usr/bin/env bash
# Prints the path of a server that speaks MongoDB's protocol, for tests on machines without mongod:
# FerretDB on its SQLite backend, built once with Go into .cache/ferretdb.
set -euo pipefail

module=github.com/FerretDB/FerretDB
version=v1.24.2
cache="$(cd "$(dirname "$0")/.." && pwd)/.cache/ferretdb"
server="$cache/ferretdb-$version-indexed"

if [ ! -x "$server" ]; then
    if ! command -v go >/dev/null; then
        echo "FerretDB cannot be built: Go is not installed" >&2
        exit 1
    fi
    mkdir -p "$cache"
    work="$(mktemp -d "$cache/build.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    echo "building FerretDB $version, once (a minute or two) ..." >&2
    # The published module lacks the version file that the program needs to start, so the build is
    # made from a copy that has it. Inside a checkout, the copy must not use its git either.
    export GOWORK=off GOFLAGS="${GOFLAGS:-} -buildvcs=false" CGO_ENABLED=0
    go mod init scratch >&2
    go get -tool "$module/cmd/ferretdb@$version" >&2
    cp -R "$(go list -m -f '{{.Dir}}' "$module")" source
    chmod -R u+w source
    cd source
    echo "$version" >build/version/version.txt
    # Looks up an _id by the very expression of its index: else SQLite reads the whole table.
    sed -i "s/->'\$\._id'/->\\\\\"_id\\\\\"/" internal/backends/sqlite/metadata/metadata.go
    grep -q '>\\"_id\\"' internal/backends/sqlite/metadata/metadata.go
    go build -o "$work/ferretdb" ./cmd/ferretdb >&2
    mv "$work/ferretdb" "$server"
fi
echo "$server"
