"""``package-lock.json`` and ``npm-shrinkwrap.json``, lockfileVersion 1, 2 and 3 (docs.npmjs.com, package-lock.json).

Versions 2 and 3 list every installed folder under ``packages``; version 1 nests ``dependencies`` and is read by
:mod:`._npm1`.
"""

from typing import Any

import msgspec

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.lines import JsonKeys
from pavedroad.scanning.scanners.dependencies.model import Gaps, Package, ParseResult, found
from pavedroad.scanning.scanners.dependencies.parsers import _npm1
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

FOLDER = "node_modules/"
MAX_KEY = 2000


class NpmParser:
    """The plug-in."""

    name = "npm"
    title = "package-lock.json"
    ecosystem = "npm"
    files = ("package-lock.json", "npm-shrinkwrap.json")
    companions = ()

    def selects(self, path: str) -> bool:
        return read.base_name(path) in ("package-lock.json", "npm-shrinkwrap.json")

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        document = read.json_object(content)
        version = document.get("lockfileVersion")
        if version not in (1, 2, 3) or isinstance(version, bool):
            raise LockfileError(
                "this npm lock file is of a version that is not known here", next_step="look for a newer Pavedroad"
            )
        keys = JsonKeys(read.text_of(content))
        gaps = Gaps()
        if version == 1 or "packages" not in document:
            packages = _npm1.packages(document, keys, gaps)
        else:
            packages = _Tree(document).packages(keys, gaps)
        return ParseResult(components=found(packages, path), gaps=gaps.result())


def licenses(value: Any) -> tuple[str, ...]:
    """The licence of a package.json: an expression, or as older packages have it a table or a list of tables, any one
    of which may be chosen (docs.npmjs.com)."""
    if isinstance(value, list):
        words = [word for each in value[:20] for word in licenses(each)]
        return (" OR ".join(dict.fromkeys(words)),) if words else ()
    text = read.usable(value.get("type") if isinstance(value, dict) else value)
    return (text,) if text else ()


class _Tree:
    """The folders of a lock file of version 2 or 3, and which of them needs which."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._entries = read.table(document.get("packages"), "'packages'")
        read.check_count(len(self._entries))
        for key, entry in self._entries.items():
            read.table(entry, "a part of 'packages'")
            if len(key) > MAX_KEY:
                raise LockfileError("a folder name in 'packages' is too long", next_step="let npm write the file anew")
        self._root_name = str(document.get("name") or "the project")

    def packages(self, keys: JsonKeys, gaps: Gaps) -> list[Package]:
        own = [key for key in self._entries if FOLDER not in key]
        before = parents(own, self._needs)
        direct = {target for key in own for target in self._needs(key)}
        result = []
        for key in self._entries:
            package = self._package(key, gaps)
            if package is not None:
                path = names_to(key, before, self._name)
                placed = {"direct": key in direct if own else None, "path": path, "line": keys.first(key)}
                result.append(msgspec.structs.replace(package, requires=self._requires(key), **placed))
        return result

    def _requires(self, key: str) -> tuple[tuple[str, str], ...]:
        """Names and versions of what it needs; the project's own folders are no packages."""
        targets = (target for target in dict.fromkeys(self._needs(key)) if FOLDER in target)
        known = ((self._name(target), self._entries[target].get("version")) for target in targets)
        return tuple((name, version) for name, version in known if isinstance(version, str) and version)

    def _name(self, key: str) -> str:
        if not key:
            return self._root_name
        name = self._entries[key].get("name")
        return name if isinstance(name, str) and name else key.rpartition(FOLDER)[2]

    def _package(self, key: str, gaps: Gaps) -> Package | None:
        entry, name = self._entries[key], self._name(key)
        resolved = str(entry.get("resolved") or "")
        if FOLDER not in key or entry.get("link") is True or resolved.startswith("file:"):
            if key:
                gaps.add("a local package, not from a registry", name, harmless=True)
            return None
        if not entry.get("version"):
            gaps.add("a package without a version", name)
            return None
        return Package(
            ecosystem="npm",
            name=read.word({"name": name}, "name", "a part of 'packages'"),
            version=read.word(entry, "version", "a part of 'packages'"),
            scope=_npm1.scope(entry),
            origin="git" if resolved.startswith(("git+", "git:", "github:")) else "",
            licenses=licenses(entry.get("license")),
            hashes=read.integrity(entry.get("integrity")),
        )

    def _needs(self, key: str) -> list[str]:
        entry = self._entries[key]
        if entry.get("link") is True:
            target = entry.get("resolved")
            return [target] if isinstance(target, str) and target in self._entries else []
        kinds = ["dependencies", "optionalDependencies", "peerDependencies"]
        if FOLDER not in key:
            kinds.append("devDependencies")
        names = [name for kind in kinds for name in read.mapping(entry.get(kind))]
        return [target for name in names if (target := self._resolve(key, name)) is not None]

    def _resolve(self, key: str, name: str) -> str | None:
        """Node's look-up: the folder's own node_modules, then those of each folder above."""
        base = key
        while True:
            candidate = f"{base}/{FOLDER}{name}" if base else f"{FOLDER}{name}"
            if candidate in self._entries:
                return candidate
            if not base:
                return None
            above, inside, _ = base.rpartition(f"/{FOLDER}")
            base = above if inside else "" if base.startswith(FOLDER) else base.rpartition("/")[0]


PARSER = NpmParser()
