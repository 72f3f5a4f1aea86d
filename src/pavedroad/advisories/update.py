"""Updates the local database: fetch, build beside the old file, put in place. All or nothing."""

import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pavedroad.advisories.build import Builder
from pavedroad.advisories.database import Database
from pavedroad.advisories.errors import AdvisoryError, CorruptDatabase, NoDatabase, WrongSchema
from pavedroad.advisories.lock import exclusive
from pavedroad.advisories.model import EcosystemFacts
from pavedroad.advisories.sources import Archive, Progress, Source, check_ecosystem
from pavedroad.core.clock import Clock
from pavedroad.core.noun import Noun

WAIT_SECONDS = 600.0


class Report(Noun, frozen=True, kw_only=True):
    """What an update did: ``imported`` is new or changed, ``unchanged`` is the same, ``kept`` was not asked for."""

    digest: str
    imported: tuple[EcosystemFacts, ...] = ()
    unchanged: tuple[EcosystemFacts, ...] = ()
    kept: tuple[EcosystemFacts, ...] = ()
    notes: tuple[str, ...] = ()


def _silent(ecosystem: str, done: int, total: int | None) -> None:
    """Shows nothing."""


def _old_facts(target: Path) -> tuple[dict[str, EcosystemFacts], tuple[str, ...]]:
    """What is there, and a note when it cannot be used: then everything is fetched anew."""
    try:
        with Database.open(target) as database:
            database.verify()
            return {facts.name: facts for facts in database.ecosystems()}, ()
    except NoDatabase:
        return {}, ()
    except (WrongSchema, CorruptDatabase) as error:
        return {}, (f"the old database was not used: {error.what}",)


def _remove_leftovers(target: Path) -> None:
    """Files of updates that were killed; the lock is ours, so nobody is writing them."""
    for path in target.parent.glob(f"{target.name}.*.new*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def update(
    source: Source,
    target: Path,
    *,
    clock: Clock,
    ecosystems: Sequence[str] = (),
    progress: Progress = _silent,
    wait: float = WAIT_SECONDS,
) -> Report:
    """Bring the database at ``target`` up to date with ``source`` and say what changed.

    ``ecosystems`` empty: those the source offers by default. Others in the database stay as they are. Waits at most
    ``wait`` seconds for another update. Raises AdvisoryError or NetworkError, and then the old database is untouched.
    """
    for name in ecosystems:
        check_ecosystem(name)
    with exclusive(target.with_name(f"{target.name}.lock"), wait):
        old, notes = _old_facts(target)
        wanted = tuple(dict.fromkeys(ecosystems)) or source.default_ecosystems()
        try:
            _remove_leftovers(target)
            with tempfile.TemporaryDirectory(prefix=f"{target.name}.", suffix=".new", dir=target.parent) as scratch:
                archives = [source.fetch(name, old.get(name), Path(scratch), progress) for name in wanted]
                return _build(target, archives, old, clock.now(), notes)
        except (OSError, sqlite3.Error) as error:
            raise AdvisoryError(
                f"the new database cannot be written: {error}",
                where=str(target.parent),
                next_step="check the free space and the rights of the folder; the old database stays as it was",
            ) from error


def _build(
    target: Path, archives: list[Archive], old: dict[str, EcosystemFacts], now: datetime, notes: tuple[str, ...]
) -> Report:
    changed = [archive for archive in archives if archive.path is not None]
    unchanged = tuple(old[archive.ecosystem] for archive in archives if archive.path is None)
    asked = {archive.ecosystem for archive in archives}
    kept = tuple(facts for name, facts in old.items() if name not in asked)
    if not changed:
        with Database.open(target) as database:
            return Report(digest=database.digest, unchanged=unchanged, kept=kept, notes=notes)
    with Builder(target, now) as builder:
        builder.keep(target, unchanged + kept)
        imported = tuple(
            builder.import_zip(_facts(archive, now), archive.path) for archive in changed if archive.path is not None
        )
        digest = builder.finish()
    return Report(digest=digest, imported=imported, unchanged=unchanged, kept=kept, notes=notes)


def _facts(archive: Archive, now: datetime) -> EcosystemFacts:
    return EcosystemFacts(
        name=archive.ecosystem,
        records=0,
        imported=now,
        source=archive.source,
        digest=archive.digest,
        etag=archive.etag,
        last_modified=archive.last_modified,
    )
