"""``pylock.toml`` and ``pylock.<name>.toml`` (packaging.python.org, pylock.toml specification 1.0; PEP 751)."""

import re
from typing import Any

from packaging.utils import canonicalize_name

from pavedroad.core.component import Hash
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source, joined

_NAME = re.compile(r"pylock(?:\.[^.]+)?\.toml")


def _matches(path: str) -> bool:
    return _NAME.fullmatch(path.rpartition("/")[2]) is not None


def _read(source: Source) -> list[Package]:
    document = source.toml()
    version = document.get("lock-version")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        raise LockfileError("this pylock file is of an unknown version", next_step="look for a newer Pavedroad")
    lines = source.lines(r"""^[ \t]*name\s*=\s*["']([^"']+)["']""")
    entries: Entries[tuple[str, str]] = Entries()
    listed = [read.table(each, "a package") for each in read.sequence(document.get("packages"))]
    versions: dict[str, list[str]] = {}
    for entry in listed:
        versions.setdefault(_key(entry.get("name")), []).append(str(entry.get("version") or ""))
    for entry in listed:
        _add(source, entries, entry, versions, lines.line(entry.get("name")))
    # A file without a single edge does not tell edges at all: the specification leaves them to the tool.
    return entries.linked(edges=any("dependencies" in entry for entry in listed))


def _key(name: Any) -> str:
    return canonicalize_name(name) if isinstance(name, str) else ""


def _add(
    source: Source,
    entries: Entries[tuple[str, str]],
    entry: dict[str, Any],
    versions: dict[str, list[str]],
    line: int,
) -> None:
    name, version = entry.get("name"), entry.get("version")
    if "directory" in entry:
        source.gaps.add(LOCAL, str(name), harmless=True)
        return
    origin = "git" if "vcs" in entry else "url" if "archive" in entry else ""
    needs = [
        (_key(need.get("name")), found)
        for need in map(read.mapping, read.sequence(entry.get("dependencies")))
        for found in versions.get(_key(need.get("name")), ())
        if need.get("version", found) == found
    ]
    marker = entry.get("marker")
    if isinstance(marker, str) and marker:
        reason = "installed under a condition only: judged whatever it says"
        source.gaps.add(reason, f"{name} ; {marker}", harmless=True)
    package = source.package(name, version, line, origin=origin, hashes=_hashes(entry))
    entries.add((_key(name), str(version or "")), package, needs)


def _hashes(entry: dict[str, Any]) -> tuple[Hash, ...]:
    files = [entry.get("archive"), entry.get("sdist"), *read.sequence(entry.get("wheels"))]
    tables = (read.mapping(read.mapping(each).get("hashes")) for each in files)
    return joined(read.digest(str(name), value) for each in tables for name, value in each.items())


PARSER = Format("pylock", "pylock.toml", "PyPI", _read, files=("pylock.toml", "pylock.*.toml"), matches=_matches)
