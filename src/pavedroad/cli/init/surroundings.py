"""Looks around a folder: where its root is, where its remote is, where git keeps its hooks. Reads, never writes."""

import re
from pathlib import Path

from pavedroad.cli.init.model import Surroundings
from pavedroad.core.errors import UsageError
from pavedroad.infra.errors import FileError
from pavedroad.infra.files import read_file
from pavedroad.infra.git import Repository, find_root

_MAX_BYTES = 1 << 20
_HOOKS_PATH = re.compile(rb"^\s*hookspath\s*=", re.IGNORECASE | re.MULTILINE)
_HOST = re.compile(r"^(?:[a-z+]+://)?(?:[^@/]*@)?([^:/]+)[:/]", re.IGNORECASE)


def look_around(path: Path) -> Surroundings:
    """What is known of the project that holds ``path``. Raises UsageError when it is no folder."""
    if not path.is_dir():
        raise UsageError("this is not a folder", where=str(path), next_step="give the folder of a project")
    root = find_root(path.absolute())
    if root is None:
        return Surroundings(root=path.absolute())
    common = _common_folder(root)
    moved = common is None or bool(_HOOKS_PATH.search(_read(common / "config")))
    return Surroundings(
        root=root,
        host=_host(Repository(root).remote()),
        hooks=None if moved or common is None else common / "hooks",
        hooks_moved=moved,
    )


def _host(remote: str) -> str:
    """``github.com`` of ``git@github.com:team/shop.git`` or of a URL; empty for a local path."""
    match = _HOST.match(remote)
    return match[1].lower() if match and not remote.startswith((".", "/")) else ""


def _read(path: Path) -> bytes:
    try:
        return read_file(path, _MAX_BYTES) or b""
    except FileError:
        return b""


def _common_folder(root: Path) -> Path | None:
    """The repository's folder, also from a linked work tree or a submodule (gitrepository-layout in git's manual)."""
    dot = root / ".git"
    if dot.is_dir():
        return dot
    pointer = _read(dot).decode("utf-8", "surrogateescape").strip()
    if not pointer.startswith("gitdir:"):
        return None
    folder = (root / pointer.removeprefix("gitdir:").strip()).resolve()
    common = _read(folder / "commondir").decode("utf-8", "surrogateescape").strip()
    folder = (folder / common).resolve() if common else folder
    return folder if folder.is_dir() else None
