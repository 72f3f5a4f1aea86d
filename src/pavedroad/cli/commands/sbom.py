"""``paved sbom``: make a bill of materials of a tree; show, convert, merge and compare bills."""

import gc
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pavedroad import __version__
from pavedroad.cli.app import EXIT_FAIL, EXIT_INCOMPLETE, EXIT_PASS
from pavedroad.core.errors import UsageError

if TYPE_CHECKING:
    from pavedroad.core.component import Component
    from pavedroad.core.coverage import Coverage
    from pavedroad.sbom import Bill, Tool

_DEFAULT = "create"


class _Group(click.Group):
    """``paved sbom PATH`` and ``paved sbom --format ...`` mean ``paved sbom create ...``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next((word for word in args if not word.startswith("-")), "")
        if not (args and args[0] in self.commands) and not set(args[:1]) & {"-h", "--help"}:
            _check_typing(first, list(self.commands))
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


def _check_typing(word: str, known: list[str]) -> None:
    import difflib

    close = difflib.get_close_matches(word, known, 1, 0.7)
    if close and not Path(word).exists():
        raise UsageError(f"there is no command or folder '{word}'", next_step=f"did you mean 'paved sbom {close[0]}'?")


def _format_option(default: str | None) -> Callable[[Any], Any]:
    return click.option(
        "--format",
        "format_name",
        default=default,
        metavar="NAME",
        help="cyclonedx-json (the default), cyclonedx-xml or spdx-json. Without it, the ending of the -o file says.",
    )


_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("-"), help="The file; '-' is standard output."
)
_timestamp = click.option(
    "--timestamp",
    metavar="TIME",
    help="Time in the bill: ISO 8601 or seconds since 1970. Default: SOURCE_DATE_EPOCH, or now.",
)
_bill = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.group(cls=_Group, subcommand_metavar="[create] [PATH] | COMMAND [ARGS]...")
def sbom() -> None:
    """Bills of materials (SBOM): make, show, convert, merge, compare.

    'paved sbom PATH' makes one of the tree at PATH.
    """
    # A large bill is many long-lived records and no cycles: the collector would walk them again and again (half the
    # time of reading XML).
    gc.set_threshold(200_000, 20, 100)


@sbom.command("create")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@_format_option(None)
@_output
@_timestamp
@click.option("--source-name", default="", metavar="NAME", help="What the bill is about. Default: the git remote.")
@click.option("--source-version", default="", metavar="VERSION", help="Its version. Default: none is stated.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this file instead of paved.yaml.")
@click.option("-q", "--quiet", is_flag=True, help="No progress display.")
def create_command(
    path: Path,
    format_name: str | None,
    output: Path,
    timestamp: str | None,
    source_name: str,
    source_version: str,
    config: Path | None,
    quiet: bool,
) -> int:
    """List what the tree at PATH is made of, by its lock files and installed packages.

    Exit codes: 0 written, 2 usage, 3 written or not, but something could not be read (told on standard error and in
    the bill).
    """
    from pavedroad.sbom import build_bill, gaps_of

    chosen = _chosen(format_name, output)
    at = _time(timestamp)
    found, coverage, name = _inventory(path, config, quiet=quiet)
    gaps = gaps_of(coverage)
    bill = build_bill(
        found,
        name=source_name or name,
        version=source_version,
        tool=_tool(),
        timestamp=at,
        gaps=gaps,
    )
    _write(bill, chosen, output)
    for gap in bill.gaps:
        _say(f"not in the bill: {gap}")
    failed = any(each.errors or each.limits or each.status.value == "failed" for each in coverage)
    return EXIT_INCOMPLETE if failed else EXIT_PASS


def _inventory(
    path: Path, config: Path | None, *, quiet: bool
) -> "tuple[Sequence[Component], Sequence[Coverage], str]":
    """Components, coverage and the name of the tree. The one place that knows how components are found."""
    from pavedroad.cli.progress import choose_progress
    from pavedroad.gate import CheckRequest, inventory

    with choose_progress(quiet=quiet) as progress:
        listed = inventory(CheckRequest(path=path, config=config), progress=progress)
    return listed.components, listed.coverage, listed.subject.name


@sbom.command("show")
@click.argument("file", type=_bill)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show_command(file: Path, as_json: bool) -> int:
    """Say what a bill is about, how many components it lists, of what quality, and what is missing."""
    import msgspec

    from pavedroad.cli import sbom_text
    from pavedroad.sbom import measure

    bill = _read(file)
    quality = measure(bill)
    if as_json:
        facts = {**sbom_text.facts(bill), **msgspec.to_builtins(quality), "left": msgspec.to_builtins(bill.left)}
        click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
        return EXIT_PASS
    click.echo(sbom_text.summary(bill, quality))
    return EXIT_PASS


@sbom.command("convert")
@click.argument("file", type=_bill)
@_format_option(None)
@_output
def convert_command(file: Path, format_name: str | None, output: Path) -> int:
    """Write a bill in another format. What the new format or we cannot hold is told on standard error."""
    chosen = _chosen(format_name, output)
    bill = _read(file)
    _write(bill, chosen, output)
    _tell_left(bill, file)
    return EXIT_PASS


@sbom.command("merge")
@click.argument("files", type=_bill, nargs=-1, required=True)
@_format_option(None)
@_output
@_timestamp
@click.option("--source-name", default="merged", metavar="NAME", help="What the merged bill is about.")
@click.option("--source-version", default="", metavar="VERSION", help="Its version.")
@click.option(
    "--hierarchical", is_flag=True, help="Keep each bill's components below its subject, duplicates included."
)
def merge_command(
    files: tuple[Path, ...],
    format_name: str | None,
    output: Path,
    timestamp: str | None,
    source_name: str,
    source_version: str,
    hierarchical: bool,
) -> int:
    """Make one bill of several: each package once, with every file that named it."""
    from pavedroad.sbom import merge

    chosen = _chosen(format_name, output)
    bills = [_read(file) for file in files]
    at = _time(timestamp)
    merged = merge(
        bills, name=source_name, version=source_version, tool=_tool(), timestamp=at, hierarchical=hierarchical
    )
    _write(merged, chosen, output)
    for file, bill in zip(files, bills, strict=True):
        _tell_left(bill, file)
    return EXIT_PASS


@sbom.command("diff")
@click.argument("old", type=_bill)
@click.argument("new", type=_bill)
@click.option("--format", "style", type=click.Choice(["text", "json", "markdown"]), default="text", help="Which form.")
@click.option("--exit-code", is_flag=True, help="End with 1 when the bills differ, as git diff does.")
def diff_command(old: Path, new: Path, style: str, exit_code: bool) -> int:
    """Say which packages were added, removed, updated or changed their licence. The formats may differ."""
    from pavedroad.cli import sbom_text
    from pavedroad.sbom import compare

    found = compare(_read(old), _read(new))
    click.echo(sbom_text.difference(found, style))
    return EXIT_FAIL if exit_code and found.changes else EXIT_PASS


def _chosen(name: str | None, output: Path) -> str:
    """The format that was asked for, or that the file's name ends with. Raises UsageError for an unknown one."""
    from pavedroad.sbom.registry import choose, written

    if name is None:
        ends = {each.extension: each.name for each in written().values()}
        name = next((ends[end] for end in ends if output.name.endswith("." + end)), "cyclonedx-json")
        if name == "cyclonedx-json" and output.suffix == ".xml":
            name = "cyclonedx-xml"
    return choose(name).name


