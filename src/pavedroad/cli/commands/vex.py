"""``paved vex``: make VEX documents of a run, and show what documents say."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pavedroad import __version__
from pavedroad.cli.app import EXIT_PASS
from pavedroad.core.errors import UsageError

if TYPE_CHECKING:
    from pavedroad.core.run import Run
    from pavedroad.gate.project import Project
    from pavedroad.vex import Document, Statement

_MAX_RUN_BYTES = 512 << 20
_file = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.group()
def vex() -> None:
    """VEX documents: what is said about flaws in your components. Make them of a run, and show them.

    'paved check --vex FILE' heeds one.
    """


@vex.command("export")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--run",
    "saved",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A run saved with 'paved check --format json -o FILE'. Default: the last run of the project at PATH.",
)
@click.option("--format", "form", default="openvex", metavar="NAME", help="openvex (the default), cyclonedx or csaf.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("-"), help="The file; '-' is standard output."
)
@click.option("--author", default="", envvar="PAVED_OWNER", help="Who states it (default: PAVED_OWNER).")
@click.option("--namespace", default="", metavar="URI", help="An address that is the author's own; CSAF asks for one.")
@click.option(
    "--product", default="", metavar="PURL", help="What is delivered. Default: vex.products, or the git remote."
)
@click.option(
    "--timestamp",
    metavar="TIME",
    help="Time of the document: ISO 8601 or seconds since 1970. Default: SOURCE_DATE_EPOCH, or the end of the run.",
)
@click.option("--decided", is_flag=True, help="Leave out what nobody has judged yet (under_investigation).")
def export_command(
    path: Path,
    saved: Path | None,
    form: str,
    output: Path,
    author: str,
    namespace: str,
    product: str,
    timestamp: str | None,
    decided: bool,
) -> int:
    """Say of each flaw that a run found whether the product is affected, from waivers and heeded statements.

    A waived finding is an accepted risk: affected, and no fix is planned. It is not_affected only when its waiver says
    'because: not-affected:...'.
    """
    from pavedroad.gate.project import open_project
    from pavedroad.gate.request import CheckRequest
    from pavedroad.infra import ci
    from pavedroad.infra.files import write_out
    from pavedroad.vex import write_vex
    from pavedroad.vex.exporting import document_of
    from pavedroad.vex.registry import choose

    name = choose(form).name
    if not author.strip():
        raise UsageError("a VEX document needs an author", next_step="say who states it: --author")
    project = open_project(CheckRequest(path=path), ci.detect())
    run = _run(saved, project)
    document = document_of(
        run,
        product=_product(product, run, project),
        author=author.strip(),
        namespace=_namespace(namespace, run, name),
        timestamp=_time(timestamp, run.finished),
        tool=f"pavedroad {__version__}",
        open_too=not decided,
    )
    content = write_vex(document, name)
    if output == Path("-"):
        from pavedroad.cli.output import to_standard_output

        to_standard_output(content)
        return EXIT_PASS
    write_out(output, content)
    click.echo(f"paved: {len(document.statements)} statements, {name}: {output}", err=True)
    return EXIT_PASS


def _run(saved: Path | None, project: "Project") -> "Run":
    """Raises UsageError when there is none, ReportError for a file that is no run."""
    from pavedroad.gate.explain import last_run
    from pavedroad.gate.project import STATE_FOLDER
    from pavedroad.infra.files import read_file
    from pavedroad.reports import load_run

    if saved is None:
        run = last_run(project.root / STATE_FOLDER / "cache")
        if run is None:
            raise UsageError("no run of this project is saved", next_step="run 'paved check', or name one: --run FILE")
        return run
    content = read_file(saved, _MAX_RUN_BYTES, special=True)
    if content is None:
        raise UsageError("there is no such file", where=str(saved), next_step="paved check --format json -o FILE")
    return load_run(content)


def _product(stated: str, run: "Run", project: "Project") -> str:
    from pavedroad.core.purl import PurlError, parse
    from pavedroad.vex import purls_of

    try:
        if stated:
            return str(parse(stated))
    except PurlError as error:
        raise UsageError(error.what, where="--product", next_step="write pkg:type/name") from error
    found = purls_of(run.subject, project.config.vex.products)
    if not found:
        raise UsageError("nothing says what is delivered", next_step="name it: --product pkg:type/name")
    return found[0]


def _namespace(stated: str, run: "Run", form: str) -> str:
    """CSAF asks for an address of the author: that of the host of the repository will do."""
    host = run.subject.name.partition("/")[0]
    if stated:
        if "://" not in stated:
            raise UsageError("this is no URI", where="--namespace", next_step="write https://example.com")
        return stated
    if "/" in run.subject.name and "." in host:
        return f"https://{host}"
    if form == "csaf":
        raise UsageError("a CSAF document needs a namespace", next_step="an address of the author's: --namespace URI")
    return ""


def _time(stated: str | None, otherwise: datetime) -> datetime:
    given = stated if stated is not None else os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return otherwise
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


@vex.command("show")
@click.argument("file", type=_file)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show_command(file: Path, as_json: bool) -> int:
    """Say who states what about which product, and what could not be read."""
    import msgspec

    document = _read(file)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
        return EXIT_PASS
    _show(document)
    return EXIT_PASS


def _read(file: Path) -> "Document":
    import sys

    from pavedroad.infra.files import read_file
    from pavedroad.vex import read_vex
    from pavedroad.vex.model import MAX_BYTES

    if file == Path("-"):
        return read_vex(sys.stdin.buffer.read(MAX_BYTES + 1), where="standard input")
    content = read_file(file, MAX_BYTES, special=True)
    if content is None:
        raise UsageError("there is no such file", where=str(file), next_step="name an OpenVEX, CycloneDX or CSAF file")
    return read_vex(content, where=str(file))


def _show(document: "Document") -> None:
    from pavedroad.reports.text import line

    by = document.author or "an unknown author"
    day = f", {document.timestamp:%Y-%m-%d}" if document.timestamp else ""
    click.echo(line(f"{document.source} by {by}{day}: {len(document.statements)} statements", 300))
    for statement in document.statements:
        click.echo(line(_words(statement), 600))
        for product in statement.products[:20]:
            parts = f": {', '.join(product.subcomponents[:10])}" if product.subcomponents else ""
            click.echo(f"    {line(product.purl + parts, 600)}")
        if len(statement.products) > 20:
            click.echo(f"    and {len(statement.products) - 20} more products")
    for left in document.left:
        such = f", such as {', '.join(left.examples)}" if left.examples else ""
        click.echo(line(f"not read, {left.count} times: {left.what}{such}", 400))


def _words(statement: "Statement") -> str:
    reason = f" ({statement.justification.value})" if statement.justification else ""
    told = statement.impact or statement.action or statement.notes
    return f"  {statement.vulnerability}: {statement.status.value}{reason}{': ' + told if told else ''}"


COMMAND = vex
