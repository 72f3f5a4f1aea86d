#!/usr/bin/env bash
# Chromium and its driver for the tests of the HTML report: installed where packages may be, said clearly where not.
# Never fails: the tests that need a browser skip, and pytest prints why.
set -euo pipefail

if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then
    exit 0
fi

skip() {
    printf 'setup: no Chromium (%s); the tests marked "browser" will be skipped\n' "$1"
    printf '  next: sudo apt-get install chromium chromium-driver\n'
    exit 0
}

command -v apt-get >/dev/null || skip "this machine has no apt-get"
if [ "$(id -u)" = 0 ]; then
    prefix=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    prefix=(sudo -n)
else
    skip "installing needs root or sudo without a password"
fi

echo "setup: installing chromium and chromium-driver"
"${prefix[@]}" apt-get update -qq >/dev/null 2>&1 || true
# Ubuntu's packages of this name only fetch a snap, which containers cannot run: the version call below finds out.
"${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium chromium-driver >/dev/null 2>&1 || skip "apt-get could not install it"
chromium --version >/dev/null 2>&1 || skip "it is installed but does not start"
