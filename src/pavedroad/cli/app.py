"""The ``paved`` group: finds commands by folder and turns errors into messages and exit codes."""

import errno
import os
import sys
from typing import Any

import click

from pavedroad import __version__
from pavedroad.core.errors import PavedError, UsageError

PACKAGE = "pavedroad.cli.commands"

EXIT_PASS, EXIT_FAIL, EXIT_USAGE, EXIT_INCOMPLETE, EXIT_INTERRUPTED = 0, 1, 2, 3, 130


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})


class CommandFolder(click.Group):
    """Loads ``commands/<verb>.py`` only when that verb (or the whole list) is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from pavedroad.infra.plugins import module_names

        return [name.replace("_", "-") for name in module_names(PACKAGE)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from pavedroad.infra.plugins import load_module

        if cmd_name not in self.list_commands(ctx):
            return None
        command = load_module(PACKAGE, cmd_name.replace("-", "_")).COMMAND
        assert isinstance(command, click.Command)  # noqa: S101 - the contract test shows it for every command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        import difflib

        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            close = difflib.get_close_matches(args[0], self.list_commands(ctx), 1)
            hint = f" Did you mean 'paved {close[0]}'?" if close else " 'paved --help' lists them."
            raise click.UsageError(f"There is no command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="paved", message="%(prog)s %(version)s")
def paved() -> None:
    """Security controls inside the delivery path. Start with: paved check"""


def main() -> int:
    """Run the command line; the only place where an error becomes an exit code."""
    try:
        result = paved(standalone_mode=False)
        return result if isinstance(result, int) else EXIT_PASS
    except click.exceptions.Abort:
        click.echo("\npaved: interrupted; nothing was decided", err=True)
        return EXIT_INTERRUPTED
    except KeyboardInterrupt:
        click.echo("\npaved: interrupted; nothing was decided", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except UsageError as error:
        click.echo(f"paved: {error}", err=True)
        return EXIT_USAGE
    except PavedError as error:
        click.echo(f"paved: {error}", err=True)
        return EXIT_INCOMPLETE
    except BrokenPipeError:
        return EXIT_PASS
    except OSError as error:
        return _no_room(error) if error.filename is None and error.errno in _NO_ROOM else _crashed(error)
    except Exception as error:
        return _crashed(error)


def _no_room(error: OSError) -> int:
    click.echo(
        f"paved: the output cannot be written: {error.strerror}\n  next: free space, or write elsewhere", err=True
    )
    nowhere = os.open(os.devnull, os.O_WRONLY)  # or Python tries again at the end, and ends with a code of its own
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return EXIT_INCOMPLETE


def _crashed(error: Exception) -> int:
    """Say where it broke without a value of any variable: a crash report must not leak what was scanned."""
    import traceback

    frames = [
        f"  {frame.filename.rpartition('pavedroad/')[2]}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    text = f"paved: this is a fault of Pavedroad ({type(error).__name__}); the run is incomplete"
    click.echo("\n".join([text, *frames[-8:], "  next: report these lines; they hold no data of yours"]), err=True)
    sys.stderr.flush()
    return EXIT_INCOMPLETE
