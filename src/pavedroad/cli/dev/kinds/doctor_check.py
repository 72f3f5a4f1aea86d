"""A check of paved doctor: one file and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="doctor-check",
    title="something 'paved doctor' looks at",
    files=(
        Skeleton(path="src/pavedroad/cli/doctor/$module.py", template="doctor-check/plugin.py.tmpl"),
        Skeleton(path="tests/unit/test_doctor_check_$module.py", template="doctor-check/test.py.tmpl"),
    ),
    edit="write _look: one sentence, and a next step when something is missing",
)
