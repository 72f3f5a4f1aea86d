"""The header of one installed RPM package as its database holds it (RPM package format, "Header"): index and store.

A number of entries and a number of bytes (big-endian), then entries of tag, type, offset and count, then the store.
"""

import struct

from pavedroad.core.noun import Noun

MAX_ENTRIES = 0x10000
MAX_STORE = 64 << 20
_LENGTHS = struct.Struct(">II")
_ENTRY = struct.Struct(">iIiI")
_INT32, _STRING, _STRINGS, _I18N = 4, 6, 8, 9
NAME, VERSION, RELEASE, EPOCH, LICENSE, ARCH, SOURCERPM = 1000, 1001, 1002, 1003, 1014, 1022, 1044
_WANTED = frozenset({NAME, VERSION, RELEASE, EPOCH, LICENSE, ARCH, SOURCERPM})


class Rpm(Noun, frozen=True, kw_only=True):
    """What the header says. ``epoch`` is None when there is none."""

    name: str
    version: str
    release: str
    epoch: int | None = None
    arch: str = ""
    licence: str = ""
    source: str = ""


def read_header(blob: bytes) -> Rpm:
    """Raises ValueError for what is no header, or one without name and version."""
    if len(blob) < _LENGTHS.size:
        raise ValueError("shorter than a header")
    entries, size = _LENGTHS.unpack_from(blob)
    store = _LENGTHS.size + entries * _ENTRY.size
    if not 0 < entries <= MAX_ENTRIES or size > MAX_STORE or store + size > len(blob):
        raise ValueError("lengths that do not fit")
    found: dict[int, str | int] = {}
    for number in range(entries):
        tag, kind, offset, count = _ENTRY.unpack_from(blob, _LENGTHS.size + number * _ENTRY.size)
        if tag in _WANTED and tag not in found and 0 <= offset < size and count:
            found[tag] = _value(blob, kind, store + offset, store + size)
    name, version, release = (str(found.get(tag, "")) for tag in (NAME, VERSION, RELEASE))
    if not name or not version:
        raise ValueError("no name or version")
    epoch = found.get(EPOCH)
    return Rpm(
        name=name,
        version=version,
        release=release,
        epoch=epoch if isinstance(epoch, int) else None,
        arch=str(found.get(ARCH, "")),
        licence=str(found.get(LICENSE, "")),
        source=str(found.get(SOURCERPM, "")),
    )


def _value(blob: bytes, kind: int, start: int, end: int) -> str | int:
    """The first value of an entry."""
    if kind == _INT32:
        if start + 4 > end:
            raise ValueError("a number that is cut off")
        return int.from_bytes(blob[start : start + 4], "big")
    if kind in (_STRING, _STRINGS, _I18N):
        stop = blob.find(b"\0", start, end)
        if stop < 0:
            raise ValueError("a text without an end")
        return blob[start:stop].decode("utf-8", "replace")
    return ""
