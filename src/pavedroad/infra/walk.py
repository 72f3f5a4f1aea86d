"""One walk of the tree: which files there are, without ever following a link out of it.

In a git work tree git says which files count (so every rule of .gitignore holds exactly); elsewhere the folders are
read and .gitignore files are honoured. ``.pavedignore`` (same syntax) is applied on top of both.
"""

import os
import stat
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pavedroad.core.coverage import Skipped
from pavedroad.infra.errors import FileError
from pavedroad.infra.git import Repository

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".pavedignore"
_NEVER = frozenset({b".git", b".hg", b".svn"})
_OWN = (b".paved/cache/", b".paved/reports/")
_MAX_IGNORE_BYTES = 1 << 20
_MAX_DEPTH = 200
_EXAMPLES = 5
_PEEK = 8192
STAMP = struct.Struct("<qqqQ")


class FileEntry(msgspec.Struct, frozen=True):
    """One regular file. ``path`` is for people and reports, ``raw`` the relative path as bytes, to open it.

    ``size`` is in bytes. ``stamp`` recognises an unchanged file: its size, the times of its last change and of its last
    change of state (ns), and its inode, packed, because a run compares one per file of the tree.
    """

    path: str
    raw: bytes
    size: int
    stamp: bytes

    @property
    def changed_ns(self) -> int:
        """When content or state changed last, in ns since 1970."""
        _, modified, changed, _ = STAMP.unpack(self.stamp)
        return int(max(modified, changed))


class WalkLimits(msgspec.Struct, frozen=True):
    """Bounds of one walk: bytes per file, and number of files."""

    file_size: int
    files: int


class WalkResult(msgspec.Struct, frozen=True):
    """The files to look at, and what was passed over and why. ``oversize`` are text files over the size limit;
    ``untracked`` are the raw paths that git does not track yet; ``state_tracked`` says that git tracks what runs left
    behind here, so that a change can bring it along."""

    entries: tuple[FileEntry, ...]
    skipped: tuple[Skipped, ...]
    oversize: tuple[str, ...]
    truncated: bool
    untracked: frozenset[bytes] = frozenset()
    state_tracked: bool = False


def shown(raw: bytes) -> str:
    """The path as text: bytes that are not UTF-8 become ``\\xNN``, so every path can be written into every report."""
    return raw.decode("utf-8", "backslashreplace")


class _Tally:
    def __init__(self) -> None:
        self._counts: Counter[tuple[str, bool]] = Counter()
        self._examples: dict[tuple[str, bool], list[str]] = {}

    def add(self, reason: str, path: bytes, *, harmless: bool = True) -> None:
        key = (reason, harmless)
        self._counts[key] += 1
        examples = self._examples.setdefault(key, [])
        if len(examples) < _EXAMPLES:
            examples.append(shown(path))

    def skipped(self) -> tuple[Skipped, ...]:
        return tuple(
            Skipped(reason=reason, count=count, examples=tuple(self._examples[reason, harmless]), harmless=harmless)
            for (reason, harmless), count in sorted(self._counts.items())
        )


def walk(
    root: Path,
    limits: WalkLimits,
    *,
    repository: Repository | None = None,
    only: str = "",
    ignore: tuple[str, ...] = (),
) -> WalkResult:
    """All files under ``root`` (under ``root/only`` when given). Raises FileError when the root itself cannot be
    read."""
    if not root.is_dir():
        raise FileError("there is no such folder", where=str(root), next_step="give the path of a project")
    tally = _Tally()
    untracked: set[bytes] = set()
    own: list[bytes] = []
    closed: list[tuple[bytes, str]] = []
    candidates = (
        _from_git(root, repository, tally, untracked, own, closed) if repository else _from_folders(root, tally, closed)
    )
    ignored = _ignored_by(_ignore_spec(root, ignore))
    prefix = os.fsencode(only.strip("/"))
    entries: list[FileEntry] = []
    oversize: list[str] = []
    truncated = False
    for raw, info in candidates:
        if prefix and raw != prefix and not raw.startswith(prefix + b"/"):
            continue
        if ignored is not None and ignored(raw):
            tally.add(f"matched by {IGNORE_FILE} or scan.ignore", raw)
            continue
        if info.st_size > limits.file_size:
            _judge_oversize(root, raw, limits.file_size, tally, oversize)
            continue
        if truncated := len(entries) >= limits.files:
            break
        entries.append(_entry(raw, info))
    for folder, reason in closed:
        asked = not prefix or (folder + b"/").startswith(prefix + b"/") or (prefix + b"/").startswith(folder + b"/")
        if asked and not (ignored is not None and ignored(folder + b"/-")):
            tally.add(f"folder cannot be read: {reason}", folder, harmless=False)
    entries.sort(key=attrgetter("raw"))
    return WalkResult(tuple(entries), tally.skipped(), tuple(oversize), truncated, frozenset(untracked), bool(own))


