"""npm lock files of version 1: packages nested as they were installed, without the project itself.

So what nothing else requires is direct, and for the rest it is not known.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.lines import JsonKeys
from pavedroad.scanning.scanners.dependencies.model import (
    SCOPE_DEV,
    SCOPE_OPTIONAL,
    SCOPE_RUNTIME,
    Gaps,
    Package,
)
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

Place = tuple[str, ...]
"""The names of the folders from the top to an installed package."""

_GIT = ("git+", "git:", "github:", "gitlab:", "bitbucket:", "gist:")


def scope(entry: dict[str, Any]) -> str:
    """From npm's flags; ``devOptional`` is needed by something optional or by development."""
    if entry.get("dev") is True:
        return SCOPE_DEV
    return SCOPE_OPTIONAL if entry.get("optional") is True or entry.get("devOptional") is True else SCOPE_RUNTIME


def _walk(document: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every entry in the order of the text. The depth is bounded by the JSON reader."""

    def below(place: Place, table: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
        for name, value in read.mapping(table.get("dependencies")).items():
            entry = read.table(value, "a part of 'dependencies'")
            yield (*place, name), entry
            yield from below((*place, name), entry)

    yield from below((), document)


def packages(document: dict[str, Any], keys: JsonKeys, gaps: Gaps) -> list[Package]:
    """Every installed package with its line, scope and, where ``requires`` tells, its path. Raises LockfileError."""
    entries = dict(_walk(document))
    read.check_count(len(entries))
    result = {}
    for place, entry in entries.items():
        line = keys.after_last(place[-1])
        package = _package(place, entry, gaps)
        if package is not None:
            result[place] = msgspec.structs.replace(package, line=line)
    needs = {place: _needs(place, entry, entries) for place, entry in entries.items()}
    required = {target for place, targets in needs.items() for target in targets if target != place}
    roots = [place for place in entries if place not in required]
    before = parents(roots, needs.__getitem__)
    return [
        msgspec.structs.replace(
            package,
            direct=True if place not in required else None,
            path=names_to(place, before, lambda p: p[-1]),
            requires=tuple((result[t].name, result[t].version) for t in dict.fromkeys(needs[place]) if t in result),
            hashes=read.integrity(entries[place].get("integrity")),
        )
        for place, package in result.items()
    ]


def _needs(place: Place, entry: dict[str, Any], entries: dict[Place, Any]) -> list[Place]:
    targets = []
    for name in read.mapping(entry.get("requires")):
        for depth in range(len(place), -1, -1):
            if (target := (*place[:depth], name)) in entries:
                targets.append(target)
                break
    return targets


def _package(place: Place, entry: dict[str, Any], gaps: Gaps) -> Package | None:
    name, version = place[-1], entry.get("version")
    if not isinstance(version, str) or not version:
        gaps.add("a package without a version", name)
        return None
    if version.startswith("file:"):
        gaps.add("a local package, not from a registry", name, harmless=True)
        return None
    if version.startswith("npm:"):
        name, _, version = version.removeprefix("npm:").rpartition("@")
    elif version.startswith(_GIT) or "://" in version:
        gaps.add("a package by URL: its version is not in the lock file", name)
        return None
    what = "a part of 'dependencies'"
    named = {"name": name, "version": version}
    return Package(
        ecosystem="npm",
        name=read.word(named, "name", what),
        version=read.word(named, "version", what),
        scope=scope(entry),
    )
