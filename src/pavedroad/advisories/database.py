"""The reading side of the local advisory database."""

import os
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
from pavedroad.advisories.versions import ecosystem_key, package_key
from pavedroad.core.coverage import DataSource

FILE_NAME = "advisories/osv.sqlite3"
"""Below the user's data folder."""

_HEADER = msgspec.json.Decoder(Header)
_AFFECTED = msgspec.json.Decoder(tuple[Affected, ...])
_FACTS = msgspec.json.Decoder(EcosystemFacts)
_OPEN_TRIES = 20
MAX_ROWS = 100_000
"""Records about one package: an archive of invented ones must not fill the memory."""


def _both(query: str) -> str:
    """``query`` over base and delta: ``{layer}`` is the file, ``{alive}`` leaves out records that no longer hold."""
    alive = "NOT EXISTS (SELECT 1 FROM delta.gone g WHERE g.record = h.record)"
    both = " UNION ALL ".join(query.format(layer=layer, alive=alive) for layer in ("main", "delta"))
    return f"{both} ORDER BY 1 LIMIT {MAX_ROWS}"


_LOOKUP = _both(
    "SELECT a.record, a.data, h.source, h.data FROM {layer}.affected a"
    " JOIN {layer}.headers h ON h.record = a.record WHERE a.ecosystem = ?1 AND a.name = ?2 AND {alive}"
)
_BY_NAME = _both(
    "SELECT h.record, h.data FROM {layer}.names n JOIN {layer}.headers h ON h.record = n.record"
    " WHERE n.name = ?1 AND {alive}"
)


def source_name(ecosystem: str) -> str:
    """How coverage and gate rules call the advisories of one ecosystem, with or without suffix."""
    return f"OSV {ecosystem.partition(':')[0]}"


