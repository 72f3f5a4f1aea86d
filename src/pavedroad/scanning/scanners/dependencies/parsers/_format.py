"""What most parsers are made of: a file's name, and a function from an opened file to packages.

:class:`Format` is such a parser. :class:`Source` is the file it looks at. :class:`Entries` turns packages and the edges
between them into paths, edges and what is direct.
"""

import posixpath
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from pavedroad.core.component import Hash
from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.lines import Lines
from pavedroad.scanning.scanners.dependencies.model import Gaps, Package, ParseResult, found
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

if TYPE_CHECKING:
    from pavedroad.infra._xml import Element

Key = TypeVar("Key", bound=Hashable)

NO_VERSION = "a package without a usable name or version"
LOCAL = "a local package, not from a registry"
BY_URL = "a package by URL or from a repository of source code: its version is not known"
UNPINNED = "a dependency without an exact version"
NO_LOCK = "a declared dependency that no lock file pins"


class Source:
    """One file, opened. ``gaps`` collects what cannot be judged."""

    def __init__(self, path: str, content: bytes, tree: Tree, ecosystem: str) -> None:
        self.path, self.content, self.tree, self.ecosystem = path, content, tree, ecosystem
        self.folder, _, self.base = path.rpartition("/")
        self.gaps = Gaps()

    @cached_property
    def text(self) -> str:
        return read.text_of(self.content)

    def json(self) -> dict[str, Any]:
        return read.json_object(self.content)

    def toml(self) -> dict[str, Any]:
        return read.toml(self.content)

    def yaml(self) -> dict[str, Any]:
        return read.yaml(self.content)

    def xml(self) -> "Element":
        return read.xml(self.content)

    def beside(self, *names: str) -> bytes | None:
        """The content of the first of these files (relative to this one's folder) that the tree has."""
        for name in names:
            content = self.tree.read(posixpath.normpath(posixpath.join(self.folder, name)))
            if content is not None:
                return content
        return None

    def has(self, *names: str) -> bool:
        return self.beside(*names) is not None

    def above(self, *names: str) -> bytes | None:
        """The same in this folder, or in the nearest folder above it."""
        folder = self.folder
        while True:
            for name in names:
                content = self.tree.read(posixpath.join(folder, name))
                if content is not None:
                    return content
            if not folder or folder == "/":
                return None
            folder = posixpath.dirname(folder)

    def lines(self, pattern: str) -> "Defined":
        """Where the first group of ``pattern`` (multi-line) stands in the text."""
        return Defined(self.text, pattern)

    def package(self, name: Any, version: Any, line: int = 0, **more: Any) -> Package | None:
        """A package, or None and a gap when name or version cannot be one. ``more`` are further fields."""
        good = read.usable(name), read.usable(version)
        if not all(good):
            self.gaps.add(NO_VERSION, name if isinstance(name, str) and name else "no name")
            return None
        return Package(**{"ecosystem": self.ecosystem, "name": good[0], "version": good[1], "line": line, **more})


class Format:
    """A parser plug-in made of a reader. ``names`` are exact base names (case counts); ``matches`` replaces them for
    formats that are told by more than that."""

    def __init__(
        self,
        name: str,
        title: str,
        ecosystem: str,
        read: Callable[[Source], Iterable[Package | None]],
        *,
        names: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        matches: Callable[[str], bool] | None = None,
        companions: tuple[str, ...] = (),
    ) -> None:
        self.name, self.title, self.ecosystem = name, title, ecosystem
        self.files = files or tuple(dict.fromkeys(each.lower() for each in names))
        self.companions = companions
        self._read, self._names, self._matches = read, frozenset(names), matches

    def selects(self, path: str) -> bool:
        if self._matches is not None:
            return self._matches(path)
        return path.rpartition("/")[2] in self._names

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        """See :class:`pavedroad.scanning.scanners.dependencies.model.Parser`."""
        source = Source(path, content, tree, self.ecosystem)
        packages = [package for package in self._read(source) if package is not None]
        read.check_count(len(packages))
        return ParseResult(components=found(packages, path), gaps=source.gaps.result())


