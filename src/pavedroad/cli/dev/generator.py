"""Writes a skeleton: all its files or none, never over an existing one."""

import string
from importlib import resources
from pathlib import Path
from typing import cast

from pavedroad.cli.dev.model import Kind, Names
from pavedroad.core.errors import UsageError
from pavedroad.infra.documents import read_toml
from pavedroad.infra.errors import DocumentError, FileError
from pavedroad.infra.files import read_file, write_out
from pavedroad.infra.plugins import registry

PACKAGE = "pavedroad.cli.dev.kinds"
_MAX_BYTES = 1 << 20


def known_kinds() -> dict[str, Kind]:
    """Every kind of plug-in by name."""
    return cast("dict[str, Kind]", registry(PACKAGE, "KIND"))


def generate(kind: str, name: str, root: Path | None = None) -> list[Path]:
    """Write a new plug-in ``name`` of ``kind`` into the clone at ``root`` (default: the one that holds the current
    folder) and give its files. Raises UsageError for an unknown kind, a bad or taken name, or no clone of ours."""
    known = known_kinds()
    if kind not in known:
        raise UsageError(f"there is no kind of plug-in '{kind[:60]}'", next_step=f"choose from {', '.join(known)}")
    names = Names.of(name)
    clone = _clone(root)
    texts = {clone / _filled(f.path, names): _filled(_template(f.template), names) for f in known[kind].files}
    for path in texts:
        if path.exists() or path.is_symlink():
            raise UsageError("this file exists already", where=str(path), next_step="choose another name")
    for path, text in texts.items():
        write_out(path, text.encode())
    return list(texts)


def _filled(text: str, names: Names) -> str:
    return string.Template(text).substitute(name=names.name, module=names.module, Class=names.Class, title=names.title)


def _template(name: str) -> str:
    return (resources.files("pavedroad.cli.dev") / "templates" / name).read_text(encoding="utf-8")


def _clone(root: Path | None) -> Path:
    start = (root or Path()).absolute()
    for folder in (start,) if root else (start, *start.parents):
        if _is_ours(folder):
            return folder
    raise UsageError(
        "this is no clone of Pavedroad's repository",
        where=str(start),
        next_step="go into the clone, or name it with --root",
    )


def _is_ours(folder: Path) -> bool:
    try:
        project = read_toml(read_file(folder / "pyproject.toml", _MAX_BYTES) or b"").get("project")
    except (DocumentError, FileError):
        return False
    return isinstance(project, dict) and project.get("name") == "pavedroad"