def _entry(raw: bytes, info: os.stat_result, pack: Callable[..., bytes] = STAMP.pack) -> FileEntry:
    path = raw.decode("utf-8", "backslashreplace")
    return FileEntry(path, raw, size := info.st_size, pack(size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino))


def _judge_oversize(root: Path, raw: bytes, limit: int, tally: _Tally, oversize: list[str]) -> None:
    """Large binaries are passed over; a large text could hide something, so it counts as a gap."""
    size = f"larger than {limit >> 20} MiB" if limit >= 1 << 20 else f"larger than {limit} bytes"
    try:
        head = read_bounded(root, raw, _PEEK, whole=False)
    except OSError:
        head = b""
    if b"\0" in head:
        tally.add(f"binary, {size}", raw)
    else:
        tally.add(f"text, {size} (scan.limits.file_size)", raw, harmless=False)
        oversize.append(shown(raw))


def read_bounded(root: Path, raw: bytes, limit: int, *, whole: bool = True) -> bytes:
    """The content of a regular file below ``root``, links refused. OSError when it cannot be had, or is over
    ``limit`` bytes."""
    path = os.path.join(os.fsencode(root), raw)  # noqa: PTH118 - raw bytes paths
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise OSError("not a regular file")
        content = _read_up_to(handle, limit + 1 if whole else limit, info.st_size)
    finally:
        os.close(handle)
    if whole and len(content) > limit:
        raise OSError(f"larger than {limit} bytes")
    return content


def read_inside(root: Path, path: str, limit: int) -> bytes | None:
    """The content of the regular file ``path`` below ``root``, no part of it a link; None when there is none, or it is
    over ``limit`` bytes. Folder by folder, because a link may appear between looking and opening."""
    *folders, name = os.fsencode(path).split(b"/")
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        at = os.open(root, flags | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        for folder in folders:
            below = os.open(folder, flags | os.O_DIRECTORY, dir_fd=at)
            os.close(at)
            at = below
        handle = os.open(name, flags | os.O_NONBLOCK, dir_fd=at)
    except (OSError, ValueError):  # a NUL byte in a name is a ValueError
        return None
    finally:
        os.close(at)
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode) or info.st_size > limit:
            return None
        content = _read_up_to(handle, limit + 1, info.st_size)
        return content if len(content) <= limit else None
    except OSError:
        return None
    finally:
        os.close(handle)


def _read_up_to(handle: int, most: int, size: int) -> bytes:
    """At most ``most`` bytes. Asks for what the file should hold: room for ``most`` would be reserved, and given back,
    once per file, which costs more than reading a small one."""
    content = os.read(handle, min(size + 1, most))
    while len(content) < most and (more := os.read(handle, min(most - len(content), 1 << 16))):
        content += more  # it grew while we read, or does not know its size
    return content


def _from_git(
    root: Path,
    repository: Repository,
    tally: _Tally,
    untracked: set[bytes],
    own: list[bytes],
    closed: list[tuple[bytes, str]],
) -> Iterator[tuple[bytes, os.stat_result]]:
    base = os.fsencode(root) + b"/"
    real: dict[bytes, bool] = {b"": True}
    # Once per file of the tree, so names are looked up once and paths joined by hand: os.path.join() costs as much as
    # lstat() itself.
    lstat, regular = os.lstat, stat.S_ISREG
    for raw, tracked in repository.files(closed):
        folder = raw.rpartition(b"/")[0]
        inside = real.get(folder)
        if inside is None:
            inside = _real_folder(base, folder, real)
        if not inside:
            tally.add("reached through a symbolic link", raw)
            continue
        try:
            info = lstat(base + raw)
        except OSError as error:
            if not isinstance(error, FileNotFoundError):
                tally.add(f"cannot be looked at: {error.strerror}", raw, harmless=False)
            continue
        if not regular(info.st_mode):
            tally.add(_what(info.st_mode), raw.rstrip(b"/"))
        elif folder.startswith(b".paved") and raw.startswith(_OWN):
            if tracked:
                own.append(raw)
        else:
            if not tracked:
                untracked.add(raw)
            yield raw, info


