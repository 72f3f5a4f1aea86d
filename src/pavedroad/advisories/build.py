"""The writing side: builds a new database beside the old one and puts it in its place in one step."""

import hashlib
import os
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import msgspec

from pavedroad.advisories import _layout
from pavedroad.advisories.errors import AdvisoryError, CorruptDatabase, SourceError
from pavedroad.advisories.model import Affected, EcosystemFacts, Header
from pavedroad.advisories.records import Decoded, decode
from pavedroad.advisories.versions import package_key
from pavedroad.infra.archives import ArchiveError, ZipEntry, ZipLimits, read_zip

MAX_BROKEN_LISTED = 100
_ENCODER = msgspec.json.Encoder()
_COUNTS = ("records", "withdrawn", "foreign", "broken", "undated", "newest")

_OF = "JOIN old.headers h ON h.record = o.record WHERE h.source = ?"
_KEEP = (
    "INSERT INTO headers SELECT record + ?, source, data FROM old.headers WHERE source = ?",
    f"INSERT INTO affected SELECT o.ecosystem, o.name, o.record + ?, o.data FROM old.affected o {_OF}",  # noqa: S608
    f"INSERT INTO names SELECT o.name, o.record + ? FROM old.names o {_OF}",  # noqa: S608 - constants only
)


class _Tally:
    """Counts while one ecosystem is imported."""

    def __init__(self) -> None:
        self.records = self.withdrawn = self.foreign = self.broken = self.undated = 0
        self._newest: datetime | None = None

    def date(self, header: Header, now: datetime) -> None:
        """A date in the future is a mistake of the record: taking it would make old data look fresh for ever."""
        dates = [d for d in (header.modified, header.published) if d and d <= now + timedelta(days=1)]
        self.undated += not dates
        for value in dates:
            self._newest = max(value, self._newest) if self._newest else value

    @property
    def newest(self) -> datetime | None:
        """None when most records carry no usable date (Go's own export): the few that do say nothing about the rest."""
        known = self.records + self.withdrawn + self.foreign - self.undated
        return self._newest if known >= self.undated else None


def _decode(entry: ZipEntry, seen: set[str]) -> Decoded:
    if entry.problem:
        raise SourceError(entry.problem)
    decoded = decode(entry.content)
    if decoded.header.id in seen:
        raise SourceError("another entry has the same id")
    return decoded


