"""``paved advisories``: get the local advisory database, and say what is in it."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from pavedroad.cli.app import EXIT_INCOMPLETE, EXIT_PASS
from pavedroad.core.clock import SystemClock


def _database_option(command: Callable[..., int]) -> Callable[..., int]:
    return click.option(
        "--database",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The database file. Default: in the user's data folder (PAVED_DATA_DIR).",
    )(command)


def _path(database: Path | None) -> Path:
    from pavedroad.advisories import FILE_NAME
    from pavedroad.infra.paths import user_data

    return (database or user_data() / FILE_NAME).absolute()


class _Meter:
    """One line on a terminal that is written over; silent elsewhere, so CI logs stay short."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._last = ("", -1)

    def __call__(self, ecosystem: str, done: int, total: int | None) -> None:
        step = (ecosystem, done >> 20)
        if self._on and step != self._last:
            self._last = step
            of = f" of {total >> 20}" if total else ""
            click.echo(f"\r\x1b[Kpaved: {ecosystem}: {done >> 20}{of} MiB", err=True, nl=False)

    def end(self) -> None:
        if self._on:
            click.echo("\r\x1b[K", err=True, nl=False)


@click.group()
def advisories() -> None:
    """The local database of known flaws in packages (OSV)."""


@advisories.command("update")
@click.option(
    "--source", "where", metavar="URL|DIR", help="A mirror in the OSV bulk layout. Default: the OSV project's export."
)
@click.option("--ecosystem", "names", metavar="NAME", multiple=True, help="Only this one; may be given several times.")
@_database_option
def update_command(where: str | None, names: tuple[str, ...], database: Path | None) -> int:
    """Get what changed and build the database anew. The only command that downloads advisories."""
    from pavedroad.advisories import sources, update

    path, meter = _path(database), _Meter()
    try:
        report = update(
            sources.source(where or sources.PUBLIC), path, clock=SystemClock(), ecosystems=names, progress=meter
        )
    finally:
        meter.end()
    for note in report.notes:
        click.echo(f"note: {note}")
    for facts in report.imported:
        broken = f", {facts.broken} broken (see 'paved advisories status --broken')" if facts.broken else ""
        click.echo(f"imported {facts.name}: {facts.records} records, newest of {_day(facts.as_of)}{broken}")
    for facts in report.unchanged:
        click.echo(f"unchanged {facts.name}: {facts.records} records, newest of {_day(facts.as_of)}")
    click.echo(f"database {path}, digest {report.digest[:16]}")
    return EXIT_PASS


@advisories.command("status")
@click.option("--broken", is_flag=True, help="List the records that could not be read.")
@_database_option
def status_command(broken: bool, database: Path | None) -> int:
    """Say what is in the database and how old it is. Ends with 3 when there is none that can be used."""
    from pavedroad.advisories import AdvisoryError, Database

    try:
        with Database.open(_path(database)) as opened:
            click.echo(f"database {opened.path}\ndigest   {opened.digest}")
            now = SystemClock().now()
            for facts in opened.ecosystems():
                click.echo(f"\n{facts.name}")
                rows = {
                    "records": f"{facts.records} ({facts.withdrawn} withdrawn, {facts.foreign} about other ecosystems, "
                    f"{facts.broken} broken beside them)",
                    "newest": f"{_day(facts.as_of)}{_age(facts.as_of, now)}",
                    "imported": f"{facts.imported:%Y-%m-%d %H:%M} UTC",
                    "source": facts.source,
                    "sha256": facts.digest,
                }
                for name, value in rows.items():
                    click.echo(f"  {name:9} {value}")
            for each in opened.broken() if broken else ():
                click.echo(f"broken {each.ecosystem} {each.entry}: {each.problem}")
    except AdvisoryError as error:
        click.echo(f"paved: {error}", err=True)
        return EXIT_INCOMPLETE
    return EXIT_PASS


def _day(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d}" if value else "unknown date"


def _age(value: datetime | None, now: datetime) -> str:
    return f" ({max((now - value).days, 0)} days ago)" if value else ""


COMMAND = advisories
