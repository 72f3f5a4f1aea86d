"""A scanner: a folder with the plug-in, its engine, its rule with BAD and GOOD samples; a test; a page."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="scanner",
    title="a kind of look: findings from files",
    files=(
        Skeleton(path="src/pavedroad/scanning/scanners/$module/__init__.py", template="scanner/plugin.py.tmpl"),
        Skeleton(path="src/pavedroad/scanning/scanners/$module/engine.py", template="scanner/engine.py.tmpl"),
        Skeleton(path="src/pavedroad/scanning/scanners/$module/rules.py", template="scanner/rules.py.tmpl"),
        Skeleton(path="tests/unit/test_scanner_$module.py", template="scanner/test.py.tmpl"),
        Skeleton(path="docs/explain/scanners/$name.md", template="scanner/page.md.tmpl"),
    ),
    edit="write engine.py: what is wrong, where, how sure, what now",
)
