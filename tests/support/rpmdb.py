"""Package databases of RPM, made of bytes: headers, and the three containers they come in."""

import sqlite3
import struct
from collections.abc import Iterable

_TAGS = {"name": 1000, "version": 1001, "release": 1002, "license": 1014, "arch": 1022}


def header(name: str, version: str = "1.0", release: str = "1", epoch: int | None = None, **fields: str) -> bytes:
    """One header. ``fields`` are ``arch`` and ``license``."""
    entries, store = b"", b""
    if epoch is not None:
        entries += struct.pack(">iIiI", 1003, 4, 0, 1)
        store = struct.pack(">I", epoch)
    for field, text in {"name": name, "version": version, "release": release, **fields}.items():
        entries += struct.pack(">iIiI", _TAGS[field], 6, len(store), 1)
        store += text.encode() + b"\0"
    return struct.pack(">II", len(entries) // 16, len(store)) + entries + store


def as_sqlite(blobs: Iterable[bytes]) -> bytes:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
    db.executemany("INSERT INTO Packages (blob) VALUES (?)", [(blob,) for blob in blobs])
    db.commit()
    try:
        return db.serialize()
    finally:
        db.close()


def as_ndb(blobs: Iterable[bytes]) -> bytes:
    """One page of slots, then the blobs in blocks of 16 bytes."""
    slots, body, block = b"", b"", 4096 // 16
    for number, blob in enumerate(blobs, 1):
        whole = struct.pack("<4sIII", b"BlbS", number, 0, len(blob)) + blob
        whole += b"\0" * (-len(whole) % 16) + b"\0" * 16
        slots += struct.pack("<4sIII", b"Slot", number, block, len(whole) // 16)
        body += whole
        block += len(whole) // 16
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0)
    first = struct.pack("<4sIIIIIII", b"RpmP", 0, 1, 1, 99, 0, 0, 0) + slots
    return first + free * ((4096 - len(first)) // 16) + body


def as_bdb(blobs: Iterable[bytes], order: str = "<", size: int = 512) -> bytes:
    """A metadata page, one hash page, and a chain of overflow pages for each blob."""
    blobs = list(blobs)
    meta = struct.pack(f"{order}QIIII", 0, 0, 0x00061561, 9, size).ljust(size, b"\0")
    items: list[bytes] = []
    chains, number = b"", 2
    for key, blob in enumerate(blobs):
        parts = [blob[at : at + size - 26] for at in range(0, len(blob), size - 26)]
        items += [b"\x01" + struct.pack("<I", key), b"\x03\0\0\0" + struct.pack(f"{order}II", number, len(blob))]
        for left, part in zip(range(len(parts) - 1, -1, -1), parts, strict=True):
            number += 1
            head = struct.pack(f"{order}QIIIHHBB", 0, number - 1, 0, number if left else 0, 1, len(part), 0, 7)
            chains += (head + part).ljust(size, b"\0")
    places, body, end = [], b"", size
    for item in items:
        end -= len(item)
        places.append(end)
        body = item + body
    head = struct.pack(f"{order}QIIIHHBB", 0, 1, 0, 0, len(items), end, 0, 13)
    head += struct.pack(f"{order}{len(places)}H", *places)
    return meta + head.ljust(size - len(body), b"\0") + body + chains
