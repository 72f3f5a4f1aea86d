"""A root file system in a folder, as one layer: walked without following a link and without leaving it."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from pavedroad.infra.images.errors import ImageError
from pavedroad.infra.images.merge import Item
from pavedroad.infra.images.model import Entry, ImageLimits, Layer, Problem
from pavedroad.infra.walk import read_bounded

_PSEUDO = (b"proc", b"sys", b"dev")
_MAX_DEPTH = 200


def root_entries(root: Path, wants: Callable[[str, int], bool], limits: ImageLimits) -> Iterator[Item]:
    """Every entry below ``root``, in order of path, and what could not be read. Raises ImageError when ``root`` is no
    folder. ``proc``, ``sys`` and ``dev`` directly below are left out: they hold the kernel's files, not the image's."""
    if not root.is_dir():
        raise ImageError("there is no such folder", where=str(root), next_step="give the root of a file system")
    layer = Layer(number=0, digest="")
    base = os.fsencode(root)
    stack = [b""]
    count = 0
    while stack:
        folder = stack.pop()
        try:
            listed = sorted(os.scandir(os.path.join(base, folder)), key=lambda item: item.name)  # noqa: PTH118
        except OSError as error:
            yield Problem(reason=f"a folder that cannot be read: {error.strerror}", path=_shown(folder))
            continue
        for item in listed:
            raw = folder + b"/" + item.name if folder else item.name
            count += 1
            if count > limits.entries:
                yield Problem(reason=f"more than {limits.entries} entries", path=_shown(raw))
                return
            if item.is_dir(follow_symlinks=False):
                if raw in _PSEUDO:
                    continue
                if raw.count(b"/") > _MAX_DEPTH:
                    yield Problem(reason=f"folders deeper than {_MAX_DEPTH} levels", path=_shown(raw))
                    continue
                stack.append(raw)
            yield from _entry(root, base, raw, item, layer, wants, limits)


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _entry(
    root: Path,
    base: bytes,
    raw: bytes,
    item: os.DirEntry[bytes],
    layer: Layer,
    wants: Callable[[str, int], bool],
    limits: ImageLimits,
) -> Iterator[Item]:
    path = _shown(raw)
    try:
        info = item.stat(follow_symlinks=False)
        kind = _kind(info.st_mode)
        content = None
        if kind == "file" and wants(path, info.st_size):
            if info.st_size > limits.file_bytes:
                yield Problem(reason="larger than the limit on files", path=path)
            else:
                content = read_bounded(root, raw, limits.file_bytes)
        target = _shown(os.readlink(os.path.join(base, raw))) if kind == "symlink" else ""  # noqa: PTH115, PTH118
    except OSError as error:
        yield Problem(reason=f"cannot be read: {error.strerror or error}", path=path)
        return
    yield Entry(
        path=path,
        kind=kind,
        size=info.st_size,
        mode=stat.S_IMODE(info.st_mode),
        uid=info.st_uid,
        gid=info.st_gid,
        layer=layer,
        target=target,
        content=content,
    )


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "directory"
    return "symlink" if stat.S_ISLNK(mode) else "special"
