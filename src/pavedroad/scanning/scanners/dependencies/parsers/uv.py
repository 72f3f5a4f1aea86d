"""``uv.lock``, version 1. The project and its workspace members are in it, so paths and scopes are exact."""

from collections.abc import Callable, Iterable
from typing import Any

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.lines import toml_package_lines
from pavedroad.scanning.scanners.dependencies.model import (
    SCOPE_DEV,
    SCOPE_OPTIONAL,
    SCOPE_RUNTIME,
    Gaps,
    Package,
    ParseResult,
    found,
)
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

_LOCAL = ("virtual", "editable", "directory", "path")
Edges = dict[str, list[list[int]]]


class UvParser:
    """The plug-in."""

    name = "uv"
    title = "uv.lock"
    ecosystem = "PyPI"
    files = ("uv.lock",)
    companions = ()

    def selects(self, path: str) -> bool:
        return read.base_name(path) == "uv.lock"

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        document = read.toml(content)
        if document.get("version") != 1:
            raise LockfileError(
                "uv.lock is of a version that is not known here", next_step="look for a newer Pavedroad"
            )
        entries = read.packages(document)
        lines = toml_package_lines(read.text_of(content), len(entries))
        names = [read.word(entry, "name", f"package number {i}") for i, entry in enumerate(entries, 1)]
        sources = [read.mapping(entry.get("source")) for entry in entries]
        own = [i for i, source in enumerate(sources) if any(kind in source for kind in _LOCAL)]
        edges = _edges(entries, names)
        scopes, before = _reach(own, edges)
        direct = {target for scope in edges for i in own for target in edges[scope][i]}
        gaps, result = Gaps(), []
        for i, entry in enumerate(entries):
            if i in set(own) or any(kind in sources[i] for kind in _LOCAL):
                gaps.add("a local package, not from a registry", names[i], harmless=True)
                continue
            if "version" not in entry:
                gaps.add("a package without a version", names[i])
                continue
            result.append(
                Package(
                    ecosystem="PyPI",
                    name=names[i],
                    version=read.word(entry, "version", f"package {names[i]}"),
                    line=lines[i],
                    direct=i in direct if own else None,
                    scope=scopes.get(i, ""),
                    path=names_to(i, before, names.__getitem__),
                    origin=next((kind for kind in ("git", "url") if kind in sources[i]), ""),
                    requires=_requires(i, edges, entries),
                    hashes=read.prefixed(_hashes(entry)),
                )
            )
        return ParseResult(components=found(result, path), gaps=gaps.result())


def _requires(i: int, edges: Edges, entries: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    targets = dict.fromkeys([*edges[SCOPE_RUNTIME][i], *edges[SCOPE_OPTIONAL][i]])
    known = ((entries[t].get("name"), entries[t].get("version")) for t in targets)
    return tuple((str(name), version) for name, version in known if isinstance(version, str) and version)


def _hashes(entry: dict[str, Any]) -> list[Any]:
    files = [read.mapping(each) for each in (entry.get("sdist"), *read.sequence(entry.get("wheels")))]
    return [each.get("hash") for each in files]


def _edges(entries: list[dict[str, Any]], names: list[str]) -> Edges:
    """Per scope and package, the numbers of the packages it needs."""
    by_name: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        by_name.setdefault(name, []).append(i)
    versions = [entry.get("version") for entry in entries]

    def resolve(listed: Any) -> list[int]:
        needs = [read.mapping(each) for each in read.sequence(listed)]
        return [
            i
            for need in needs
            for i in by_name.get(str(need.get("name")), [])
            if "version" not in need or need["version"] == versions[i]
        ]

    def groups(listed: Any) -> list[int]:
        return [i for group in read.mapping(listed).values() for i in resolve(group)]

    return {
        SCOPE_RUNTIME: [resolve(entry.get("dependencies")) for entry in entries],
        SCOPE_OPTIONAL: [groups(entry.get("optional-dependencies")) for entry in entries],
        SCOPE_DEV: [groups(entry.get("dev-dependencies")) for entry in entries],
    }


def _reach(own: list[int], edges: Edges) -> tuple[dict[int, str], dict[int, int | None]]:
    """The strongest scope in which each package is reached, and the step before it on a shortest such path.

    Extras of a registry package count as its dependencies: the lock file lists only those that something asked for.
    Groups for development count for the project's own packages only.
    """
    scopes: dict[int, str] = {}
    before: dict[int, int | None] = {}
    mine = set(own)

    def further(scope: str) -> Callable[[int], Iterable[int]]:
        def step(i: int) -> list[int]:
            wider = edges[SCOPE_OPTIONAL][i] if i not in mine or scope != SCOPE_RUNTIME else []
            dev = edges[SCOPE_DEV][i] if i in mine and scope == SCOPE_DEV else []
            return [*edges[SCOPE_RUNTIME][i], *wider, *dev]

        return step

    for scope in (SCOPE_RUNTIME, SCOPE_OPTIONAL, SCOPE_DEV):
        for node, previous in parents(own, further(scope)).items():
            if node not in scopes:
                scopes[node] = scope
                before[node] = previous
    return scopes, before


PARSER = UvParser()
