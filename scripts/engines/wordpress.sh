#!/usr/bin/env bash
# Prints the folder of a WordPress from Debian's packages, for tests of its engine; installs PHP and
# MariaDB if they are missing (as root). Exit code 1, and why, if it cannot be installed.
set -euo pipefail

cache="$(cd "$(dirname "$0")/../.." && pwd)/.cache/engines"
site="$cache/wordpress"
packages=(wordpress wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree)

ready() {
    command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null &&
        command -v my_print_defaults >/dev/null && php -m 2>/dev/null | grep -qi mysqli
}

give_up() {
    echo "No WordPress: $1" >&2
    exit 1
}

# One at a time: a second one finds it done.
if command -v flock >/dev/null; then
    mkdir -p "$cache"
    exec 9>"$cache/wordpress.lock"
    flock 9
fi
if ! ready || [ ! -f "$site/wp-load.php" ]; then
    command -v apt-get >/dev/null || give_up "its packages come from Debian, and apt-get is missing"
fi
if ! ready; then
    [ "$(id -u)" = 0 ] || give_up "install php-cli, php-mysql, mariadb-server-core and mariadb-client-core"
    echo "installing PHP and MariaDB ..." >&2
    apt-get update -qq >&2
    # The core packages alone: no service is set up, so none is started. The client's has
    # my_print_defaults, which the installation of a database calls.
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 \
        php-cli php-mysql mariadb-server-core mariadb-client-core >/dev/null 2>&1 ||
        give_up "PHP and MariaDB could not be installed"
fi
if [ ! -f "$site/wp-load.php" ]; then
    mkdir -p "$cache"
    work="$(mktemp -d "$cache/unpack.XXXXXX")"
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    apt-get download -qq "${packages[@]}" >/dev/null 2>&1 ||
        { apt-get update -qq >&2 && apt-get download -qq "${packages[@]}" >/dev/null 2>&1; } ||
        give_up "its packages could not be downloaded"
    for package in ./*.deb; do dpkg -x "$package" files; done
    # The settings are the tests' own.
    rm -f files/usr/share/wordpress/wp-config.php files/usr/share/wordpress/.htaccess
    rm -rf "$site"
    mv files/usr/share/wordpress "$site"
fi
echo "$site"
