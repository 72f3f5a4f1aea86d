"""What every command must do, whoever wrote it: explain itself, in full, without loading what it does not need."""

import sys
from collections.abc import Iterator

import click
import pytest

from pavedroad.cli.app import PACKAGE, paved
from tests.support.paved_process import RunPaved


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and every command below it, by its full name: ``check``, ``advisories update`` ..."""
    context = click.Context(paved)
    pending = [(name, paved.get_command(context, name)) for name in paved.list_commands(context)]
    while pending:
        name, command = pending.pop(0)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            pending += [(f"{name} {sub}", command.get_command(context, sub)) for sub in command.list_commands(context)]


COMMANDS = dict(commands())
FILES = sorted({name.partition(" ")[0] for name in COMMANDS})


@pytest.mark.parametrize("name", FILES)
def test_its_file_says_what_it_is_for(name: str) -> None:
    module = sys.modules[f"{PACKAGE}.{name.replace('-', '_')}"]
    assert (module.__doc__ or "").strip()
    assert isinstance(module.COMMAND, click.Command)
    assert module.COMMAND.name == name


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_it_explains_itself_and_each_of_its_options(name: str) -> None:
    command = COMMANDS[name]
    assert (command.help or "").strip()
    assert command.get_short_help_str(200).strip()
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    unexplained = [option.opts[0] for option in options if not option.help]
    assert not unexplained


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_two_options_share_a_spelling(name: str) -> None:
    spellings = [s for p in COMMANDS[name].params for s in (*p.opts, *p.secondary_opts)]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("name", FILES)
def test_asking_for_help_succeeds_and_decides_nothing(run_paved: RunPaved, name: str) -> None:
    done = run_paved(name, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: paved {name}") or f" {name} " in done.stdout.splitlines()[0]
    assert done.stderr == ""


@pytest.mark.parametrize("name", FILES)
def test_an_unknown_option_is_a_usage_error(run_paved: RunPaved, name: str) -> None:
    done = run_paved(name, "--no-such-option")
    assert done.returncode == 2
    assert "no-such-option" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_command_is_a_usage_error_with_the_nearest_name(run_paved: RunPaved) -> None:
    done = run_paved("chek")
    assert done.returncode == 2
    assert "Did you mean 'paved check'?" in done.stderr
