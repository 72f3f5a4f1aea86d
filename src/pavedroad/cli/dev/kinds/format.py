"""A report format: one file, a test, a page."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="format",
    title="a report format: a run in, bytes out",
    files=(
        Skeleton(path="src/pavedroad/reports/formats/$module.py", template="format/plugin.py.tmpl"),
        Skeleton(path="tests/unit/test_format_$module.py", template="format/test.py.tmpl"),
        Skeleton(path="docs/explain/formats/$name.md", template="format/page.md.tmpl"),
    ),
    edit="write render: the same run gives the same bytes, hostile text goes through reports.text",
)
