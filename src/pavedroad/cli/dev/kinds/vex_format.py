"""A format of VEX documents: one file and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="vex-format",
    title="a format of VEX documents",
    files=(
        Skeleton(path="src/pavedroad/vex/formats/$module.py", template="vex-format/plugin.py.tmpl"),
        Skeleton(path="tests/unit/test_vex_format_$module.py", template="vex-format/test.py.tmpl"),
    ),
    edit="write read and write: what is not kept is counted, broken input is a VexError",
)
