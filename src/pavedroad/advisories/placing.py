"""Puts finished files in place, and writes a base and its delta together into a new base."""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from pavedroad.advisories import _layout
from pavedroad.advisories.errors import AdvisoryError, CorruptDatabase
from pavedroad.advisories.model import EcosystemFacts


def belongs(delta: Path, base: Path) -> bool:
    """Whether the delta is about this base."""
    if not delta.is_file():
        return False
    connection = _layout.connect_readonly(base)
    try:
        _layout.attach_readonly(connection, delta, "delta")
        return _layout.meta(connection, "delta", "base") == _layout.meta(connection, "main", "build")
    except sqlite3.DatabaseError as error:
        raise CorruptDatabase(str(delta), str(error)) from error
    finally:
        connection.close()


_COPY = "INSERT INTO main.{table} SELECT * FROM {layer}.{table} t WHERE"
_ALIVE = "NOT EXISTS (SELECT 1 FROM delta.gone g WHERE g.record = t.record)"


def _copies() -> Iterator[str]:
    for table in ("headers", "affected", "names", "records"):
        for layer in ("base", "delta"):
            yield f"{_COPY.format(table=table, layer=layer)} {_ALIVE}"
    yield "INSERT INTO main.spellings SELECT * FROM base.spellings UNION SELECT * FROM delta.spellings"
    yield "INSERT INTO main.ecosystems SELECT * FROM delta.ecosystems"
    yield "INSERT INTO main.broken SELECT * FROM delta.broken"


def compact(base: Path, delta: Path, target: Path) -> None:
    """Write base and delta together into a new base at ``target``: the same input gives the same bytes. Raises
    CorruptDatabase."""
    target.unlink(missing_ok=True)
    connection = _layout.connect_new(target)
    try:
        connection.execute("COMMIT")
        _layout.attach_readonly(connection, base, "base")
        _layout.attach_readonly(connection, delta, "delta")
        connection.execute("BEGIN")
        for statement in _copies():
            connection.execute(statement)
        builds = "".join(_layout.meta(connection, layer, "build") for layer in ("base", "delta"))
        digest = _layout.meta(connection, "delta", "digest")
        build = hashlib.sha256(builds.encode()).hexdigest()[:32]
        connection.executemany(
            "INSERT INTO main.meta VALUES (?, ?)", [("digest", digest), ("build", build), ("base", "")]
        )
        connection.execute("COMMIT")
    except sqlite3.OperationalError:
        raise  # a full disk, most often: the caller says so
    except sqlite3.DatabaseError as error:
        raise CorruptDatabase(str(base), str(error)) from error
    finally:
        connection.close()


def digest_of(facts: Iterable[EcosystemFacts]) -> str:
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
