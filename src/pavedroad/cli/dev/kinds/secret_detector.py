"""A detector of secrets in one file format: one file and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="secret-detector",
    title="a file format in which secrets live",
    files=(
        Skeleton(
            path="src/pavedroad/scanning/scanners/secrets/detectors/$module.py",
            template="secret-detector/plugin.py.tmpl",
        ),
        Skeleton(path="tests/unit/test_detector_$module.py", template="secret-detector/test.py.tmpl"),
    ),
    edit="write detect: linear, with an offset for every value; add a secret type to catalogue.py if none fits",
)