def _time(stated: str | None) -> datetime:
    """Raises UsageError."""
    from pavedroad.core.clock import SystemClock

    given = stated if stated is not None else os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return SystemClock().now()
    try:
        if given.isascii() and given.isdecimal():
            return datetime.fromtimestamp(int(given), UTC)
        found = datetime.fromisoformat(given)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"'{given[:60]}' is no time",
            where="--timestamp" if stated is not None else "SOURCE_DATE_EPOCH",
            next_step="write 2026-01-31T12:00:00Z, or seconds since 1970",
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _tool() -> "Tool":
    from pavedroad.sbom import Tool

    return Tool(name="pavedroad", version=__version__)


def _read(file: Path) -> "Bill":
    """Raises UsageError for a file that is not there, SbomError for one that cannot be read."""
    import sys

    from pavedroad.infra.files import read_file
    from pavedroad.sbom import read_bill
    from pavedroad.sbom.model import MAX_BYTES

    if file == Path("-"):
        return read_bill(sys.stdin.buffer.read(MAX_BYTES + 1), where="standard input")
    content = read_file(file, MAX_BYTES, special=True)
    if content is None:
        raise UsageError("there is no such file", where=str(file), next_step="name a CycloneDX or SPDX file")
    return read_bill(content, where=str(file))


def _write(bill: "Bill", name: str, output: Path) -> None:
    """Raises FileError."""
    from pavedroad.cli.output import to_standard_output
    from pavedroad.infra.files import write_out
    from pavedroad.sbom import write_bill

    content = write_bill(bill, name)
    if output == Path("-"):
        to_standard_output(content)
        return
    write_out(output, content)
    click.echo(f"paved: {len(bill.parts)} components, {name}: {output}", err=True)


def _tell_left(bill: "Bill", file: Path) -> None:
    for left in bill.left:
        shown = f", such as {', '.join(left.examples)}" if left.examples else ""
        _say(f"{file}: not kept, {left.count} times: {left.what}{shown}")
    if bill.vulnerabilities:
        _say(f"{file}: not kept: {bill.vulnerabilities} vulnerabilities")


def _say(text: str) -> None:
    """One line on standard error; the text may hold words of a stranger."""
    from pavedroad.reports.text import line

    click.echo(f"paved: {line(text, 400)}", err=True)


COMMAND = sbom
