"""``pnpm-lock.yaml``, lockfileVersion 5 to 9 (github.com/pnpm/spec). The projects of the workspace are in it.

Keys of packages changed: ``/name/1.0.0_peer`` (5), ``/name@1.0.0(peer)`` (6), ``name@1.0.0(peer)`` (9, where
``snapshots`` holds the edges). One package installed with several peers is one component.
"""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_OPTIONAL, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, LOCAL, Entries, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._node import local, split

_TABLES = (
    ("dependencies", SCOPE_RUNTIME),
    ("optionalDependencies", SCOPE_OPTIONAL),
    ("devDependencies", SCOPE_DEV),
)


def _read(source: Source) -> list[Package]:
    document = source.yaml()
    if not document:
        return []
    major = str(document.get("lockfileVersion")).partition(".")[0]
    if major not in ("5", "6", "7", "9"):
        raise LockfileError("pnpm-lock.yaml is of an unknown version", next_step="look for a newer Pavedroad")
    return _Lock(source, document, old=major == "5").packages()


class _Lock:
    """One file. Keys of the graph are those of ``snapshots``, or of ``packages`` where there are none."""

    def __init__(self, source: Source, document: dict[str, Any], *, old: bool) -> None:
        self._source, self._old = source, old
        self._packages = read.mapping(document.get("packages"))
        self._places = read.mapping(document.get("snapshots")) or self._packages
        read.check_count(len(self._packages) + len(self._places))
        self._importers = read.mapping(document.get("importers")) or {".": document}
        self._lines = source.lines(r"""^  ['"]?([^\s'"#][^'"\n]*?)['"]?:[ \t]*(?:\{\})?$""")

    def packages(self) -> list[Package]:
        entries: Entries[str] = Entries()
        roots: dict[str, list[str]] = {scope: [] for _, scope in _TABLES}
        for folder, importer in self._importers.items():
            wishes = list(self._wishes(read.mapping(importer)))
            name = "the project" if folder == "." else str(folder)
            entries.own(f"importer:{folder}", name, [key for key, _ in wishes])
            for key, scope in wishes:
                roots[scope].append(key)
        for key, value in self._places.items():
            needs = [target for table, _ in _TABLES[:2] for target in self._targets(read.mapping(value).get(table))]
            entries.add(str(key), self._package(str(key), read.mapping(value)), needs)
        return entries.linked(scopes=roots)

    def _wishes(self, importer: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for table, scope in _TABLES:
            for name, value in read.mapping(importer.get(table)).items():
                reference = value.get("version") if isinstance(value, dict) else value
                key = self._target(str(name), reference)
                if key is not None:
                    yield key, scope
                elif isinstance(reference, str) and local(reference):
                    self._source.gaps.add(LOCAL, str(name), harmless=True)
                else:
                    self._source.gaps.add("a dependency that the lock file does not hold", str(name))

    def _targets(self, table: Any) -> list[str]:
        found = (self._target(str(name), value) for name, value in read.mapping(table).items())
        return [key for key in found if key is not None]

    def _target(self, name: str, reference: Any) -> str | None:
        for key in (reference, f"{name}@{reference}", f"/{name}@{reference}", f"/{name}/{reference}"):
            if isinstance(key, str) and key in self._places:
                return key
        return None

    def _package(self, key: str, place: dict[str, Any]) -> Package | None:
        plain = key.partition("(")[0]
        entry = read.mapping(self._packages.get(key) or self._packages.get(plain)) or place
        resolution = read.mapping(entry.get("resolution"))
        name, version = self._split(plain)
        name, version = read.usable(entry.get("name")) or name, read.usable(entry.get("version")) or version
        if plain.startswith(("file:", "link:")) or resolution.get("type") == "directory" or local(version):
            self._source.gaps.add(LOCAL, name, harmless=True)
            return None
        origin = "git" if "commit" in resolution else "url" if "://" in plain and "tarball" in resolution else ""
        if "://" in version or "/" in version:
            self._source.gaps.add(BY_URL, name)
            return None
        if not origin and "codeload" in str(resolution.get("tarball")):
            origin = "git"
        return self._source.package(
            name,
            version,
            self._lines.line(key) or self._lines.line(plain),
            origin=origin,
            scope=SCOPE_DEV if entry.get("dev") is True else SCOPE_OPTIONAL if entry.get("optional") is True else "",
            hashes=read.integrity(resolution.get("integrity")),
        )

    def _split(self, plain: str) -> tuple[str, str]:
        text = plain.removeprefix("/")
        if not self._old:
            return split(text)
        match = re.fullmatch(r"((?:@[^/]+/)?[^/]+)/([^/_]+)(?:_.*)?", text)
        return (match.group(1), match.group(2)) if match else (text, "")


PARSER = Format("pnpm", "pnpm-lock.yaml", "npm", _read, names=("pnpm-lock.yaml",))