class Defined:
    """The lines on which names stand, in the order of the text; asking again for the same name gives its next line,
    and the last one once there is no further."""

    def __init__(self, text: str, pattern: str) -> None:
        lines = Lines(text)
        self._at: dict[str, list[int]] = {}
        for match in re.finditer(pattern, text, re.MULTILINE):
            self._at.setdefault(match.group(1), []).append(lines.at(match.start(1)))
        for places in self._at.values():
            places.reverse()

    def line(self, name: object) -> int:
        """0 when it is nowhere."""
        places = self._at.get(name if isinstance(name, str) else "")
        if not places:
            return 0
        return places.pop() if len(places) > 1 else places[0]


class Entries(Generic[Key]):
    """Packages of one file under keys, and which key needs which. Keys without a package are the project's own parts:
    they give paths their beginning."""

    def __init__(self) -> None:
        self.packages: dict[Key, Package] = {}
        self.needs: dict[Key, list[Key]] = {}
        self.names: dict[Key, str] = {}

    def add(self, key: Key, package: Package | None, needs: Iterable[Key] = ()) -> None:
        """A package under its key; the first one of a key counts."""
        if package is not None:
            self.packages.setdefault(key, package)
        self.needs.setdefault(key, []).extend(needs)

    def own(self, key: Key, name: str, needs: Iterable[Key]) -> None:
        """A part of the project itself."""
        self.names[key] = name
        self.needs.setdefault(key, []).extend(needs)

    def _targets(self, key: Key) -> list[Key]:
        return self.needs.get(key, [])

    def _name(self, key: Key) -> str:
        package = self.packages.get(key)
        return package.name if package is not None else self.names.get(key, "")

    def linked(
        self,
        *,
        direct: Collection[Key] | None = None,
        scopes: Mapping[str, Iterable[Key]] | None = None,
        edges: bool = True,
    ) -> list[Package]:
        """The packages with ``direct``, ``path`` and ``requires``.

        ``direct`` are the keys the project asks for; without it, those that its own parts need; without own parts, what
        nothing else needs is direct and for the rest it is not known. ``scopes``, strongest first, map each scope to
        its starting points. ``edges``: the file says what each package needs.
        """
        own = [key for key in self.needs if key not in self.packages and key in self.names]
        asked = set(direct) if direct is not None else {target for key in own for target in self._targets(key)}
        known = direct is not None or bool(own)
        if not known:
            needed = {target for key, targets in self.needs.items() for target in targets if target != key}
            asked = {key for key in self.packages if key not in needed}
        before = parents(own or [key for key in self.packages if key in asked], self._targets)
        reached = self._scopes(scopes or {})
        return [
            msgspec.structs.replace(
                package,
                direct=True if key in asked else False if known else None,
                scope=reached.get(key, package.scope),
                path=names_to(key, before, self._name),
                requires=self._requires(key) if edges else None,
            )
            for key, package in self.packages.items()
        ]

    def _scopes(self, scopes: Mapping[str, Iterable[Key]]) -> dict[Key, str]:
        reached: dict[Key, str] = {}
        for scope, roots in scopes.items():
            for key in parents(roots, lambda k: () if k in reached else self._targets(k)):
                reached.setdefault(key, scope)
        return reached

    def _requires(self, key: Key) -> tuple[tuple[str, str], ...]:
        targets = (self.packages.get(target) for target in dict.fromkeys(self._targets(key)))
        return tuple((target.name, target.version) for target in targets if target is not None)


def joined(parts: Iterable[tuple[Hash, ...]]) -> tuple[Hash, ...]:
    """Hashes of several files of one package, each once, bounded."""
    return tuple(dict.fromkeys(one for part in parts for one in part))[: read.MAX_HASHES]
