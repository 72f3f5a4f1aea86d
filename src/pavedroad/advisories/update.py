"""Updates the local database: fetch, write beside the old files, put in place. All or nothing."""

import dataclasses
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pavedroad.advisories.build import Builder
from pavedroad.advisories.database import Database
from pavedroad.advisories.delivery import Delivery
from pavedroad.advisories.errors import AdvisoryError, CorruptDatabase, NoDatabase, WrongSchema
from pavedroad.advisories.lock import exclusive
from pavedroad.advisories.model import EcosystemFacts
from pavedroad.advisories.sources import MIXED, Progress, Source, check_ecosystem
from pavedroad.advisories.taking import take
from pavedroad.core.clock import Clock
from pavedroad.core.noun import Noun

WAIT_SECONDS = 600.0
EVERYTHING = "every ecosystem"
"""The cursor of facts from a mixed source that was imported as a whole."""


class Change(Noun, frozen=True, kw_only=True):
    """How many records of an ecosystem ``came`` (new or changed) and ``went``."""

    ecosystem: str
    came: int
    went: int


class Report(Noun, frozen=True, kw_only=True):
    """What an update did: ``imported`` is new or changed, ``unchanged`` is the same, ``kept`` was not asked for."""

    digest: str
    imported: tuple[EcosystemFacts, ...] = ()
    unchanged: tuple[EcosystemFacts, ...] = ()
    kept: tuple[EcosystemFacts, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


class _Old(Noun, frozen=True, kw_only=True):
    """What was there. ``base`` is None when nothing can be built upon."""

    base: Path | None = None
    digest: str = ""
    facts: tuple[EcosystemFacts, ...] = ()
    notes: tuple[str, ...] = ()


def _silent(ecosystem: str, done: int, total: int | None) -> None:
    """Shows nothing."""


def _old_state(target: Path) -> _Old:
    """What is there, and a note when it cannot be used: then everything is fetched anew."""
    try:
        with Database.open(target) as database:
            database.verify()
            return _Old(base=target, digest=database.digest, facts=database.ecosystems())
    except NoDatabase:
        return _Old()
    except (WrongSchema, CorruptDatabase) as error:
        return _Old(notes=(f"the old database was not used: {error.what}",))


def remove_leftovers(target: Path) -> None:
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
        old = _old_state(target)
        try:
            remove_leftovers(target)
            with (
                tempfile.TemporaryDirectory(prefix=f"{target.name}.", suffix=".new", dir=target.parent) as scratch,
                Builder(target, clock.now(), old.base, old.facts) as builder,
            ):
                return _bring_in(source, builder, old, tuple(dict.fromkeys(ecosystems)), Path(scratch), progress)
        except (OSError, sqlite3.Error) as error:
            raise AdvisoryError(
                f"the new database cannot be written: {error}",
                where=str(target.parent),
                next_step="check the free space and the rights of the folder; the old database stays as it was",
            ) from error


def _bring_in(
    source: Source, builder: Builder, old: _Old, wanted: tuple[str, ...], scratch: Path, progress: Progress
) -> Report:
    """Everything is fetched before anything is written: a source that fails costs no work."""
    names = (MIXED,) if source.mixed() else wanted or source.default_ecosystems()
    deliveries = [_fetch(source, name, wanted, builder, old, scratch, progress) for name in names]
    taken = {f.name: f for each in deliveries if each.content is not None for f in take(builder, each)}
    asked = {f.name for each in deliveries for f in old.facts if f.name == each.ecosystem or _is_of(each, f)}
    digest = builder.finish() if _differs(taken, builder, old) else old.digest
    changed = {name for name in taken if _moved(builder, name)}
    return Report(
        digest=digest,
        imported=tuple(builder.facts(name) for name in taken if name in changed),
        unchanged=tuple(builder.facts(name) for name in sorted(asked | taken.keys()) if name not in changed),
        kept=tuple(facts for facts in old.facts if facts.name not in asked | taken.keys()),
        changes=tuple(_change(builder, name) for name in taken if name in changed),
        notes=old.notes,
    )


def _fetch(
    source: Source,
    name: str,
    wanted: tuple[str, ...],
    builder: Builder,
    old: _Old,
    scratch: Path,
    progress: Progress,
) -> Delivery:
    if name != MIXED:
        return source.fetch(name, old.facts, builder.known, scratch, progress)
    # What an earlier import left out cannot be told from the archive being the same.
    whole = [facts for facts in old.facts if facts.cursor == EVERYTHING or facts.name in wanted]
    usable = tuple(whole) if wanted or any(facts.cursor == EVERYTHING for facts in whole) else ()
    if not set(wanted) <= {facts.name for facts in usable}:
        usable = ()
    delivery = source.fetch(MIXED, usable, builder.known, scratch, progress)
    return dataclasses.replace(delivery, only=wanted, cursor="" if wanted else EVERYTHING)


def _is_of(delivery: Delivery, facts: EcosystemFacts) -> bool:
    """Whether a mixed delivery is about what these facts are about."""
    mine = not delivery.only or facts.name in delivery.only
    return not delivery.ecosystem and facts.source == delivery.source and mine


def _moved(builder: Builder, name: str) -> bool:
    tally = builder.tallies[name]
    return bool(tally.came or tally.went or not builder.is_old(name))


def _differs(taken: dict[str, EcosystemFacts], builder: Builder, old: _Old) -> bool:
    """Whether there is anything to write: records that came or went, or new facts about where they are from."""
    before = {facts.name: msgspec.structs.replace(facts, digest="") for facts in old.facts}
    return old.base is None or any(before.get(name) != facts for name, facts in taken.items())


def _change(builder: Builder, name: str) -> Change:
    tally = builder.tallies[name]
    return Change(ecosystem=name, came=tally.came, went=tally.went)
