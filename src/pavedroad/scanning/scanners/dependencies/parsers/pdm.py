"""``pdm.lock``, lock versions 4 and later (pdm-project.org): packages, their groups, files and what each needs."""

from typing import Any

from packaging.utils import canonicalize_name

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.lines import toml_package_lines
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._python import requirement
from pavedroad.scanning.scanners.dependencies.parsers.poetry import file_hashes


def _read(source: Source) -> list[Package]:
    document = source.toml()
    version = read.mapping(document.get("metadata")).get("lock_version")
    if not isinstance(version, str) or version.partition(".")[0] not in ("3", "4"):
        raise LockfileError("pdm.lock is of a version that is not known here", next_step="look for a newer Pavedroad")
    listed = read.packages(document)
    lines = toml_package_lines(source.text, len(listed))
    old = read.mapping(read.mapping(document.get("metadata")).get("files"))
    entries: Entries[str] = Entries()
    for entry, line in zip(listed, lines, strict=True):
        name = read.word(entry, "name", "a package")
        if "path" in entry:
            source.gaps.add(LOCAL, name, harmless=True)
            continue
        files = entry.get("files") or old.get(f"{name} {entry.get('version')}")
        package = source.package(
            name,
            entry.get("version"),
            line,
            scope=_scope(entry.get("groups")),
            origin="git" if "git" in entry else "url" if "url" in entry else "",
            hashes=file_hashes(files),
        )
        entries.add(canonicalize_name(name), package, _needs(entry.get("dependencies")))
    return entries.linked()


def _needs(listed: Any) -> list[str]:
    found = (requirement(text) for text in read.sequence(listed))
    return [canonicalize_name(one.name) for one in found if one is not None]


def _scope(groups: Any) -> str:
    """``default`` is what runs; the names of other groups do not say whether they are optional or for development."""
    if not isinstance(groups, list) or not groups:
        return ""
    return SCOPE_RUNTIME if "default" in groups else SCOPE_DEV


PARSER = Format("pdm", "pdm.lock", "PyPI", _read, names=("pdm.lock",))
