"""Which modules the distributions of a virtual environment in the tree install, as their own metadata says."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pavedroad.gate.modules import normal
from pavedroad.infra.errors import FileError
from pavedroad.infra.files import read_file

_FOLDERS = (".venv", "venv", "env")
_PYTHON = re.compile(r"python3\.\d{1,3}")
_DIST_INFO = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,200}?)-[^-]{1,100}\.dist-info")
_MODULE = re.compile(r"([^\W\d]\w{0,100})(?:\.(?:py|[\w.-]{0,80}so)|/[^,]*)?(?:,.*)?")
_MOST = 2000  # distributions
_MAX_BYTES = 8 << 20


def installed_modules(root: Path) -> dict[str, tuple[str, ...]]:
    """Top-level modules by distribution (spelled as PEP 503 says), empty without an environment. What cannot be read is
    left out: then nothing is known of it."""
    found: dict[str, tuple[str, ...]] = {}
    for packages in _site_packages(root):
        for name in _names(packages):
            match = _DIST_INFO.fullmatch(name)
            if match and len(found) < _MOST and (modules := _modules(packages / name)):
                found.setdefault(normal(match[1]), modules)
    return found


def _site_packages(root: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        library = root / folder / "lib"
        if os.path.islink(root / folder) or os.path.islink(library):  # noqa: PTH114 - a link could lead anywhere
            continue
        yield from (library / name / "site-packages" for name in _names(library) if _PYTHON.fullmatch(name))


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is needed
    except OSError:
        return []


def _modules(folder: Path) -> tuple[str, ...]:
    """By ``RECORD``, which lists every file; by ``top_level.txt`` where there is none. Modules that share their first
    level with others (``google``) are not told apart by it, so those are left to the list of known ones."""
    lines = _lines(folder / "RECORD") or _lines(folder / "top_level.txt")
    names = (match[1] for line in lines if (match := _MODULE.fullmatch(line)))
    modules = tuple(dict.fromkeys(name for name in names if name != "__pycache__"))
    return () if {"google", "azure", "zope", "backports", "jaraco"} & set(modules) else modules[:50]


def _lines(path: Path) -> list[str]:
    try:
        return (read_file(path, _MAX_BYTES) or b"").decode("utf-8", "replace").splitlines()
    except FileError:
        return []
