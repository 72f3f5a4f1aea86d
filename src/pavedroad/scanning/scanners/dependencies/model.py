"""What a parser of lock files is, and what it gives."""

from collections.abc import Iterable
from typing import Protocol

from pavedroad.core.component import Component, Hash
from pavedroad.core.coverage import Skipped
from pavedroad.core.ecosystems import purl
from pavedroad.core.noun import Noun
from pavedroad.scanning.model import NO_TREE, Tree

MAX_EXAMPLES = 10
MAX_NAME = 400

SCOPE_RUNTIME, SCOPE_OPTIONAL, SCOPE_DEV, SCOPE_TEST = "runtime", "optional", "dev", "test"


class Package(Noun, frozen=True, kw_only=True):
    """One package as a lock file has it, before it gets a purl. ``line`` counts from 1, 0 when not found.

    ``direct`` is None when the file does not say. ``path`` lists names from a root to this one, both included.
    ``origin`` is empty for a registry, else ``git`` or ``url``: then the code may differ from the published version.
    ``minimum``: the version is a lower bound of what is used (Go's toolchain). ``requires`` are names and versions of
    its direct dependencies in the same file, None when the file does not say. ``licenses`` and ``hashes`` are as in
    :class:`pavedroad.core.component.Component`. ``purl`` is given where it says more than ecosystem, name and version
    (architecture, distribution). ``source`` are name and version of the source package it was built from, where
    advisories speak about those.
    """

    ecosystem: str
    name: str
    version: str
    line: int = 0
    direct: bool | None = None
    scope: str = ""
    path: tuple[str, ...] = ()
    origin: str = ""
    minimum: bool = False
    requires: tuple[tuple[str, str], ...] | None = None
    licenses: tuple[str, ...] = ()
    hashes: tuple[Hash, ...] = ()
    purl: str = ""
    source: tuple[str, str] | None = None


class Found(Noun, frozen=True, kw_only=True):
    """A component with the line of its entry (from 1, 0 when not found), and what its :class:`Package` says of it.
    ``siblings`` are other packages built from the same source, that this one speaks for."""

    component: Component
    line: int = 0
    origin: str = ""
    minimum: bool = False
    source: tuple[str, str] | None = None
    siblings: tuple[str, ...] = ()


class ParseResult(Noun, frozen=True, kw_only=True):
    """Everything in one lock file: components, and what in it could not be judged."""

    components: tuple[Found, ...] = ()
    gaps: tuple[Skipped, ...] = ()


class Parser(Protocol):
    """A plug-in: ``parsers/<name>.py`` defines ``PARSER``. ``ecosystem`` is spelled as OSV does; of a format that holds
    several, the main one.

    ``files`` are base names in lower case, as globs, that may be of this format, or ``folder/*`` for every file
    directly in a folder of that name; ``selects`` decides. ``companions`` are the base names of other files that
    ``parse`` may read from the tree, as globs: when one of them changes, the files of this format are judged anew."""

    name: str
    title: str
    ecosystem: str
    files: tuple[str, ...]
    companions: tuple[str, ...]

    def selects(self, path: str) -> bool:
        """Whether a file of this name (relative path, forward slashes) is of this format."""
        ...

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        """Read one file, and others of ``tree`` where the format is spread over several. Raises LockfileError, and
        nothing else, whatever the content."""
        ...


class Gaps:
    """Collects what could not be judged, by reason, in order, with a few examples each."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, bool], list[str]] = {}
        self._count: dict[tuple[str, bool], int] = {}

    def add(self, reason: str, example: str, *, harmless: bool = False) -> None:
        key = (reason, harmless)
        self._count[key] = self._count.get(key, 0) + 1
        examples = self._found.setdefault(key, [])
        if len(examples) < MAX_EXAMPLES:
            examples.append(shown(example))

    def result(self) -> tuple[Skipped, ...]:
        return tuple(
            Skipped(reason=reason, count=self._count[key], examples=tuple(examples), harmless=key[1])
            for key, examples in self._found.items()
            for reason in (key[0],)
        )


def shown(text: str, limit: int = 120) -> str:
    """``text`` from a file made fit for a screen: one line, printable, bounded."""
    return "".join(c if c.isprintable() else "?" for c in text[:limit])


def found(packages: Iterable[Package], where: str) -> tuple[Found, ...]:
    """Packages as components with purls, one per purl: the first place counts, and the shortest path to it."""
    kept: dict[str, Found] = {}
    for package in packages:
        name = package.purl or purl(package.ecosystem, package.name, package.version)
        earlier = kept.get(name)
        if earlier is not None and _rank(earlier.component) <= _rank_of(package):
            continue
        kept[name] = Found(
            component=Component(
                purl=name,
                name=package.name,
                version=package.version,
                ecosystem=package.ecosystem,
                direct=package.direct,
                scope=package.scope,
                path=package.path,
                found_in=where,
                depends_on=_edges(package),
                licenses=package.licenses,
                hashes=package.hashes,
            ),
            line=earlier.line if earlier is not None else package.line,
            origin=package.origin,
            minimum=package.minimum,
            source=package.source,
        )
    return tuple(kept.values())


def _edges(package: Package) -> tuple[str, ...] | None:
    if package.requires is None:
        return None
    return tuple(dict.fromkeys(purl(package.ecosystem, name, version) for name, version in package.requires))


_SCOPES = (SCOPE_RUNTIME, "", SCOPE_OPTIONAL, SCOPE_TEST, SCOPE_DEV)


def _rank(component: Component) -> tuple[int, int]:
    """Lowest first: what runs in production goes before what does not, a known short path before a long or unknown
    one."""
    return (_SCOPES.index(component.scope), len(component.path) or 1 << 30)


def _rank_of(package: Package) -> tuple[int, int]:
    return (_SCOPES.index(package.scope), len(package.path) or 1 << 30)
