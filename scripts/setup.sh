#!/usr/bin/env bash
# Makes the virtual environment and installs everything locked by hash. Called by make; safe to call again.
#
#   scripts/setup.sh run    what `paved` needs
#   scripts/setup.sh dev    that, and what tests and lints need
#
# VENV names the folder (default .venv). Packages come from whatever index pip is configured for; the hashes decide
# whether what came is what was meant. Only wheels are accepted: installing runs no code of a dependency.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

profile=${1:-run}
venv=${VENV:-.venv}
lock=requirements/$profile.txt

die() {
    printf 'setup: %s\n' "$1" >&2
    printf '  next: %s\n' "$2" >&2
    exit 1
}

[ -f "$lock" ] || die "there is no profile '$profile'" "use 'run' or 'dev'"

# The oldest supported Python first would test the floor; the newest first would test the future. The plain name wins
# when it is new enough, because that is the one the machine's owner chose.
find_python() {
    local name
    for name in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.14; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# How root rights are had here, without ever asking for a password. Prints a prefix; fails when there are none.
root_prefix() {
    if [ "$(id -u)" = 0 ]; then
        echo ""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        echo "sudo -n"
    else
        return 1
    fi
}

# Debian and Ubuntu split ensurepip out of Python; without it no virtual environment can be made.
ensure_venv_module() {
    local python=$1 version prefix
    "$python" -c 'import venv, ensurepip' 2>/dev/null && return
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if command -v apt-get >/dev/null && prefix=$(root_prefix); then
        echo "setup: $python has no venv module; installing python$version-venv"
        $prefix apt-get update -qq >/dev/null 2>&1 || true
        $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            "python$version-venv" >/dev/null 2>&1 || true
    fi
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        die "$python cannot make virtual environments (no ensurepip)" "sudo apt-get install python$version-venv"
}

# The stamp names everything the environment was made from; equal stamp, nothing to do.
stamp_of() {
    cat "$@" pyproject.toml | sha256sum | cut -d' ' -f1
}

install_locked() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r "$1"
}

stamp=$(stamp_of requirements/build.txt "$lock")
stamp_file=$venv/.paved-$profile
if [ -f "$stamp_file" ] && [ "$(cat "$stamp_file")" = "$stamp" ] && [ -x "$venv/bin/paved" ]; then
    exit 0
fi

if [ ! -x "$venv/bin/python" ]; then
    python=$(find_python) || die "Python 3.11 or newer was not found" "sudo apt-get install python3 python3-venv"
    ensure_venv_module "$python"
    echo "setup: making $venv with $("$python" --version)"
    "$python" -m venv "$venv"
fi

"$venv/bin/python" -c 'import pip' 2>/dev/null || die "$venv is half made: it has no pip" "make clean, then again"

echo "setup: installing what $lock locks, checked by hash"
install_locked requirements/build.txt
install_locked "$lock"
# The project itself comes from this folder: no dependency is resolved and no build tool is fetched for it.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --no-deps --no-build-isolation --editable .
echo "$stamp" >"$stamp_file"
