#!/bin/sh
# Make sure that the browser which the journeys are walked with is here.
set -eu
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium for the browser journeys (about a minute)"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
    echo "handrail: the tests need a browser. On Debian: sudo apt-get install chromium" >&2
    exit 1
fi
