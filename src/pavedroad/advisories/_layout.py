"""The database file: layout, blobs, and the two ways to open it. Private to the room.

``headers`` hold what a record says, ``affected`` what it says about one package (so a look-up decodes only that),
``names`` every id and alias. An ecosystem is always replaced as a whole; the file itself is never changed in place.
"""

import sqlite3
import zlib
from pathlib import Path

LAYOUT = 1
APPLICATION_ID = 0x50415645  # "PAVE"
MAX_BLOB = 64 << 20
_COMPRESS_ABOVE = 512

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ecosystems (name TEXT PRIMARY KEY, facts BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE headers (record INTEGER PRIMARY KEY, source TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE affected (
    ecosystem TEXT NOT NULL, name TEXT NOT NULL, record INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (ecosystem, name, record)
) WITHOUT ROWID;
CREATE TABLE names (name TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (name, record)) WITHOUT ROWID;
CREATE TABLE broken (ecosystem TEXT NOT NULL, entry TEXT NOT NULL, problem TEXT NOT NULL);
"""


def pack(data: bytes) -> bytes:
    """JSON as stored: long texts are deflated. Ours begin with ``{`` or ``[``, a zlib stream with ``x``."""
    return zlib.compress(data, 1) if len(data) > _COMPRESS_ABOVE else data


def unpack(blob: bytes) -> bytes:
    """The JSON of a blob, at most MAX_BLOB bytes. Raises ValueError for anything else."""
    if blob[:1] != b"x":
        return blob
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(blob, MAX_BLOB)
    except zlib.error as error:
        raise ValueError("a stored record is damaged") from error
    if not inflater.eof:
        raise ValueError("a stored record is cut off or too large")
    return data


def connect_new(path: Path) -> sqlite3.Connection:
    """A fresh, empty database for one builder. A crash loses this file, never the old one: so no journal is kept."""
    connection = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    connection.executescript(
        "PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
        f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={LAYOUT};" + SCHEMA + "BEGIN;"
    )
    return connection


def connect_readonly(path: Path) -> sqlite3.Connection:
    """The finished file. ``immutable`` is true: an update replaces the file, this connection keeps the old one."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