class Builder:
    """A new database file in the making. Use as a context manager: leaving it without ``finish`` removes the file."""

    def __init__(self, target: Path, now: datetime) -> None:
        self._target, self._now = target, now
        self._path = target.with_name(f"{target.name}.{os.getpid()}.new")
        self._path.unlink(missing_ok=True)
        self._connection = _layout.connect_new(self._path)
        self._record = 0
        self._facts: list[EcosystemFacts] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def import_zip(self, facts: EcosystemFacts, archive: Path, limits: ZipLimits | None = None) -> EcosystemFacts:
        """Import every record of one ``all.zip``. ``facts`` brings name, source, digest, validators; counts are added.

        Raises SourceError when the archive is broken as a whole or holds no record that can be read.
        """
        tally, seen = _Tally(), set[str]()
        try:
            for entry in read_zip(archive, limits):
                self._import_entry(facts.name, entry, tally, seen)
        except ArchiveError as error:
            raise SourceError(
                f"the archive of {facts.name} cannot be imported: {error.what}",
                where=facts.source,
                next_step="get it again; the database stays as it was",
            ) from error
        if not seen:
            raise SourceError(
                f"the archive of {facts.name} holds no readable OSV record ({tally.broken} broken)",
                where=facts.source,
                next_step="check the source; the database stays as it was",
            )
        counts = {name: getattr(tally, name) for name in _COUNTS}
        done = msgspec.structs.replace(facts, imported=self._now, **counts)
        self._facts.append(done)
        return done

    def _import_entry(self, ecosystem: str, entry: ZipEntry, tally: _Tally, seen: set[str]) -> None:
        try:
            decoded = _decode(entry, seen)
        except SourceError as error:
            self._note_broken(ecosystem, entry.label, error.what, tally)
            return
        seen.add(decoded.header.id)
        tally.date(decoded.header, self._now)
        self._insert(ecosystem, decoded, tally)

    def _note_broken(self, ecosystem: str, label: str, problem: str, tally: _Tally) -> None:
        tally.broken += 1
        if tally.broken <= MAX_BROKEN_LISTED:
            self._connection.execute("INSERT INTO broken VALUES (?, ?, ?)", (ecosystem, label, problem))

    def _insert(self, ecosystem: str, decoded: Decoded, tally: _Tally) -> None:
        header = decoded.header
        packages: dict[tuple[str, str], tuple[Affected, ...]] = {}
        if header.withdrawn:
            tally.withdrawn += 1
        else:
            # A record that spans ecosystems is in the archive of each; taking only the own packages keeps one copy.
            for (owner, name), affected in decoded.packages.items():
                if owner == ecosystem or owner.startswith(f"{ecosystem}:"):
                    key = (owner, package_key(owner, name))
                    packages[key] = packages.get(key, ()) + affected
            tally.records += bool(packages)
            tally.foreign += not packages
        self._record += 1
        execute = self._connection.execute
        execute(
            "INSERT INTO headers VALUES (?, ?, ?)", (self._record, ecosystem, _layout.pack(_ENCODER.encode(header)))
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO names VALUES (?, ?)", [(n, self._record) for n in (header.id, *header.aliases)]
        )
        self._connection.executemany(
            "INSERT INTO affected VALUES (?, ?, ?, ?)",
            [(*key, self._record, _layout.pack(_ENCODER.encode(value))) for key, value in packages.items()],
        )

    def keep(self, old: Path, facts: tuple[EcosystemFacts, ...]) -> None:
        """Take these ecosystems over from the old database as they are. Raises CorruptDatabase."""
        if not facts:
            return
        try:
            self._connection.execute("COMMIT")
            self._connection.execute("ATTACH ? AS old", (f"{old.absolute().as_uri()}?mode=ro&immutable=1",))
            self._connection.execute("BEGIN")
            for each in facts:
                self._keep_one(each.name)
            self._record = self._connection.execute("SELECT coalesce(max(record), 0) FROM headers").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise CorruptDatabase(str(old), str(error)) from error
        self._facts.extend(facts)

    def _keep_one(self, name: str) -> None:
        shift = self._connection.execute("SELECT coalesce(max(record), 0) FROM headers").fetchone()[0]
        for statement in _KEEP:
            self._connection.execute(statement, (shift, name))
        self._connection.execute("INSERT INTO broken SELECT * FROM old.broken WHERE ecosystem = ?", (name,))

    def finish(self) -> str:
        """Write the facts, make the file durable and put it in place of the old one. Returns the digest."""
        for each in self._facts:
            self._connection.execute("INSERT INTO ecosystems VALUES (?, ?)", (each.name, _ENCODER.encode(each)))
        digest = digest_of(tuple(self._facts))
        self._connection.execute("INSERT INTO meta VALUES ('digest', ?)", (digest,))
        self._connection.execute("COMMIT")
        self._connection.close()
        replace_durably(self._path, self._target)
        return digest


def digest_of(facts: tuple[EcosystemFacts, ...]) -> str:
    """The digest of a database: of its layout and of what was imported, not of when."""
    lines = sorted(f"{each.name} {each.digest}" for each in facts)
    return hashlib.sha256("\n".join([f"layout {_layout.LAYOUT}", *lines]).encode()).hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_durably(new: Path, target: Path) -> None:
    """``os.replace`` with the file and its folder flushed to disk. Raises AdvisoryError."""
    try:
        _flush(new)
        new.replace(target)
        _flush(target.parent)
    except OSError as error:
        raise AdvisoryError(
            f"the new database cannot be put in place: {error.strerror}",
            where=str(target),
            next_step="check the free space and the rights of the folder; the old database stays as it was",
        ) from error
