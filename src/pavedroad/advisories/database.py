"""The reading side of the local advisory database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from pavedroad.advisories import _layout
from pavedroad.advisories.errors import CorruptDatabase, NoDatabase, WrongSchema
from pavedroad.advisories.model import Advisory, Affected, Broken, EcosystemFacts, Header
from pavedroad.advisories.versions import package_key
from pavedroad.core.coverage import DataSource

FILE_NAME = "advisories/osv.sqlite3"
"""Below the user's data folder."""

_HEADER = msgspec.json.Decoder(Header)
_AFFECTED = msgspec.json.Decoder(tuple[Affected, ...])
_FACTS = msgspec.json.Decoder(EcosystemFacts)

_LOOKUP = (
    "SELECT a.data, h.source, h.data FROM affected a JOIN headers h ON h.record = a.record"
    " WHERE a.ecosystem = ? AND a.name = ? ORDER BY a.record"
)
_BY_NAME = (
    "SELECT DISTINCT h.record, h.source, h.data FROM names n JOIN headers h ON h.record = n.record"
    " WHERE n.name = ? ORDER BY h.record LIMIT 50"
)


def source_name(ecosystem: str) -> str:
    """How coverage and gate rules call the advisories of one ecosystem."""
    return f"OSV {ecosystem}"


class Database:
    """A read-only database; use it as a context manager. One thread at a time.

    Every method raises CorruptDatabase when the file turns out to be damaged.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open the file. Raises NoDatabase, WrongSchema or CorruptDatabase; each says how to get a good one."""
        path = Path(path)
        if not path.is_file():
            raise NoDatabase(str(path))
        database = cls(path, _connect(path))
        try:
            database._check()
        except BaseException:
            database.close()
            raise
        return database

    def _check(self) -> None:
        if self._value("PRAGMA application_id") != _layout.APPLICATION_ID:
            raise CorruptDatabase(str(self.path), "it is not an advisory database")
        layout = self._value("PRAGMA user_version")
        if layout != _layout.LAYOUT:
            raise WrongSchema(str(self.path), int(layout), _layout.LAYOUT)
        if not self.digest:
            raise CorruptDatabase(str(self.path), "it was not finished")

    def close(self) -> None:
        """Let the file go; calling it twice is fine."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, msgspec.MsgspecError, ValueError, TypeError) as error:
            raise CorruptDatabase(str(self.path), f"{type(error).__name__}: {error}") from error

    def _rows(self, query: str, *parameters: str) -> list[Any]:
        with self._reading():
            return self._connection.execute(query, parameters).fetchall()

    def _value(self, query: str) -> Any:
        rows = self._rows(query)
        return rows[0][0] if rows else ""

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of everything imported: equal digests give equal answers. Stored, so it is cheap."""
        return str(self._value("SELECT value FROM meta WHERE key = 'digest'"))

    def verify(self) -> None:
        """Read the whole structure (seconds for a large file). Raises CorruptDatabase."""
        found = self._value("PRAGMA quick_check(1)")
        if found != "ok":
            raise CorruptDatabase(str(self.path), str(found))

    def ecosystems(self) -> tuple[EcosystemFacts, ...]:
        """What was imported, sorted by name."""
        rows = self._rows("SELECT facts FROM ecosystems ORDER BY name")
        with self._reading():
            return tuple(_FACTS.decode(row[0]) for row in rows)

    def facts(self) -> tuple[DataSource, ...]:
        """One data source per ecosystem, for coverage."""
        return tuple(
            DataSource(name=source_name(e.name), as_of=e.as_of, digest=e.digest, records=e.records)
            for e in self.ecosystems()
        )

    def broken(self) -> tuple[Broken, ...]:
        """Records that could not be read at import (the first of each ecosystem; the count is in its facts)."""
        rows = self._rows("SELECT ecosystem, entry, problem FROM broken ORDER BY rowid")
        return tuple(Broken(ecosystem=e, entry=name, problem=p) for e, name, p in rows)

    def lookup(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        """Every advisory about one package, whatever the version, withdrawn ones left out. ``name`` in any spelling the
        ecosystem treats as the same."""
        key = package_key(ecosystem, name)
        rows = self._rows(_LOOKUP, ecosystem, key)
        with self._reading():
            return tuple(
                Advisory(
                    source=source,
                    ecosystem=ecosystem,
                    package=key,
                    header=_HEADER.decode(_layout.unpack(header)),
                    affected=_AFFECTED.decode(_layout.unpack(affected)),
                )
                for affected, source, header in rows
            )

    def named(self, name: str) -> tuple[Header, ...]:
        """Every record that has ``name`` as its id or as an alias, for explanations; withdrawn ones included."""
        rows = self._rows(_BY_NAME, name)
        with self._reading():
            return tuple(_HEADER.decode(_layout.unpack(row[2])) for row in rows)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _layout.connect_readonly(path)
    except sqlite3.Error as error:
        raise CorruptDatabase(str(path), str(error)) from error