def _what(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "symbolic link, not followed"
    if stat.S_ISDIR(mode):
        return "another repository inside (submodule): check it on its own"
    return "device, socket or pipe"


def _real_folder(base: bytes, folder: bytes, known: dict[bytes, bool]) -> bool:
    """Whether no part of ``folder`` is a symbolic link. Remembers its answers."""
    if folder not in known:
        parent = folder.rpartition(b"/")[0]
        known[folder] = _real_folder(base, parent, known) and not os.path.islink(os.path.join(base, folder))  # noqa: PTH114, PTH118
    return known[folder]


def _from_folders(root: Path, tally: _Tally, closed: list[tuple[bytes, str]]) -> Iterator[tuple[bytes, os.stat_result]]:
    """Depth first, without recursion; each folder's .gitignore applies below it."""
    base = os.fsencode(root)
    stack: list[tuple[bytes, tuple[tuple[bytes, GitIgnoreSpec], ...]]] = [(b"", ())]
    while stack:
        folder, specs = stack.pop()
        if folder.count(b"/") > _MAX_DEPTH:
            tally.add(f"folders deeper than {_MAX_DEPTH} levels", folder, harmless=False)
            continue
        try:
            listed = sorted(os.scandir(os.path.join(base, folder)), key=lambda item: item.name)  # noqa: PTH118
        except OSError as error:
            if not folder:
                raise FileError(f"cannot be read: {error.strerror}", where=os.fsdecode(base)) from error
            closed.append((folder, error.strerror or str(error)))
            continue
        specs = (*specs, *_own_spec(base, folder, listed))
        for item in listed:
            raw = folder + b"/" + item.name if folder else item.name
            if item.is_symlink():
                tally.add("symbolic link, not followed", raw)
            elif item.is_dir(follow_symlinks=False):
                if item.name not in _NEVER and not (raw + b"/").startswith(_OWN) and not _matches(specs, raw + b"/"):
                    stack.append((raw, specs))
            elif _matches(specs, raw):
                tally.add("matched by .gitignore", raw)
            elif item.is_file(follow_symlinks=False):
                yield raw, item.stat(follow_symlinks=False)
            else:
                tally.add("device, socket or pipe", raw)


def _own_spec(
    base: bytes, folder: bytes, listed: list[os.DirEntry[bytes]]
) -> tuple[tuple[bytes, "GitIgnoreSpec"], ...]:
    if not any(item.name == b".gitignore" for item in listed):
        return ()
    lines = _ignore_lines(Path(os.fsdecode(base)), os.path.join(folder, b".gitignore"))  # noqa: PTH118
    return ((folder + b"/" if folder else b"", _spec(lines)),) if lines else ()


def _matches(specs: tuple[tuple[bytes, "GitIgnoreSpec"], ...], raw: bytes) -> bool:
    """The deepest .gitignore that has an opinion wins, as in git."""
    for prefix, spec in reversed(specs):
        opinion = spec.check_file(os.fsdecode(raw[len(prefix) :])).include
        if opinion is not None:
            return opinion
    return False


def _ignore_lines(root: Path, raw: bytes) -> list[str]:
    try:
        content = read_bounded(root, raw, _MAX_IGNORE_BYTES)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileError(
            f"cannot be read: {error}", where=shown(raw), next_step="make it a plain, small file"
        ) from error
    return content.decode("utf-8", "replace").splitlines()


def _spec(lines: list[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # here, because it costs 10 ms that many runs can do without

    return GitIgnoreSpec.from_lines(lines)


def _ignore_spec(root: Path, extra: tuple[str, ...]) -> "GitIgnoreSpec | None":
    lines = [*_ignore_lines(root, os.fsencode(IGNORE_FILE)), *extra]
    return _spec(lines) if lines else None


def _ignored_by(spec: "GitIgnoreSpec | None") -> Callable[[bytes], bool] | None:
    if spec is None:
        return None
    return lambda raw: spec.match_file(os.fsdecode(raw))
