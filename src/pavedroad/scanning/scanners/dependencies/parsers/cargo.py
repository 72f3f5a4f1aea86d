"""``Cargo.lock``, versions 1 to 4 (doc.rust-lang.org/cargo; the layout of 3 and 4 differs only in the encoding of
sources).

A package without a source is the project's own. The file does not say which dependencies are for tests or builds only.
"""

from typing import Any

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.lines import toml_package_lines
from pavedroad.scanning.scanners.dependencies.model import Gaps, Package, ParseResult, found
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

KNOWN = (1, 2, 3, 4)


class CargoParser:
    """The plug-in."""

    name = "cargo"
    title = "Cargo.lock"
    ecosystem = "crates.io"
    files = ("cargo.lock",)
    companions = ()

    def selects(self, path: str) -> bool:
        return read.base_name(path) == "Cargo.lock"

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        document = read.toml(content)
        version = document.get("version", 1)
        if version not in KNOWN or isinstance(version, bool):
            raise LockfileError(
                "Cargo.lock is of a version that is not known here", next_step="look for a newer Pavedroad"
            )
        entries = read.packages(document)
        if isinstance(root := document.get("root"), dict):  # the oldest layout keeps the project itself apart
            entries = [*entries, root]
        lines = toml_package_lines(read.text_of(content), len(read.packages(document)))
        return _result(path, entries, [*lines, 0], read.mapping(document.get("metadata")))


def _result(path: str, entries: list[dict[str, Any]], lines: list[int], metadata: dict[str, Any]) -> ParseResult:
    names = [read.word(e, "name", f"package number {i}") for i, e in enumerate(entries, 1)]
    versions = [read.word(e, "version", f"package {names[i]}") for i, e in enumerate(entries)]
    own = [i for i, entry in enumerate(entries) if not entry.get("source")]
    targets = _resolver(names, versions)
    edges = [[t for text in read.sequence(e.get("dependencies")) for t in targets(text)] for e in entries]
    before = parents(own, lambda i: edges[i])
    direct = {target for i in own for target in edges[i]}
    gaps, result = Gaps(), []
    for i, entry in enumerate(entries):
        source = str(entry.get("source") or "")
        if not source:
            gaps.add("the project's own package", names[i], harmless=True)
            continue
        result.append(
            Package(
                ecosystem="crates.io",
                name=names[i],
                version=versions[i],
                line=lines[i],
                direct=i in direct if own else None,
                path=names_to(i, before, names.__getitem__),
                origin="git" if source.startswith("git+") else "",
                requires=tuple((names[t], versions[t]) for t in edges[i]),
                hashes=read.digest("sha256", entry.get("checksum") or metadata.get(_old_key(entry))),
            )
        )
    return ParseResult(components=found(result, path), gaps=gaps.result())


def _old_key(entry: dict[str, Any]) -> str:
    """Under which ``[metadata]`` of version 1 keeps a package's checksum."""
    return f"checksum {entry['name']} {entry['version']} ({entry.get('source')})"


def _resolver(names: list[str], versions: list[str]) -> Any:
    """From ``name``, ``name version`` or ``name version (source)`` to package numbers."""
    by_name: dict[str, list[int]] = {}
    by_version: dict[tuple[str, str], list[int]] = {}
    for i, name in enumerate(names):
        by_name.setdefault(name, []).append(i)
        by_version.setdefault((name, versions[i]), []).append(i)

    def targets(text: object) -> list[int]:
        name, _, rest = str(text).partition(" ")
        version = rest.partition(" ")[0]
        # The same name and version may come from two sources; taking the first keeps the graph small.
        return (by_version.get((name, version), []) if version else by_name.get(name, []))[:1]

    return targets


PARSER = CargoParser()
