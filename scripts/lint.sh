#!/usr/bin/env bash
# Every check that needs no test run. All of them run even when one fails, so that one round shows everything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bin=${VENV:-.venv}/bin
failed=()

check() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

check "ruff check" "$bin/ruff" check --quiet .
check "ruff format" "$bin/ruff" format --check --quiet .
check "mypy --strict" "$bin/mypy"
check "floors (import-linter)" "$bin/lint-imports"
check "house rules" "$bin/python" scripts/house_rules.py
check "reference is generated" "$bin/python" scripts/generate_reference.py --check
check "docs" "$bin/python" scripts/check_docs.py
check "our own gate" "$bin/paved" check --only secrets --full --quiet --format markdown -o build/own-gate.md

if [ ${#failed[@]} -gt 0 ]; then
    printf 'lint: failed: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
    exit 1
fi
echo "lint: all good"
