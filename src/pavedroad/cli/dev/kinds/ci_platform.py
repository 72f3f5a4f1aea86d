"""A CI platform of paved init: one file and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="ci-platform",
    title="a CI system that 'paved init' writes a job for",
    files=(
        Skeleton(path="src/pavedroad/cli/init/platforms/$module.py", template="ci-platform/plugin.py.tmpl"),
        Skeleton(path="tests/unit/test_ci_platform_$module.py", template="ci-platform/test.py.tmpl"),
    ),
    edit="write the job: whole history, least permissions, reports kept",
)
