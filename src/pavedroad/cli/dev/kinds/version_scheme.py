"""A version scheme: one file and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="version-scheme",
    title="how an ecosystem orders its versions",
    files=(
        Skeleton(path="src/pavedroad/advisories/versions/$module.py", template="version-scheme/plugin.py.tmpl"),
        Skeleton(path="tests/unit/test_version_scheme_$module.py", template="version-scheme/test.py.tmpl"),
    ),
    edit="set ecosystems as OSV spells them, and write key by their rules",
)
