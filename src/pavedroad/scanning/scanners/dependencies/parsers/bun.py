"""``bun.lock`` (bun.sh): JSON with comments and trailing commas. ``bun.lockb`` is binary and is only told."""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_OPTIONAL, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._node import from_git, local, split, wanted

# A string is kept, a comment and a comma before a closing bracket are dropped. Each is consumed once.
_TOKEN = re.compile(r'("(?:[^"\\\n]|\\.)*+")|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/|,(?=\s*+[}\]])')


def _read(source: Source) -> list[Package]:
    if source.base == "bun.lockb":
        source.gaps.add(
            "a binary lock file; 'bun install --save-text-lockfile' writes one that can be read", source.path
        )
        return []
    document = read.json_object(_TOKEN.sub(lambda match: match.group(1) or "", source.text).encode())
    if document.get("lockfileVersion") not in (0, 1):
        raise LockfileError("bun.lock is of a version that is not known here", next_step="look for a newer Pavedroad")
    return _packages(source, document)


def _packages(source: Source, document: dict[str, Any]) -> list[Package]:
    listed = {str(key): read.sequence(value) for key, value in read.mapping(document.get("packages")).items()}
    read.check_count(len(listed))
    lines = source.lines(r'^[ \t]*"((?:[^"\\]|\\.)*+)":\s*\[')
    entries: Entries[str] = Entries()
    roots: dict[str, list[str]] = {SCOPE_RUNTIME: [], SCOPE_OPTIONAL: [], SCOPE_DEV: []}
    for folder, workspace in read.mapping(document.get("workspaces")).items():
        table = read.mapping(workspace)
        name = read.usable(table.get("name")) or "the project"
        wishes = [(key, scope) for wish, _, scope in wanted(table) if (key := _resolve(listed, name, wish)) is not None]
        entries.own(f"workspace:{folder}", name, [key for key, _ in wishes])
        for key, scope in wishes:
            roots[scope].append(key)
    for key, value in listed.items():
        needs = [target for name in _names(value) if (target := _resolve(listed, key, name)) is not None]
        entries.add(key, _package(source, value, lines.line(key)), needs)
    return entries.linked(scopes=roots)


def _names(value: list[Any]) -> Iterator[str]:
    for table in value:
        if isinstance(table, dict):
            yield from (name for name, _, scope in wanted(table) if scope != SCOPE_DEV)


def _resolve(listed: dict[str, list[Any]], key: str, name: str) -> str | None:
    """The package nearest to the one that asks: keys are paths of names, as folders of node_modules would be."""
    while True:
        candidate = f"{key}/{name}" if key else name
        if candidate in listed:
            return candidate
        if not key:
            return None
        key = key.rpartition("/")[0]


def _package(source: Source, value: list[Any], line: int) -> Package | None:
    name, rest = split(value[0]) if value and isinstance(value[0], str) else ("", "")
    if local(rest):
        source.gaps.add(LOCAL, name, harmless=True)
        return None
    if from_git(rest) or "://" in rest or rest.startswith(("github:", "git")):
        source.gaps.add("a package by URL or from a repository of source code: its version is not known", name)
        return None
    return source.package(name, rest.removeprefix("npm:"), line, hashes=read.integrity(value[-1]))


PARSER = Format("bun", "bun.lock", "npm", _read, names=("bun.lock", "bun.lockb"))
