"""Finds what compilers leave in executables, without running or mapping them: sections by name (ELF, PE, Mach-O) and
Go's build information. Everything is bounds-checked by slicing: a lying header gives an empty answer."""

import struct
import zlib

MAX_SECTIONS = 4096
MAX_UNPACKED = 16 << 20
GO_MAGIC = b"\xff Go buildinf:"
_MAX_FINDS = 64
_MACHO = {b"\xcf\xfa\xed\xfe": "<", b"\xfe\xed\xfa\xcf": ">"}


class Old(Exception):  # noqa: N818 - an answer, not an error
    """Build information of Go before 1.18: pointers into memory, which are not followed."""


def executable(content: bytes) -> bool:
    """Whether the first bytes are those of an ELF, PE or Mach-O file."""
    return content.startswith((b"\x7fELF", b"MZ", *_MACHO, b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"))


def section(content: bytes, name: str) -> bytes:
    """The first section of this name; empty when there is none or the headers do not hold together."""
    try:
        if content.startswith(b"\x7fELF"):
            return _elf(content, name.encode())
        if content.startswith(b"MZ"):
            return _pe(content, name.encode())
        if content[:4] in _MACHO:
            return _macho(content, name.encode(), _MACHO[content[:4]])
    except (struct.error, OverflowError):  # a header that is cut off, or points beyond what an offset can be
        return b""
    return b""


def _elf(content: bytes, name: bytes) -> bytes:
    wide, order = content[4:5] == b"\x02", ">" if content[5:6] == b"\x02" else "<"
    if wide:
        (start,) = struct.unpack_from(f"{order}Q", content, 40)
        size, count, names = struct.unpack_from(f"{order}HHH", content, 58)
    else:
        (start,) = struct.unpack_from(f"{order}I", content, 32)
        size, count, names = struct.unpack_from(f"{order}HHH", content, 46)
    layout, at = (f"{order}II8x8xQQ", start) if wide else (f"{order}II4x4xII", start)
    headers = [struct.unpack_from(layout, content, at + i * size) for i in range(min(count, MAX_SECTIONS))]
    if names >= len(headers):
        return b""
    base = headers[names][2]
    for label, _, offset, length in headers:
        if content[base + label : base + label + len(name) + 1] == name + b"\0":
            return content[offset : offset + length]
    return b""


def _pe(content: bytes, name: bytes) -> bytes:
    (header,) = struct.unpack_from("<I", content, 60)
    if content[header : header + 4] != b"PE\0\0":
        return b""
    (count,) = struct.unpack_from("<H", content, header + 6)
    (optional,) = struct.unpack_from("<H", content, header + 20)
    for i in range(min(count, MAX_SECTIONS)):
        at = header + 24 + optional + i * 40
        label, length, size, offset = struct.unpack_from("<8sI4xII", content, at)
        if label.rstrip(b"\0") == name[:8]:
            return content[offset : offset + min(size, length or size)]
    return b""


def _macho(content: bytes, name: bytes, order: str) -> bytes:
    (commands,) = struct.unpack_from(f"{order}I", content, 16)
    at = 32
    for _ in range(min(commands, MAX_SECTIONS)):
        kind, size = struct.unpack_from(f"{order}II", content, at)
        if kind == 0x19:  # LC_SEGMENT_64
            (sections,) = struct.unpack_from(f"{order}I", content, at + 64)
            for i in range(min(sections, MAX_SECTIONS)):
                label, length, offset = struct.unpack_from(f"{order}16s16x8xQI", content, at + 72 + i * 80)
                if label.rstrip(b"\0") == name:
                    return content[offset : offset + length]
        at += max(size, 8)
    return b""


def inflate(content: bytes) -> bytes:
    """Unpacked zlib data, empty when broken or larger than MAX_UNPACKED."""
    machine = zlib.decompressobj()
    try:
        unpacked = machine.decompress(content, MAX_UNPACKED)
    except zlib.error:
        return b""
    return unpacked if machine.eof else b""


def go_build(content: bytes) -> tuple[str, str] | None:
    """Go's version and module information (debug/buildinfo): None when there is none. Raises Old."""
    at, old = -1, False
    for _ in range(_MAX_FINDS):
        at = content.find(GO_MAGIC, at + 1)
        if at < 0:
            break
        if at % 16:
            continue  # the linker aligns it; elsewhere it is a constant of a program that reads such information
        if content[at + 15 : at + 16] and content[at + 15] & 2:
            version, after = _inline(content, at + 32)
            information, _ = _inline(content, after)
            if version.startswith(("go", "devel")):
                return version, information[16:-16]  # between two marks of 16 bytes
        else:
            old = True
    if old:
        raise Old
    return None


def _inline(content: bytes, at: int) -> tuple[str, int]:
    """A text behind its length (unsigned varint), and where it ends."""
    length = shift = 0
    for _ in range(10):
        byte = content[at] if at < len(content) else 0
        length |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    end = min(at + min(length, MAX_UNPACKED), len(content))
    return content[at:end].decode("latin-1"), end
