#!/bin/sh
# Installs the Debian packages that the tests need; does nothing where they are installed. Needs root.
set -eu

# python3-venv: the environment; make: the commands; postgresql: the deployment's database, proved natively by a test;
# redis-server: the broker between several workers, likewise;
# chromium: the browser that walks the pages; fonts-dejavu-core: its letters, those of Kazakh among them;
# openjdk-17-jre-headless: Apache Spark runs on it.
packages="make python3 python3-venv postgresql redis-server chromium fonts-dejavu-core openjdk-17-jre-headless"

missing=""
for package in $packages; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet=2
# shellcheck disable=SC2086 # a list of names
apt-get install --quiet=2 --yes --no-install-recommends $missing >/dev/null
