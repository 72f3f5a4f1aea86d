"""Reads zip archives that nobody trusts: streaming, bounded in entries, size and ratio. Names are only labels."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pavedroad.core.noun import Noun
from pavedroad.infra.errors import FileError

MIB = 1 << 20


class ZipLimits(Noun, frozen=True, kw_only=True):
    """Bounds, in bytes or counts. ``ratio`` is unpacked to packed size, judged above 1 MiB per entry and in total."""

    entries: int = 2_000_000
    entry_bytes: int = 32 * MIB
    total_bytes: int = 32 * 1024 * MIB
    ratio: int = 200


class ZipEntry(Noun, frozen=True, kw_only=True):
    """One file inside. ``label`` is its name made printable and short, ``name`` the name as it is: both only tell what
    it is, neither is ever a path to write to. ``problem`` says why ``content`` is empty."""

    label: str
    name: str = ""
    content: bytes = b""
    problem: str = ""


class ArchiveError(FileError):
    """The archive as a whole cannot or must not be read."""


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
    ValueError,
    MemoryError,
)


def printable(text: str, limit: int = 120) -> str:
    """``text`` with control characters replaced, at most ``limit`` characters."""
    return "".join(c if c.isprintable() else "?" for c in text[:limit])


def _check_whole(infos: list[zipfile.ZipInfo], limits: ZipLimits, where: str) -> None:
    if len(infos) > limits.entries:
        raise ArchiveError(f"the archive has {len(infos)} entries; at most {limits.entries} are read", where=where)
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > limits.total_bytes:
        raise ArchiveError(f"the archive unpacks to {total} bytes; at most {limits.total_bytes} are read", where=where)
    if total > MIB and total > packed * limits.ratio:
        raise ArchiveError(f"the archive unpacks to more than {limits.ratio} times its size (a zip bomb?)", where=where)


def _check_entry(info: zipfile.ZipInfo, limits: ZipLimits, where: str) -> str:
    """A problem of one entry in words, empty when none. Raises ArchiveError for a bomb."""
    if info.file_size > MIB and info.file_size > info.compress_size * limits.ratio:
        raise ArchiveError(f"an entry unpacks to more than {limits.ratio} times its size (a zip bomb?)", where=where)
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.file_size > limits.entry_bytes:
        return f"it has {info.file_size} bytes; at most {limits.entry_bytes} are read"
    return ""


def read_zip(
    source: Path | bytes,
    limits: ZipLimits | None = None,
    *,
    wanted: Callable[[str], bool] | None = None,
    differs: Callable[[str, int, int], bool] | None = None,
    where: str = "",
) -> Iterator[ZipEntry]:
    """Every file of the archive in its order, one at a time. An entry that cannot be read is yielded with its problem.

    ``source`` is a file or its content. ``wanted`` chooses entries by name, and the others are not unpacked.
    ``differs`` chooses by label, CRC-32 and size as the archive states them, to pass over what is known already.
    Nothing is written and no name is used as a path. Raises ArchiveError when the archive is broken as a whole or looks
    like a bomb.
    """
    limits = limits or ZipLimits()
    where = where or (str(source) if isinstance(source, Path) else "")
    try:
        archive = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
    except _BROKEN as error:
        raise ArchiveError(f"this is not a readable zip archive: {error}", where=where) from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check_whole(infos, limits, where)
        total = 0
        for info in infos:
            if wanted is not None and not wanted(info.filename):
                continue
            if differs is not None and not differs(printable(info.filename), info.CRC, info.file_size):
                continue
            entry = _read(archive, info, limits, where)
            total += len(entry.content)
            if total > limits.total_bytes:
                raise ArchiveError(f"the archive unpacks to more than {limits.total_bytes} bytes", where=where)
            yield entry


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: ZipLimits, where: str) -> ZipEntry:
    label = printable(info.filename)
    problem = _check_entry(info, limits, where)
    if problem:
        return ZipEntry(label=label, name=info.filename, problem=problem)
    try:
        with archive.open(info) as stream:
            content = stream.read(limits.entry_bytes + 1)
    except _BROKEN as error:
        return ZipEntry(label=label, name=info.filename, problem=f"it cannot be unpacked: {printable(str(error))}")
    if len(content) > limits.entry_bytes:
        return ZipEntry(label=label, name=info.filename, problem=f"it has more than {limits.entry_bytes} bytes")
    return ZipEntry(label=label, name=info.filename, content=content)


def extract(archive: Path, name: str, target: Path, max_bytes: int) -> tuple[int, str]:
    """Unpack one entry, named exactly, into ``target``; gives its size and SHA-256. Raises ArchiveError when it is
    absent, broken or larger than ``max_bytes``."""
    where, digest, size = str(archive), hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(name) as stream, target.open("wb") as out:
            while chunk := stream.read(MIB):
                size += len(chunk)
                if size > max_bytes:
                    raise ArchiveError(f"{printable(name)} unpacks to more than {max_bytes} bytes", where=where)
                digest.update(chunk)
                out.write(chunk)
    except KeyError as error:
        raise ArchiveError(f"the archive has no {printable(name)}", where=where) from error
    except _BROKEN as error:
        raise ArchiveError(f"{printable(name)} cannot be unpacked: {printable(str(error))}", where=where) from error
    return size, digest.hexdigest()


def write_zip(target: Path, entries: dict[str, Path | bytes]) -> None:
    """Write a zip whose bytes depend on nothing but the names and contents, in the given order."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as out:
                if isinstance(content, bytes):
                    out.write(content)
                    continue
                with content.open("rb") as stream:
                    while chunk := stream.read(MIB):
                        out.write(chunk)
