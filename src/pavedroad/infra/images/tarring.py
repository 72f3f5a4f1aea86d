"""A layer's tar as entries: one pass, no seeking, bounded also where the tar format lets a header be huge."""

import tarfile
from collections.abc import Callable, Iterator
from typing import IO, Any

import msgspec

from pavedroad.infra.images.errors import LayerError

MAX_HEADER = 1 << 20
MAX_PATH = 4096
BUFFER = 1 << 16  # tarfile copies what is left of its buffer with every header: a large one costs a third of the pass
_KINDS = {
    tarfile.DIRTYPE: "directory",
    tarfile.SYMTYPE: "symlink",
    tarfile.LNKTYPE: "hardlink",
    tarfile.CHRTYPE: "special",
    tarfile.BLKTYPE: "special",
    tarfile.FIFOTYPE: "special",
}
Wants = Callable[[str, int], bool]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as the tar has it, its path made relative. ``problem`` says why it must not be taken."""

    path: str
    kind: str
    size: int
    mode: int
    uid: int
    gid: int
    target: str = ""
    content: bytes | None = None
    problem: str = ""


class _Bounded(tarfile.TarInfo):
    """Refuses extended headers that would be read into memory whole: a few bytes can announce gigabytes."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> tarfile.TarInfo:  # type: ignore[override]
        """A header in the middle that cannot be read is an error; tarfile itself takes it for the end, silently."""
        try:
            return super().fromtarfile(archive)
        except (tarfile.EmptyHeaderError, tarfile.EOFHeaderError):  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"a broken entry header: {error}") from error

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        extended = self.type in (
            tarfile.XHDTYPE,
            tarfile.XGLTYPE,
            tarfile.SOLARIS_XHDTYPE,
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
        )
        if self.size < 0 or (extended and self.size > MAX_HEADER):
            raise tarfile.ReadError(f"an entry header of {self.size} bytes")
        parent: Any = super()
        member: tarfile.TarInfo = parent._proc_member(archive)  # noqa: SLF001 - tarfile's own hook for headers
        return member


def clean(name: str) -> str:
    """The path relative to the root, empty for the root itself. Raises ValueError for one that leads out of the image
    or cannot be a path."""
    if len(name) > MAX_PATH or "\0" in name:
        raise ValueError("a path that is too long or holds a NUL")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError("a path that leads out of the image")
    return "/".join(parts)


def members(stream: IO[bytes], wants: Wants, most: int) -> Iterator[Member]:
    """Every entry in order. ``wants(path, size)`` is asked for files of at most ``most`` bytes, whose content is then
    read. Raises LayerError for a broken tar."""
    try:
        with tarfile.open(
            fileobj=stream, mode="r|", tarinfo=_Bounded, bufsize=BUFFER, errorlevel=2, encoding="utf-8",
            errors="surrogateescape",
        ) as archive:  # fmt: skip
            for info in archive:
                forget(archive)
                yield _member(archive, info, wants, most)
    except (tarfile.TarError, OSError, ValueError, OverflowError, EOFError, RecursionError, IndexError) as error:
        if isinstance(error, LayerError):
            raise
        raise LayerError(f"the layer is not a valid tar: {type(error).__name__}", next_step="fetch it again") from error


def forget(archive: Any) -> None:
    """tarfile remembers every entry it has given, which would hold a million of them."""
    archive.members.clear()


def shown(name: str) -> str:
    """A name fit for reports: bytes that are not UTF-8 become ``\\xNN``, as for files of a tree."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, wants: Wants, most: int) -> Member:
    kind = "file" if info.isreg() or info.type not in _KINDS else _KINDS[info.type]
    try:
        path, problem = shown(clean(info.name)), ""
        target = shown(clean(info.linkname)) if kind == "hardlink" else shown(info.linkname[:MAX_PATH])
    except ValueError as error:
        path, target, problem = shown(info.name[:200]), "", str(error)
    content = None
    if kind == "file" and not problem and info.size <= most and wants(path, info.size):
        opened = archive.extractfile(info)
        content = opened.read() if opened is not None else b""
    return Member(
        path=path,
        kind=kind,
        size=info.size,
        mode=info.mode & 0o7777,
        uid=info.uid,
        gid=info.gid,
        target=target,
        content=content,
        problem=problem,
    )
