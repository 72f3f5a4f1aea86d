"""Results of earlier runs, by content: one SQLite file, safe under two runs at once, disposable at any time.

A cache that somebody else made could hide findings, so the file carries a mark made with a key that stays in the user's
own cache folder; a file without the right mark is thrown away. Values never hold secrets: scanners mask first.
"""

import contextlib
import hashlib
import hmac
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from pavedroad.infra.errors import CacheError
from pavedroad.infra.walk import FileEntry

_SCHEMA_VERSION = "3"
_KEEP_SECONDS = 30 * 24 * 3600
_MAX_BYTES = 512 << 20
# A file changed within this time of being hashed may change again without a new time stamp (git calls it "racy").
_RACY_NS = 2_000_000_000

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (raw BLOB PRIMARY KEY, known BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (scanner TEXT, key BLOB, value BLOB, made INTEGER,
                                    PRIMARY KEY (scanner, key)) WITHOUT ROWID;
"""


def content_digest(content: bytes) -> bytes:
    """SHA-256 of a file's content."""
    return hashlib.sha256(content).digest()


def blob_digest(blob_id: str) -> bytes:
    """git's own name of a content (40 or 64 hex digits), as a digest; it never equals one of ``content_digest``."""
    return b"git" + bytes.fromhex(blob_id)


def result_key(path: bytes, digest: bytes) -> bytes:
    """The key of one file's result: content and path, because detectors look at names too. 160 bits of the content's
    digest stay; hashing both would cost a run that the cache answers a tenth of its time."""
    return digest[:23] + path


def _machine_key(folder: Path) -> bytes:
    """The key that marks caches made by this user; made on first use, readable by its owner only."""
    if chosen := os.environ.get("PAVED_CACHE_KEY"):
        return hashlib.sha256(chosen.encode("utf-8", "surrogateescape")).digest()
    path = folder / "cache.key"
    with contextlib.suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) == 32:
            return key
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f"cache.key.{os.getpid()}.{os.urandom(4).hex()}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(os.urandom(32))
    try:
        # link() fails when another run was first, so two runs at once agree on one key.
        os.link(fresh, path)
    except FileExistsError:
        if len(path.read_bytes()) != 32:
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_bytes()


class ResultCache:
    """Use through :func:`open_cache`. Every method may raise CacheError; the run then goes on without a cache."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def files(self) -> dict[bytes, bytes]:
        """The files of earlier runs by raw path: the stamp each had, followed by the digest of its content."""
        with _translated():
            return dict(self._db.execute("SELECT raw, known FROM files").fetchall())

    def remember_digests(self, digests: Mapping[bytes, bytes], entries: Iterable[FileEntry]) -> None:
        """Keep digests for files that have been still for a while."""
        now = time.time_ns()
        rows = [
            (e.raw, e.stamp + digests[e.raw]) for e in entries if e.raw in digests and now - e.changed_ns > _RACY_NS
        ]
        with _translated(), self._db:
            self._db.executemany("INSERT OR REPLACE INTO files VALUES (?,?)", rows)

    def results(self, scanner: str) -> dict[bytes, bytes]:
        """Every stored result of ``scanner`` (a name with its digest): key to encoded value."""
        with _translated():
            return dict(self._db.execute("SELECT key, value FROM results WHERE scanner = ?", (scanner,)).fetchall())

    def store(self, scanner: str, results: Mapping[bytes, bytes]) -> None:
        """Keep results, in one transaction."""
        now = int(time.time())
        with _translated(), self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO results VALUES (?,?,?,?)",
                [(scanner, key, value, now) for key, value in results.items()],
            )

    def prune(self) -> None:
        """Forget what is old; start over when the file has grown out of bounds."""
        with _translated(), self._db:
            self._db.execute("DELETE FROM results WHERE made < ?", (int(time.time()) - _KEEP_SECONDS,))
            pages = self._db.execute("PRAGMA page_count").fetchone()[0]
            size = self._db.execute("PRAGMA page_size").fetchone()[0]
            if pages * size > _MAX_BYTES:
                self._db.execute("DELETE FROM results")
                self._db.execute("DELETE FROM files")

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()


class _translated(contextlib.AbstractContextManager["_translated"]):  # noqa: N801 - reads as a verb
    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise CacheError(
                f"the cache failed: {error}", next_step="delete .paved/cache; nothing but time is lost"
            ) from error


def _mark(key: bytes, identity: str) -> str:
    return hmac.new(key, f"pavedroad-cache-{_SCHEMA_VERSION}:{identity}".encode(), "sha256").hexdigest()


def _is_ours(db: sqlite3.Connection, key: bytes) -> bool:
    meta = dict(db.execute("SELECT name, value FROM meta").fetchall())
    return hmac.compare_digest(meta.get("mark", ""), _mark(key, meta.get("identity", "")))


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=20, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    return db


def _create(path: Path, key: bytes) -> sqlite3.Connection:
    db = _connect(path)
    with db:
        db.execute("BEGIN IMMEDIATE")
        for statement in _TABLES.split(";"):
            db.execute(statement)
        if not db.execute("SELECT 1 FROM meta").fetchone():
            identity = os.urandom(16).hex()
            db.executemany("INSERT INTO meta VALUES (?,?)", [("identity", identity), ("mark", _mark(key, identity))])
    return db


def _discard(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def open_cache(folder: Path, user_cache: Path) -> ResultCache:
    """The cache in ``folder``, made or remade as needed. Raises CacheError (full disk, no permission, link in the
    way)."""
    path = folder / "results.sqlite3"
    try:
        if any(part.is_symlink() for part in (folder.parent, folder, path)):
            raise CacheError("the cache folder is a symbolic link", where=str(folder), next_step="remove the link")
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        key = _machine_key(user_cache)
        return ResultCache(_open_or_remake(path, key))
    except (OSError, sqlite3.Error) as error:
        raise CacheError(
            f"the cache cannot be used: {error}",
            where=str(folder),
            next_step="free space, or make the folder writable; the run goes on without it",
        ) from error


def _open_or_remake(path: Path, key: bytes) -> sqlite3.Connection:
    try:
        db = _create(path, key)
        if _is_ours(db, key):
            return db
        db.close()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
    _discard(path)
    return _create(path, key)
