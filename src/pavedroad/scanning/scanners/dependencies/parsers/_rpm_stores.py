"""The three containers that hold RPM headers: SQLite, ndb and Berkeley DB hash, each read from bytes.

ndb: lib/backend/ndb of rpm (slots of 16 bytes, blobs in blocks of 16 bytes, little-endian). Berkeley DB: the hash
access method of version 5.3 (page layout in dbinc/db_page.h), as far as reading every value once needs it.
"""

import sqlite3
import struct
from collections.abc import Iterator

MAX_PACKAGES = 200_000
_SQLITE = b"SQLite format 3\0"
_NDB_HEADER, _NDB_SLOT, _NDB_BLOB = b"RpmP", b"Slot", b"BlbS"
_SLOT = struct.Struct("<4sIII")
_BDB_MAGIC = 0x00061561
_BDB_HEADER = 26
_HASH_PAGES, _OVERFLOW = (2, 13), 7
_KEYDATA, _OFFPAGE = 1, 3
_MAX_STEPS = 2_000  # of 100,000 instructions of SQLite each: some seconds


def headers(content: bytes) -> Iterator[bytes]:
    """Every header blob. Raises ValueError, in the middle too, for a container that is broken or of no known kind."""
    if content.startswith(_SQLITE):
        return _sqlite(content)
    if content.startswith(_NDB_HEADER):
        return _ndb(content)
    for order in "<>":
        if len(content) >= 512 and struct.unpack_from(f"{order}I", content, 12)[0] == _BDB_MAGIC:
            return _bdb(content, order)
    raise ValueError("not a package database of a kind that is known here")


def _sqlite(content: bytes) -> Iterator[bytes]:
    db = sqlite3.connect(":memory:")
    try:
        # A database that says it writes ahead cannot be opened from memory; the flag is two bytes of its header.
        db.deserialize(content[:18] + b"\x01\x01" + content[20:])
        db.execute("PRAGMA trusted_schema=OFF")
        db.set_authorizer(_only_reading)
        budget = iter(range(_MAX_STEPS))
        db.set_progress_handler(lambda: next(budget, None) is None, 100_000)
        for count, (blob,) in enumerate(db.execute("SELECT blob FROM Packages")):
            if count >= MAX_PACKAGES or not isinstance(blob, bytes):
                raise ValueError("too many packages, or one that is no blob")
            yield blob
    except sqlite3.Error as error:
        raise ValueError(f"a broken SQLite database: {error}") from error
    finally:
        db.close()


def _only_reading(action: int, *_: object) -> int:
    """Views and triggers of a hostile file may do nothing but read."""
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


def _ndb(content: bytes) -> Iterator[bytes]:
    pages = struct.unpack_from("<I", content, 12)[0]
    if not pages or pages * 4096 > len(content):
        raise ValueError("a file shorter than its list of slots")
    slots = pages * 4096 // _SLOT.size
    if slots > MAX_PACKAGES * 2:
        raise ValueError("too many slots")
    for number in range(2, slots):
        magic, package, block, _ = _SLOT.unpack_from(content, number * _SLOT.size)
        if magic != _NDB_SLOT:
            raise ValueError("a broken slot")
        if package == 0 or block == 0:
            continue
        start = block * _SLOT.size
        if start + _SLOT.size > len(content):
            raise ValueError("a slot that points out of the file")
        magic, named, _, size = _SLOT.unpack_from(content, start)
        end = start + _SLOT.size + size
        if magic != _NDB_BLOB or named != package or end > len(content):
            raise ValueError("a broken blob")
        yield content[start + _SLOT.size : end]


def _bdb(content: bytes, order: str) -> Iterator[bytes]:
    size = struct.unpack_from(f"{order}I", content, 20)[0]
    if size not in (512 << n for n in range(8)):
        raise ValueError("a page size that cannot be")
    left = len(content)  # overflow chains of a hostile file may share pages: all values together are no larger than it
    for start in range(size, len(content) - size + 1, size):
        if content[start + 25] not in _HASH_PAGES:
            continue
        entries = struct.unpack_from(f"{order}H", content, start + 20)[0]
        if _BDB_HEADER + 2 * entries > size:
            raise ValueError("a page with more entries than it has room for")
        places = struct.unpack_from(f"{order}{entries}H", content, start + _BDB_HEADER)
        for number in range(1, entries, 2):  # keys and values take turns
            value = _item(content, order, size, start, places[number], places[number - 1])
            left -= len(value)
            if left < 0:
                raise ValueError("values that overlap")
            if len(value) > 16:
                yield value


def _item(content: bytes, order: str, size: int, page: int, place: int, before: int) -> bytes:
    """One value. Items grow down from the page's end, so the one before it in the list starts where it ends."""
    at = page + place
    if not _BDB_HEADER <= place < size:
        raise ValueError("an item outside its page")
    kind = content[at]
    if kind == _KEYDATA:
        return content[at + 1 : page + before]
    if kind != _OFFPAGE or place + 12 > size:
        return b""
    number, length = struct.unpack_from(f"{order}II", content, at + 4)
    return _chain(content, order, size, number, length)


def _chain(content: bytes, order: str, size: int, number: int, length: int) -> bytes:
    parts, seen = [], 0
    while number and seen < length:
        start = number * size
        if start + size > len(content) or content[start + 25] != _OVERFLOW:
            raise ValueError("a chain that leads nowhere")
        number = struct.unpack_from(f"{order}I", content, start + 16)[0]
        used = struct.unpack_from(f"{order}H", content, start + 22)[0]
        if not used or _BDB_HEADER + used > size:
            raise ValueError("an empty or overfull page in a chain")
        parts.append(content[start + _BDB_HEADER : start + _BDB_HEADER + used])
        seen += used
    return b"".join(parts)[:length]