class Database:
    """A read-only database; use it as a context manager. One thread at a time. It keeps the state that was there when
    it was opened, whatever an update does meanwhile.

    Every method raises CorruptDatabase when a file turns out to be damaged.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, delta: Path | None) -> None:
        self.path = path
        self.delta = delta
        self._connection = connection
        self._top = "main" if delta is None else "delta"
        self._spelled: dict[str, tuple[str, ...]] | None = None

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open the files. Raises NoDatabase, WrongSchema or CorruptDatabase; each says how to get a good one."""
        path = Path(path)
        for _ in range(_OPEN_TRIES):
            if not path.is_file():
                raise NoDatabase(str(path))
            before = _identity(path)
            database = cls._open_once(path)
            if _identity(path) == before:
                return database
            database.close()  # an update put new files in place between the two: a mix would be neither
        raise CorruptDatabase(str(path), "it is replaced all the time")

    @classmethod
    def _open_once(cls, path: Path) -> Self:
        try:
            connection = _layout.connect_readonly(path)
        except sqlite3.Error as error:
            raise CorruptDatabase(str(path), str(error)) from error
        try:
            _check(connection, path)
            return cls(path, connection, _attach_delta(connection, path))
        except sqlite3.DatabaseError as error:
            connection.close()
            raise CorruptDatabase(str(path), str(error)) from error
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Let the files go; calling it twice is fine."""
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

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of everything imported: equal digests give equal answers. Stored, so it is cheap."""
        with self._reading():
            return _layout.meta(self._connection, self._top, "digest")

    def verify(self) -> None:
        """Read the whole structure (seconds for a large file). Raises CorruptDatabase."""
        for schema in ("main", "delta"):
            found = self._rows(f"PRAGMA {schema}.quick_check(1)")[0][0]
            if found != "ok":
                raise CorruptDatabase(str(self.path), str(found))

    def ecosystems(self) -> tuple[EcosystemFacts, ...]:
        """What was imported, sorted by name."""
        rows = self._rows(f"SELECT facts FROM {self._top}.ecosystems ORDER BY name")  # noqa: S608 - our own word
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
        rows = self._rows(f"SELECT ecosystem, entry, problem FROM {self._top}.broken ORDER BY 1, 2")  # noqa: S608
        return tuple(Broken(ecosystem=e, entry=name, problem=p) for e, name, p in rows)

    def lookup(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        """Every advisory about one package, whatever the version, withdrawn ones left out. ``name`` in any spelling the
        ecosystem treats as the same.

        ``Debian:12`` is asked for that release and for records about Debian as a whole. Plain ``Debian`` gets the
        records of every release too, marked ``release_unknown``.
        """
        own = ecosystem_key(ecosystem)
        open_ones = self._releases(own)
        # Streams of one release (Red Hat:enterprise_linux:9::appstream) are that release.
        sure = (own, own.partition(":")[0], *(each for each in open_ones if each.startswith(f"{own}::")))
        found = _merged([each for spelled in dict.fromkeys(sure) for each in self._exactly(spelled, name)], own)
        unsure = _merged([e for spelled in open_ones if spelled not in sure for e in self._exactly(spelled, name)], own)
        marked = (
            msgspec.structs.replace(each, release_unknown=True) for key, each in unsure.items() if key not in found
        )
        return (*found.values(), *marked)

    def _exactly(self, ecosystem: str, name: str) -> Iterator[Advisory]:
        key = package_key(ecosystem, name)
        rows = self._rows(_LOOKUP, ecosystem, key)
        with self._reading():
            for _, affected, source, header in rows:
                yield Advisory(
                    source=source,
                    ecosystem=ecosystem,
                    package=key,
                    header=_HEADER.decode(_layout.unpack(header)),
                    affected=_AFFECTED.decode(_layout.unpack(affected)),
                )

    def _releases(self, ecosystem: str) -> tuple[str, ...]:
        """The spellings that ``ecosystem`` leaves open."""
        if self._spelled is None:
            self._spelled = self._load_spellings()
        return self._spelled.get(ecosystem, ())

    def _load_spellings(self) -> dict[str, tuple[str, ...]]:
        """``Debian`` to (``Debian:11``, ``Debian:12``); every prefix that ends before a colon has an entry."""
        rows = self._rows("SELECT ecosystem FROM main.spellings UNION SELECT ecosystem FROM delta.spellings ORDER BY 1")
        found: dict[str, list[str]] = {}
        for (spelled,) in rows:
            parts = str(spelled).split(":")
            for length in range(1, len(parts)):
                found.setdefault(":".join(parts[:length]), []).append(str(spelled))
        return {prefix: tuple(names) for prefix, names in found.items()}

    def named(self, name: str) -> tuple[Header, ...]:
        """Every record that has ``name`` as its id or as an alias, for explanations; withdrawn ones included."""
        rows = self._rows(_BY_NAME, name)
        with self._reading():
            headers = [_HEADER.decode(_layout.unpack(row[1])) for row in rows]
        # A record that spans ecosystems is stored under each.
        return tuple({header.id: header for header in headers}.values())


def _merged(advisories: list[Advisory], ecosystem: str) -> dict[str, Advisory]:
    """One advisory per record, by id: what it says about several spellings of the ecosystem, taken together."""
    found: dict[str, Advisory] = {}
    for each in advisories:
        earlier = found.get(each.id)
        affected = (*earlier.affected, *each.affected) if earlier else each.affected
        found[each.id] = msgspec.structs.replace(each, ecosystem=ecosystem, affected=affected)
    return found


def _identity(path: Path) -> tuple[tuple[int, int, int] | None, ...]:
    found: list[tuple[int, int, int] | None] = []
    for each in (path, _layout.delta_of(path)):
        try:
            state = os.stat(each)  # noqa: PTH116 - one call, asked often
        except OSError:
            found.append(None)
        else:
            found.append((state.st_ino, state.st_size, state.st_mtime_ns))
    return tuple(found)


def _check(connection: sqlite3.Connection, path: Path, schema: str = "main") -> None:
    if connection.execute(f"PRAGMA {schema}.application_id").fetchone()[0] != _layout.APPLICATION_ID:
        raise CorruptDatabase(str(path), "it is not an advisory database")
    layout = connection.execute(f"PRAGMA {schema}.user_version").fetchone()[0]
    if layout != _layout.LAYOUT:
        raise WrongSchema(str(path), int(layout), _layout.LAYOUT)
    # A file from elsewhere could bring triggers or views: ours has tables, and the indexes SQLite makes for them.
    strange = f"SELECT 1 FROM {schema}.sqlite_master WHERE type NOT IN ('table', 'index')"  # noqa: S608 - our own word
    if connection.execute(strange).fetchone():
        raise CorruptDatabase(str(path), "it holds more than tables")
    if not _layout.meta(connection, schema, "digest"):
        raise CorruptDatabase(str(path), "it was not finished")


def _attach_delta(connection: sqlite3.Connection, base: Path) -> Path | None:
    """Attach the changes that belong to this base; else nothing. Gives the file that is used."""
    path = _layout.delta_of(base)
    if path.is_file():
        try:
            _layout.attach_readonly(connection, path, "delta")
        except sqlite3.OperationalError:
            if path.is_file():
                raise
            # Taken away between the two calls: open() sees that and starts again.
        else:
            if _layout.meta(connection, "delta", "base") == _layout.meta(connection, "main", "build"):
                _check(connection, path, "delta")
                return path
            connection.execute("DETACH delta")
    _layout.attach_readonly(connection, None, "delta")
    return None
