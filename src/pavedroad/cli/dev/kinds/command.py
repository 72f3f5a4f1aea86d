"""A command: one thin file and a test that runs it as a process."""

from pavedroad.cli.dev.model import Kind, Skeleton

KIND = Kind(
    name="command",
    title="a verb of the command line",
    files=(
        Skeleton(path="src/pavedroad/cli/commands/$module.py", template="command/plugin.py.tmpl"),
        Skeleton(path="tests/cli/test_command_$module.py", template="command/test.py.tmpl"),
    ),
    edit="write the body: parse, call one room, print, choose the exit code",
)
