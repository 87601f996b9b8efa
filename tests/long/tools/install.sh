#!/bin/sh
# Make sure that all is here which the longer checks of the pages are made with.
# Programs come from Debian; what is pinned in package-lock.json goes into .bench/tools.
# Usage: install.sh   (run from the root of the project)
set -eu
pinned=tests/long/tools
there=.bench/tools

missing=
for pair in firefox-esr:firefox-esr java:default-jre-headless node:nodejs npm:npm; do
    command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing$missing for the longer checks (a minute or two)"
        apt-get update -qq
        # shellcheck disable=SC2086 # a list of names
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "handrail: the longer checks need more. On Debian: sudo apt-get install$missing" >&2
        exit 1
    fi
fi

if ! cmp -s "$pinned/package-lock.json" "$there/installed.json"; then
    echo "Installing the checkers that $pinned/package-lock.json pins (a minute)"
    mkdir -p "$there"
    cp "$pinned/package.json" "$pinned/package-lock.json" "$there/"
    # No package may run a program of its own here, and none needs to fetch a browser.
    (cd "$there" && npm ci --no-audit --no-fund --ignore-scripts --silent)
    cp "$pinned/package-lock.json" "$there/installed.json"
fi
