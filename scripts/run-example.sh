#!/usr/bin/env bash
# Checks examples/leaky-shop, which fails on purpose, and says where the HTML report is. Needs no network.
#
# The example is copied to build/ and becomes a repository of its own there, as a stranger's project would be; data and
# caches live in build/ too, so nothing of yours is touched. BUILD names another folder, VENV the environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bin=$(cd "${VENV:-.venv}/bin" && pwd)
mkdir -p "${BUILD:-build}"
report=$(cd "${BUILD:-build}" && pwd)/leaky-shop-report.html
build=$(dirname "$report")/example
shop=$build/leaky-shop
export PAVED_DATA_DIR=$build/data PAVED_CACHE_DIR=$build/cache
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

rm -rf "$shop" "$build/osv"
mkdir -p "$build" "$build/data" "$build/osv"
cp -R examples/leaky-shop "$shop"
git -C "$shop" init --quiet --initial-branch=main
git -C "$shop" add --all --force
git -C "$shop" -c user.name=Shop -c user.email=shop@localhost commit --quiet --message "Open the shop"

for ecosystem in examples/advisories/*/; do
    name=$(basename "$ecosystem")
    mkdir -p "$build/osv/$name"
    (cd "$ecosystem" && "$bin/python" -m zipfile -c "$build/osv/$name/all.zip" ./*.json)
done
"$bin/paved" advisories update --source "$build/osv" >"$build/advisories.log" || {
    cat "$build/advisories.log" >&2
    exit 1
}

code=0
"$bin/paved" check "$shop" --full --format terminal --format html -o - -o "$report" || code=$?

echo
case $code in
    1)
        echo "The verdict is FAIL, as it should be: this example leaks on purpose. In CI, 'paved check' ends with code 1"
        echo "and stops the merge; 'make run' ends with 0 because it showed you what it promised."
        ;;
    *)
        echo "make run: the example should FAIL with code 1, but 'paved check' ended with $code" >&2
        exit 1
        ;;
esac
echo "HTML report: $report"
echo "Repair something in $shop and look again:"
echo "  PAVED_DATA_DIR=$build/data $bin/paved check $shop --full"
