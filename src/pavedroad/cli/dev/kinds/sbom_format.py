"""A format of bills of materials: one file and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="sbom-format",
    title="a format of bills of materials (SBOM)",
    files=(
        Skeleton(path="src/pavedroad/sbom/formats/$module.py", template="sbom-format/plugin.py.tmpl"),
        Skeleton(path="tests/unit/test_sbom_format_$module.py", template="sbom-format/test.py.tmpl"),
    ),
    edit="write read and write: what is not kept is counted, broken input is an SbomError",
)
