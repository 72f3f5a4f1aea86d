"""A rule about how images are set up: one file with its page and samples, and a test."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="image-rule",
    title="something that is wrong with a container image",
    files=(
        Skeleton(
            path="src/pavedroad/scanning/scanners/image/rules/$module.py",
            template="image-rule/plugin.py.tmpl",
        ),
        Skeleton(path="tests/unit/test_image_rule_$module.py", template="image-rule/test.py.tmpl"),
    ),
    edit="write look: one hit for each thing that is wrong, with a key that does not change with versions",
)
