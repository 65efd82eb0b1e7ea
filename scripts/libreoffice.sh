#!/usr/bin/env bash
# Prints the path of LibreOffice, for tests of files that it saves; installs it on Debian (a minute).
# Exit code 1, with one line on stderr that says what to install, if there is none.
set -u

found() { command -v soffice || command -v libreoffice; }

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing LibreOffice Calc ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1
    apt-get install -y -qq --no-install-recommends libreoffice-calc >/dev/null 2>&1 && found && exit 0
fi
echo "LibreOffice is not installed; install the package libreoffice-calc" >&2
exit 1
