"""``paved advisories``: get the local advisory data, say what is in it, and carry it elsewhere."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pavedroad.cli.app import EXIT_INCOMPLETE, EXIT_PASS
from pavedroad.core.clock import SystemClock

if TYPE_CHECKING:
    from pavedroad.advisories.snapshot import Manifest


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


def _signals(database: Path | None) -> Path:
    """The file of signals lies beside the database."""
    from pavedroad.advisories.exploitation import FILE_NAME

    return _path(database).with_name(Path(FILE_NAME).name)


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
    """The local data about flaws: advisories (OSV), and signs of their exploitation (KEV, EPSS, SSVC)."""


@advisories.command("update")
@click.option(
    "--source",
    "where",
    metavar="URL|DIR|ZIP",
    help="A mirror in the OSV bulk layout, one archive, or a folder of records. Default: the OSV project's export.",
)
@click.option("--ecosystem", "names", metavar="NAME", multiple=True, help="Only this one; may be given several times.")
@click.option("--kev", metavar="URL|FILE", help="Get CISA's catalogue of exploited flaws; 'public' is CISA's address.")
@click.option("--epss", metavar="URL|FILE", help="Get a day's EPSS scores (CSV, also .gz); 'public' is the newest day.")
@click.option("--ssvc", metavar="URL|PATH", help="Get CISA's decision points from CVE records (folder, zip, file).")
@click.option(
    "--keep-days", type=click.IntRange(0, 4000), default=0, help="Days of EPSS scores to keep for look-backs.  [0]"
)
@click.option("--signals-only", is_flag=True, help="Leave the advisories as they are.")
@_database_option
def update_command(
    where: str | None,
    names: tuple[str, ...],
    kev: str | None,
    epss: str | None,
    ssvc: str | None,
    keep_days: int,
    signals_only: bool,
    database: Path | None,
) -> int:
    """Get what changed. The only command that downloads advisories."""
    from pavedroad.core.errors import UsageError

    wanted = _wanted(kev, epss, ssvc)
    if signals_only and (not wanted or where or names):
        raise UsageError(
            "--signals-only goes with --kev, --epss or --ssvc, and without --source or --ecosystem",
            next_step="paved advisories update --signals-only --kev public",
        )
    if not signals_only:
        _update_advisories(where, names, _path(database))
    if wanted:
        _update_signals(wanted, keep_days, _signals(database))
    return EXIT_PASS


def _wanted(kev: str | None, epss: str | None, ssvc: str | None) -> dict[str, str]:
    from pavedroad.advisories import exploitation
    from pavedroad.advisories.exploitation.epss import PUBLIC as PUBLIC_EPSS
    from pavedroad.advisories.exploitation.kev import PUBLIC as PUBLIC_KEV

    public = {exploitation.KEV: PUBLIC_KEV, exploitation.EPSS: PUBLIC_EPSS}
    given = {exploitation.KEV: kev, exploitation.EPSS: epss, exploitation.SSVC: ssvc}
    return {name: public.get(name, text) if text == "public" else text for name, text in given.items() if text}


def _update_advisories(where: str | None, names: tuple[str, ...], path: Path) -> None:
    from pavedroad.advisories import sources
    from pavedroad.advisories.update import update

    meter = _Meter()
    try:
        report = update(
            sources.source(where or sources.PUBLIC), path, clock=SystemClock(), ecosystems=names, progress=meter
        )
    finally:
        meter.end()
    for note in report.notes:
        click.echo(f"note: {note}")
    changes = {each.ecosystem: f", {each.came} new or changed, {each.went} gone" for each in report.changes}
    for facts in report.imported:
        broken = f", {facts.broken} broken (see 'paved advisories status --broken')" if facts.broken else ""
        newest = f"newest of {_day(facts.as_of)}"
        click.echo(f"imported {facts.name}: {facts.records} records, {newest}{changes.get(facts.name, '')}{broken}")
    for facts in report.unchanged:
        click.echo(f"unchanged {facts.name}: {facts.records} records, newest of {_day(facts.as_of)}")
    click.echo(f"database {path}, digest {report.digest[:16]}")


def _update_signals(wanted: dict[str, str], keep_days: int, path: Path) -> None:
    from pavedroad.advisories.exploitation import update_signals

    meter = _Meter()
    try:
        report = update_signals(path, clock=SystemClock(), wanted=wanted, keep_days=keep_days, progress=meter)
    finally:
        meter.end()
    for note in report.notes:
        click.echo(f"note: {note}")
    for word, sources in (("imported", report.imported), ("unchanged", report.unchanged)):
        for source in sources:
            broken = f", {source.broken} broken" if source.broken else ""
            click.echo(f"{word} {source.name}: {source.rows} entries, as of {_day(source.as_of)}{broken}")
    click.echo(f"signals {path}, digest {report.digest[:16]}")


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
                if facts.git:
                    rows["commits"] = (
                        f"{facts.git} records have ranges of commits, which no version can be compared with"
                    )
                for name, value in rows.items():
                    click.echo(f"  {name:9} {value}")
            for each in opened.broken() if broken else ():
                click.echo(f"broken {each.ecosystem} {each.entry}: {each.problem}")
    except AdvisoryError as error:
        click.echo(f"paved: {error}", err=True)
        return EXIT_INCOMPLETE
    return _signals_status(_signals(database))


def _signals_status(path: Path) -> int:
    """Signals are a help, not a must: without them the advisories still work."""
    from pavedroad.advisories import AdvisoryError
    from pavedroad.advisories.errors import NoSignals
    from pavedroad.advisories.exploitation import SignalStore

    try:
        with SignalStore.open(path) as store:
            click.echo(f"\nsignals  {path}\ndigest   {store.digest}")
            now = SystemClock().now()
            for source in store.sources().values():
                click.echo(f"\n{source.name}")
                broken = f" ({source.broken} broken beside them)" if source.broken else ""
                click.echo(
                    f"  entries   {source.rows}{broken}\n  as of     {_day(source.as_of)}{_age(source.as_of, now)}"
                )
                click.echo(f"  imported  {source.imported:%Y-%m-%d %H:%M} UTC\n  source    {source.source}")
                click.echo(f"  sha256    {source.digest}")
            days = store.epss_days()
            if days:
                click.echo(f"\n{len(days)} days of EPSS kept, {days[0]} to {days[-1]}")
    except NoSignals:
        click.echo("\nno signals of exploitation: paved advisories update --kev public --epss public")
    except AdvisoryError as error:
        click.echo(f"paved: {error}", err=True)
        return EXIT_INCOMPLETE
    return EXIT_PASS


@advisories.command("keygen")
@click.argument("name", type=click.Path(path_type=Path, dir_okay=False))
def keygen_command(name: Path) -> int:
    """Make an Ed25519 key pair for snapshots: NAME.pem (keep it secret) and NAME.pub.pem."""
    from pavedroad.infra import keys

    private, public = name.with_name(f"{name.name}.pem"), name.with_name(f"{name.name}.pub.pem")
    made = keys.generate(private, public)
    click.echo(f"private key {private}: keep it where only the exporting job can read it")
    click.echo(f"public key  {public}: give it to every site that imports; id {made}")
    return EXIT_PASS


@advisories.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--sign-key", type=click.Path(path_type=Path), help="Sign with this Ed25519 private key (PEM).")
@_database_option
def export_command(file: Path, sign_key: Path | None, database: Path | None) -> int:
    """Write the advisories and signals of this machine into one FILE, for a closed network."""
    from pavedroad.advisories import snapshot
    from pavedroad.infra.keys import key_id, private_key

    key = private_key(sign_key) if sign_key else None
    targets = snapshot.Targets(advisories=_path(database), signals=_signals(database))
    _tell(snapshot.export(targets, file.absolute(), key))
    click.echo(f"snapshot {file}, {f'signed by {key_id(key.public_key())}' if key else 'NOT SIGNED'}")
    if key is None:
        click.echo("paved: warning: anybody could change this file on its way; give --sign-key", err=True)
    return EXIT_PASS


@advisories.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--verify-key", type=click.Path(path_type=Path), help="The Ed25519 public key (PEM) that must have signed."
)
@click.option("--unsafe-unsigned", is_flag=True, help="Take a file that nobody vouches for.")
@click.option("--allow-older", is_flag=True, help="Take data that is older than what is present.")
@_database_option
def import_command(
    file: Path, verify_key: Path | None, unsafe_unsigned: bool, allow_older: bool, database: Path | None
) -> int:
    """Put the content of a snapshot FILE in place of what is here, after its signature was checked."""
    from pavedroad.advisories import snapshot
    from pavedroad.core.errors import UsageError
    from pavedroad.infra.keys import public_key

    if (verify_key is None) is not unsafe_unsigned:
        raise UsageError(
            "a snapshot is taken in with --verify-key, or unchecked with --unsafe-unsigned: give one of the two",
            next_step="ask the maker of the snapshot for the public key",
        )
    if unsafe_unsigned:
        click.echo("paved: WARNING: the signature is NOT checked: whoever could write this file decides", err=True)
        click.echo("paved: WARNING: which flaws this machine will see", err=True)
    targets = snapshot.Targets(advisories=_path(database), signals=_signals(database))
    key = public_key(verify_key) if verify_key else None
    _tell(snapshot.take_in(file, targets, key, allow_older=allow_older))
    click.echo(f"database {targets.advisories}")
    return EXIT_PASS


def _tell(manifest: "Manifest") -> None:
    for facts in manifest.files:
        for part in facts.parts:
            click.echo(f"{part.name}: {part.records} records, as of {_day(part.as_of)}")


def _day(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d}" if value else "unknown date"


def _age(value: datetime | None, now: datetime) -> str:
    return f" ({max((now - value).days, 0)} days ago)" if value else ""


COMMAND = advisories
