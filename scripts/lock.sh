#!/usr/bin/env bash
# Resolves the dependencies anew and writes requirements/*.txt with a hash for every file of every platform.
# The resolver itself is locked by hash in requirements/lock.txt and lives in a throw-away environment.
#
#   scripts/lock.sh              keep locked versions where they still fit
#   scripts/lock.sh --upgrade    take the newest of everything
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=build/lock-venv
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r requirements/lock.txt

resolve() {
    local output=$1
    shift
    "$venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --output-file "$output" "$@"
    echo "lock: wrote $output"
}

resolve requirements/run.txt pyproject.toml "$@"
resolve requirements/dev.txt pyproject.toml --group dev --constraint requirements/run.txt "$@"
printf 'hatchling\neditables\n' | resolve requirements/build.txt - --constraint requirements/dev.txt "$@"
printf 'uv\n' | resolve requirements/lock.txt - "$@"
