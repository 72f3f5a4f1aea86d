"""``poetry.lock``, lock-version 1.x and 2.x. The project itself is not in it, so packages that no other one requires
are direct."""

from typing import Any

from packaging.utils import canonicalize_name

from pavedroad.core.component import Hash
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

_LOCAL = ("directory", "file")
_ORIGINS = {"git": "git", "url": "url"}


class PoetryParser:
    """The plug-in."""

    name = "poetry"
    title = "poetry.lock"
    ecosystem = "PyPI"
    files = ("poetry.lock",)
    companions = ()

    def selects(self, path: str) -> bool:
        return read.base_name(path) == "poetry.lock"

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        document = read.toml(content)
        _check_version(read.mapping(document.get("metadata")))
        entries = read.packages(document)
        lines = toml_package_lines(read.text_of(content), len(entries))
        names = [read.word(entry, "name", f"package number {i}") for i, entry in enumerate(entries, 1)]
        by_name = _index(names)
        edges = [_edges(entry, by_name) for entry in entries]
        required = {target for i, targets in enumerate(edges) for target in targets if target != i}
        roots = [i for i in range(len(entries)) if i not in required]
        before = parents(roots, lambda i: edges[i])
        old_files = read.mapping(read.mapping(document.get("metadata")).get("files"))
        gaps, result = Gaps(), []
        for i, entry in enumerate(entries):
            kind = str(read.mapping(entry.get("source")).get("type", ""))
            if kind in _LOCAL:
                gaps.add("a local package, not from a registry", names[i], harmless=True)
                continue
            result.append(
                Package(
                    ecosystem="PyPI",
                    name=names[i],
                    version=read.word(entry, "version", f"package {names[i]}"),
                    line=lines[i],
                    direct=True if i not in required else None,
                    scope=_scope(entry),
                    path=names_to(i, before, names.__getitem__),
                    origin=_ORIGINS.get(kind, ""),
                    requires=tuple((names[t], str(entries[t].get("version") or "")) for t in edges[i]),
                    hashes=file_hashes(entry.get("files") or old_files.get(names[i])),
                )
            )
        return ParseResult(components=found(result, path), gaps=gaps.result())


def file_hashes(files: Any) -> tuple[Hash, ...]:
    """The hashes of tables with a ``hash`` each, as Poetry, PDM and uv write them."""
    tables = [read.mapping(each) for each in read.sequence(files)]
    return read.prefixed([each["hash"] for each in tables if "hash" in each])


def _check_version(metadata: dict[str, Any]) -> None:
    version = metadata.get("lock-version")
    # Poetry 1.0 wrote none, with the same tables; 1.x and 2.x are compatible for readers by Poetry's own rule.
    if version is None and metadata:
        return
    if not isinstance(version, str) or version.partition(".")[0] not in ("1", "2"):
        raise LockfileError(
            "poetry.lock is of a version that is not known here", next_step="look for a newer Pavedroad"
        )


def _index(names: list[str]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        index.setdefault(canonicalize_name(name), []).append(i)
    return index


def _edges(entry: dict[str, Any], by_name: dict[str, list[int]]) -> list[int]:
    return [
        target
        for name in read.mapping(entry.get("dependencies"))
        for target in by_name.get(canonicalize_name(name), [])
    ]


def _scope(entry: dict[str, Any]) -> str:
    groups = entry.get("groups")
    category = entry.get("category")
    if isinstance(groups, list) and groups and "main" not in groups:
        return SCOPE_DEV
    if category is not None and category != "main":
        return SCOPE_DEV
    if entry.get("optional") is True:
        return SCOPE_OPTIONAL
    return SCOPE_RUNTIME if groups or category else ""


PARSER = PoetryParser()
