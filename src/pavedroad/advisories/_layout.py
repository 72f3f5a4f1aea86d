"""The database files: layout, blobs, and the ways to open them. Private to the room.

Two files make one database. The base (``osv.sqlite3``) holds an import as a whole; the delta beside it
(``osv.sqlite3.delta``) what changed since, in the same tables, and in ``gone`` the records of either file that no
longer hold. Both are only ever replaced by a rename, never changed in place. A delta belongs to the base whose
``build`` it names; beside another base it is a leftover.

``headers`` hold what a record says, ``affected`` what it says about one package (so a look-up decodes only that),
``names`` every id and alias, ``records`` the few facts that tell whether an entry of a source is known already.
"""

import sqlite3
import zlib
from pathlib import Path

LAYOUT = 2
APPLICATION_ID = 0x50415645  # "PAVE"
MAX_BLOB = 64 << 20
DELTA = ".delta"
_COMPRESS_ABOVE = 200

TABLES = {
    "meta": "key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "ecosystems": "name TEXT PRIMARY KEY, facts BLOB NOT NULL) WITHOUT ROWID",
    "spellings": "ecosystem TEXT PRIMARY KEY) WITHOUT ROWID",
    "records": "id TEXT NOT NULL, source TEXT NOT NULL, record INTEGER NOT NULL, stamp BLOB NOT NULL,"
    " flags INTEGER NOT NULL, PRIMARY KEY (id, source)) WITHOUT ROWID",
    "headers": "record INTEGER PRIMARY KEY, source TEXT NOT NULL, data BLOB NOT NULL)",
    "affected": "ecosystem TEXT NOT NULL, name TEXT NOT NULL, record INTEGER NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (ecosystem, name, record)) WITHOUT ROWID",
    "names": "name TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (name, record)) WITHOUT ROWID",
    "broken": "ecosystem TEXT NOT NULL, entry TEXT NOT NULL, problem TEXT NOT NULL,"
    " PRIMARY KEY (ecosystem, entry)) WITHOUT ROWID",
    "gone": "record INTEGER PRIMARY KEY)",
}

# Words that most records hold, the most frequent last (zlib looks backwards): a preset dictionary makes short texts
# a third smaller. Changing it changes the layout.
_DICTIONARY = (
    b"https://nvd.nist.gov/vuln/detail/CVE-20https://github.com/advisories/GHSA-https://pkg.go.dev/vuln/GO-20"
    b"https://rustsec.org/advisories/RUSTSEC-20https://crates.io/crates/https://access.redhat.com/errata/RHSA-20"
    b"https://errata.almalinux.org/https://bugzilla.redhat.com/show_bug.cgi?id=https://security-tracker.debian.org/"
    b"https://pypi.org/project/https://www.npmjs.com/package/https://groups.google.com/https://lists.debian.org/"
    b"a remote attacker to cause a denial of service via a crafted request allows attackers to execute arbitrary code "
    b'vulnerability in the package "},{"url":"https://github.com//security/advisories/pull/commit/issues/releases/tag/'
    b'"title":"report"},{"url":"","title":"advisory"},{"url":"https://","title":"fix"},{"title":"web"},{"url":"'
    b'"cwe":[79],"severity_word":"moderate","vectors":["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"],'
    b'"published":"2024-01-01T00:00:00Z","modified":"2024-01-01T00:00:00Z","aliases":["CVE-20","GHSA-"],'
    b'"details":"### Impact\\n\\n### Patches\\n\\n### Workarounds\\n\\n### References\\n\\n","summary":"'
    b'[{"ranges":[{"events":[{"introduced":"0"},{"fixed":"1.0.0"},{"last_affected":"1.0.0"}]}],"versions":["0.1.0","'
)


def pack(data: bytes) -> bytes:
    """JSON as stored: long texts are deflated. Ours begin with ``{`` or ``[``, a zlib stream with ``x``."""
    if len(data) <= _COMPRESS_ABOVE:
        return data
    deflater = zlib.compressobj(4, zdict=_DICTIONARY)
    return deflater.compress(data) + deflater.flush()


def unpack(blob: bytes) -> bytes:
    """The JSON of a blob, at most MAX_BLOB bytes. Raises ValueError for anything else."""
    if blob[:1] != b"x":
        return blob
    inflater = zlib.decompressobj(zdict=_DICTIONARY)
    try:
        data = inflater.decompress(blob, MAX_BLOB)
    except zlib.error as error:
        raise ValueError("a stored record is damaged") from error
    if not inflater.eof:
        raise ValueError("a stored record is cut off or too large")
    return data


def delta_of(base: Path) -> Path:
    """Where the changes since ``base`` are kept."""
    return base.with_name(base.name + DELTA)


def _schema(prefix: str = "") -> str:
    return "".join(f"CREATE TABLE {prefix}{name} ({columns};" for name, columns in TABLES.items())


def _prepare_for_writing(connection: sqlite3.Connection) -> None:
    """A crash loses the new file, never an old one: so no journal is kept."""
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;")


def connect_new(path: Path) -> sqlite3.Connection:
    """A fresh, empty database file for one builder."""
    connection = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    connection.execute("PRAGMA page_size=8192")
    _prepare_for_writing(connection)
    connection.executescript(
        f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={LAYOUT};" + _schema() + "BEGIN;"
    )
    return connection


def connect_copy(path: Path) -> sqlite3.Connection:
    """A copy of a delta, to be written on by one builder."""
    connection = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    _prepare_for_writing(connection)
    connection.execute("BEGIN")
    return connection


def attach_readonly(connection: sqlite3.Connection, path: Path | None, name: str) -> None:
    """Attach a finished file, or an empty one in memory. ``immutable`` is true: an update replaces files, and this
    connection keeps the old ones."""
    if path is not None:
        connection.execute(f"ATTACH ? AS {name}", (f"{path.absolute().as_uri()}?mode=ro&immutable=1",))
    else:
        connection.execute(f"ATTACH ? AS {name}", ("file::memory:?cache=private",))
        connection.executescript(_schema(f"{name}."))


def connect_readonly(path: Path) -> sqlite3.Connection:
    """One finished file."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def meta(connection: sqlite3.Connection, schema: str, key: str) -> str:
    """One value of a file's own facts, empty when it has none."""
    row = connection.execute(f"SELECT value FROM {schema}.meta WHERE key = ?", (key,)).fetchone()  # noqa: S608
    return str(row[0]) if row else ""
