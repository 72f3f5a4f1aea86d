"""Which report goes where: pairs ``--format`` with ``-o``, renders, and writes every report before anything else is
decided."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pavedroad.core.errors import UsageError
from pavedroad.core.run import Run
from pavedroad.infra.errors import FileError
from pavedroad.infra.files import write_out
from pavedroad.reports import Format, ReportContext, choose

STDOUT = Path("-")


class Wanted(msgspec.Struct, frozen=True):
    """One report to write. ``target`` is ``-`` for standard output."""

    format: Format
    target: Path


def pair_outputs(formats: Sequence[str], outputs: Sequence[Path]) -> tuple[Wanted, ...]:
    """The n-th -o belongs to the n-th --format; formats without one go to standard output. Raises UsageError.

    The terminal report is always shown, unless some other report takes standard output.
    """
    if len(outputs) > len(formats):
        raise UsageError(
            f"there are {len(outputs)} -o options but {len(formats)} --format options",
            next_step="give each -o FILE its own --format NAME, in the same order",
        )
    targets = [*outputs, *[STDOUT] * (len(formats) - len(outputs))]
    if targets.count(STDOUT) > 1:
        raise UsageError("two reports cannot share standard output", next_step="give them -o FILE each")
    wanted = [Wanted(f, t) for f, t in zip(choose(formats), targets, strict=True)]
    if STDOUT not in targets:
        (terminal,) = choose(["terminal"])
        wanted.append(Wanted(terminal, STDOUT))
    return tuple(wanted)


def use_color() -> bool:
    """NO_COLOR and FORCE_COLOR as their web pages ask; otherwise only on a terminal that can."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def write_reports(run: Run, wanted: Sequence[Wanted], root: Path, *, verbose: bool) -> None:
    """Write them all; a report that cannot be written does not keep the others from being written. Raises FileError
    at the end."""
    failures: list[FileError] = []
    width = shutil.get_terminal_size((100, 40)).columns
    for each in wanted:
        color = each.target == STDOUT and each.format.name == "terminal" and use_color()
        context = ReportContext(color=color, width=max(60, min(width, 140)), root=str(root), verbose=verbose)
        content = each.format.render(run, context)
        try:
            if each.target == STDOUT:
                to_standard_output(content)
                continue
            write_out(each.target, content)
        except FileError as error:
            failures.append(error)
        else:
            sys.stderr.write(f"paved: {each.format.title}: {each.target}\n")
    if failures:
        raise failures[0]


def to_standard_output(content: bytes) -> None:
    """Raises FileError, but not when the reader has seen enough (``| head``): the verdict stands all the same."""
    if sys.stdout is None:
        raise FileError("standard output is closed", next_step="leave it open, or give every --format its -o FILE")
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        _silence()
        raise FileError(f"standard output cannot be written: {error.strerror or error}") from error


def _silence() -> None:
    """What is left in the buffer goes nowhere: Python would try again at the end, and end with a code of its own."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
