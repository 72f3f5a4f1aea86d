"""A parser of lock files: one file, a sample for the contract tests, and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="lockfile-parser",
    title="a lock file that the scanner for dependencies reads",
    files=(
        Skeleton(
            path="src/pavedroad/scanning/scanners/dependencies/parsers/$module.py",
            template="lockfile-parser/plugin.py.tmpl",
        ),
        Skeleton(path="tests/support/manifests/$module.py", template="lockfile-parser/sample.py.tmpl"),
        Skeleton(path="tests/unit/test_parser_$module.py", template="lockfile-parser/test.py.tmpl"),
    ),
    edit="write parse: bounded, tolerant, and LockfileError for what cannot be read",
)
