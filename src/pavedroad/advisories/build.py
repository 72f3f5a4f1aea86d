"""The writing side: what came and went is written into a new file beside the old ones, which takes their place by one
rename.

Without a base the new file becomes the base. With one it becomes the delta: a copy of the old delta with the changes
added. When a delta has grown too large, base and delta are written together as a new base.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import msgspec

from pavedroad.advisories import _layout
from pavedroad.advisories.delivery import Delivery
from pavedroad.advisories.model import Affected, EcosystemFacts
from pavedroad.advisories.placing import belongs, compact, digest_of, replace_durably
from pavedroad.advisories.records import Decoded
from pavedroad.advisories.tally import Tally, flags_of
from pavedroad.advisories.versions import ecosystem_key, package_key

MAX_BROKEN_LISTED = 10_000
COMPACT_ABOVE = 20_000
"""Changed records in a delta from which on it is written into a new base, if they are also a tenth of the base."""

_ENCODER = msgspec.json.Encoder()


def _old(columns: str, where: str) -> str:
    """A query over the records that hold in base and delta."""
    return (
        f"SELECT {columns} FROM base.records r WHERE {where}"  # noqa: S608 - our own words only
        " AND NOT EXISTS (SELECT 1 FROM main.gone g WHERE g.record = r.record)"
        f" UNION ALL SELECT {columns} FROM main.records r WHERE {where}"
    )


_HIGHEST = tuple(f"SELECT coalesce(max(record), 0) FROM {layer}.headers" for layer in ("main", "base"))  # noqa: S608
_OF_ID = _old("r.source, r.record, r.stamp, r.flags", "r.id = ?1")
_OF_SOURCE = _old("r.id, r.record, r.flags", "r.source = ?1")


class Builder:
    """A new state in the making. Use as a context manager: leaving it without ``finish`` removes the new file.

    ``base`` is the file that the changes are about, None to begin anew. Raises CorruptDatabase when it is damaged.
    """

    def __init__(self, target: Path, now: datetime, base: Path | None, old: Iterable[EcosystemFacts] = ()) -> None:
        self._target, self._now, self._base = target, now, base
        self._path = target.with_name(f"{target.name}.{os.getpid()}.new")
        self._path.unlink(missing_ok=True)
        self._facts = {facts.name: facts for facts in old}
        self._old = frozenset(self._facts)
        self._tallies: dict[str, Tally] = {}
        try:
            self._connection = self._begin()
        except BaseException:
            self._path.unlink(missing_ok=True)
            raise

    def _begin(self) -> sqlite3.Connection:
        delta = _layout.delta_of(self._target)
        if self._base is not None and belongs(delta, self._base):
            shutil.copyfile(delta, self._path)
            connection = _layout.connect_copy(self._path)
        else:
            connection = _layout.connect_new(self._path)
        connection.execute("COMMIT")
        _layout.attach_readonly(connection, self._base, "base")
        connection.execute("BEGIN")
        if not connection.execute("SELECT 1 FROM main.meta").fetchone():
            connection.execute("INSERT INTO main.broken SELECT * FROM base.broken")
        self._record: int = max(connection.execute(each).fetchone()[0] for each in _HIGHEST)
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._path.unlink(missing_ok=True)

    @property
    def tallies(self) -> dict[str, Tally]:
        """What came, went and stayed, by ecosystem."""
        return self._tallies

    def close(self, name: str, delivery: Delivery) -> EcosystemFacts:
        """The new facts of an ecosystem, once everything about it was taken."""
        tally, old = self._tallies[name], self._facts.get(name)
        same = old is not None and not (tally.came or tally.went)
        facts = tally.fill(
            EcosystemFacts(
                name=name,
                records=0,
                imported=old.imported if old is not None and same else self._now,
                source=delivery.source,
                digest="",
                archive=delivery.archive,
                etag=delivery.etag,
                last_modified=delivery.last_modified,
                cursor=delivery.cursor,
            )
        )
        self._facts[name] = facts
        return facts

    @property
    def last_record(self) -> int:
        """The highest record number so far."""
        return self._record

    def tally(self, name: str) -> Tally:
        if name not in self._tallies:
            self._tallies[name] = Tally(self._facts.get(name))
        return self._tallies[name]

    def known(self, ecosystem: str) -> frozenset[str]:
        """The ids that hold in an ecosystem, and those of entries that could not be read."""
        broken = self._rows("SELECT entry FROM main.broken WHERE ecosystem = ?1", ecosystem)
        names = {str(row[0]).removesuffix(".json") for row in broken}
        return frozenset(names.union(name for name, _, _ in self.of_source(ecosystem)))

    def is_old(self, ecosystem: str) -> bool:
        """Whether the ecosystem was there before."""
        return ecosystem in self._old

    def holding(self, source: str) -> tuple[str, ...]:
        """Ecosystems whose records came from this source."""
        return tuple(facts.name for facts in self._facts.values() if facts.source == source)

    def _rows(self, query: str, *parameters: object) -> list[Any]:
        return self._connection.execute(query, parameters).fetchall()

    def of_id(self, name: str) -> dict[str, tuple[int, bytes, int]]:
        """Ecosystem to (record, stamp, flags) of the records that hold under this id."""
        return {row[0]: (row[1], row[2], row[3]) for row in self._rows(_OF_ID, name)}

    def of_source(self, ecosystem: str) -> list[tuple[str, int, int]]:
        """(id, record, flags) of every record of an ecosystem."""
        return [(row[0], row[1], row[2]) for row in self._rows(_OF_SOURCE, ecosystem)]

    def drop(self, ecosystem: str, name: str, record: int, flags: int) -> None:
        """The record holds no longer."""
        self._connection.execute("DELETE FROM main.records WHERE id = ? AND source = ?", (name, ecosystem))
        self._connection.execute("INSERT OR IGNORE INTO main.gone VALUES (?)", (record,))
        self.tally(ecosystem).add(flags, -1)

    def note_broken(self, ecosystem: str, label: str, problem: str) -> None:
        tally = self.tally(ecosystem)
        tally.broken += 1
        if tally.broken <= MAX_BROKEN_LISTED:
            self._connection.execute("INSERT OR REPLACE INTO main.broken VALUES (?, ?, ?)", (ecosystem, label, problem))

    def forget_broken(self, ecosystem: str, label: str = "") -> None:
        """Before entries are looked at again: all of an ecosystem, or one."""
        tally = self.tally(ecosystem)
        if not label:
            tally.broken = 0
            self._connection.execute("DELETE FROM main.broken WHERE ecosystem = ?", (ecosystem,))
            return
        query = "DELETE FROM main.broken WHERE ecosystem = ? AND entry = ?"
        tally.broken -= self._connection.execute(query, (ecosystem, label)).rowcount

    def insert(self, ecosystem: str, decoded: Decoded, stamp: bytes) -> int:
        """Write one record under an ecosystem; gives its number."""
        header, self._record = decoded.header, self._record + 1
        packages = {} if header.withdrawn else _packages_of(ecosystem, decoded)
        flags = flags_of(header, len(packages), decoded.git, self._now)
        execute, many = self._connection.execute, self._connection.executemany
        execute("INSERT INTO main.records VALUES (?, ?, ?, ?, ?)", (header.id, ecosystem, self._record, stamp, flags))
        packed = _layout.pack(_ENCODER.encode(header))
        execute("INSERT INTO main.headers VALUES (?, ?, ?)", (self._record, ecosystem, packed))
        many(
            "INSERT OR IGNORE INTO main.names VALUES (?, ?)", [(n, self._record) for n in (header.id, *header.aliases)]
        )
        rows = [(*key, self._record, _layout.pack(_ENCODER.encode(value))) for key, value in packages.items()]
        many("INSERT INTO main.affected VALUES (?, ?, ?, ?)", rows)
        many("INSERT OR IGNORE INTO main.spellings VALUES (?)", [(key[0],) for key in packages if ":" in key[0]])
        tally = self.tally(ecosystem)
        tally.add(flags, 1)
        tally.date(header, self._now)
        return self._record

    def finish(self) -> str:
        """Write the facts, make the new state durable and put it in place. Returns its digest."""
        execute = self._connection.execute
        digests = self._digests()
        execute("DELETE FROM main.ecosystems")
        for name, facts in self._facts.items():
            done = msgspec.structs.replace(facts, digest=digests.get(name, hashlib.sha256().hexdigest()))
            self._facts[name] = done
            execute("INSERT INTO main.ecosystems VALUES (?, ?)", (name, _ENCODER.encode(done)))
        digest = digest_of(self._facts.values())
        build = os.urandom(16).hex()
        owner = _layout.meta(self._connection, "base", "build")
        for key, value in {"digest": digest, "build": build, "base": owner}.items():
            execute("INSERT OR REPLACE INTO main.meta VALUES (?, ?)", (key, value))
        changes = self._rows("SELECT (SELECT count(*) FROM main.headers) + (SELECT count(*) FROM main.gone)")[0][0]
        size = self._rows("SELECT count(*) FROM base.records")[0][0]
        execute("COMMIT")
        self._connection.close()
        self._place(large=changes > COMPACT_ABOVE and changes > size // 10)
        return digest

    def _place(self, *, large: bool) -> None:
        delta = _layout.delta_of(self._target)
        if self._base is None:
            replace_durably(self._path, self._target)
        elif not large:
            replace_durably(self._path, delta)
            return
        else:
            whole = self._path.with_suffix(".whole.new")
            compact(self._base, self._path, whole)
            replace_durably(whole, self._target)
        delta.unlink(missing_ok=True)  # of another base: readers pass it over already

    def facts(self, name: str) -> EcosystemFacts:
        """The facts of an ecosystem as ``finish`` wrote them."""
        return self._facts[name]

    def _digests(self) -> dict[str, str]:
        """SHA-256 over id and stamp of every record, by ecosystem."""
        running: dict[str, Any] = {}
        query = f"SELECT id, source, stamp FROM ({_old('r.id, r.source, r.stamp', '1')}) ORDER BY id, source"  # noqa: S608
        for name, source, stamp in self._connection.execute(query):
            if source not in running:
                running[source] = hashlib.sha256()
            running[source].update(name.encode() + b"\0" + stamp)
        return {source: digest.hexdigest() for source, digest in running.items()}


def _packages_of(ecosystem: str, decoded: Decoded) -> dict[tuple[str, str], tuple[Affected, ...]]:
    """What the record says about packages of this ecosystem. One that spans ecosystems is in the archive of each:
    taking only the own packages keeps one copy."""
    found: dict[tuple[str, str], tuple[Affected, ...]] = {}
    for (owner, name), affected in decoded.packages.items():
        if owner == ecosystem or owner.startswith(f"{ecosystem}:"):
            key = (ecosystem_key(owner), package_key(owner, name))
            found[key] = found.get(key, ()) + affected
    return found
