#!/usr/bin/env bash
# Makes the environment of a scrapyd node: all dependencies of wildcrawl, but not wildcrawl itself:
# its code comes with each deployment, and an installed one would run instead.
# Usage: scripts/node-environment.sh FOLDER [EXTRA...], for example: /opt/scrapyd remote metrics
set -euo pipefail
folder="${1:?name the folder of the environment, for example /opt/scrapyd}"
shift
root="$(cd "$(dirname "$0")/.." && pwd)"
wanted="$(mktemp)"
trap 'rm -f "$wanted"' EXIT

"$("$root/scripts/find-python.sh")" -m venv "$folder"
"$folder/bin/python" - "$root/pyproject.toml" scrapyd "$@" >"$wanted" <<'PYTHON'
import sys
import tomllib

with open(sys.argv[1], "rb") as file:
    project = tomllib.load(file)["project"]
extras = [package for name in sys.argv[2:] for package in project["optional-dependencies"][name]]
print(*project["dependencies"], *extras, sep="\n")
PYTHON
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
    -c "$root/constraints.txt" -r "$wanted"
packages="$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
install -m 644 "$root/scripts/guarded_scrapyd.py" "$packages/guarded_scrapyd.py"
echo "The environment of scrapyd is in $folder; start it there: $folder/bin/python -m guarded_scrapyd"
