"""Whether the project's code uses the packages that findings are about: imported or not, the first step. Pure.

What the code imports (:mod:`pavedroad.scanning.scanners._imports`) is joined with the graph of components. In doubt a
package is ``unknown`` or ``potentially`` used, never ``unreachable``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pavedroad.core.component import Component
from pavedroad.core.priority import NOT_FLAWS
from pavedroad.core.purl import without_version
from pavedroad.core.reachability import Reach, Reachability
from pavedroad.core.run import Judged
from pavedroad.core.severity import Severity
from pavedroad.gate.modules import PROGRAMS, modules_of, normal

LANGUAGES = {"PyPI": "python", "npm": "javascript"}
_SHOWN = {"python": "Python", "javascript": "JavaScript"}
_DEV = re.compile(
    r"(?:^|/)(?:tests?|testing|__tests__|__mocks__|spec|specs|e2e|cypress|docs?|examples?|benchmarks?|fixtures|stories)/"
    r"|(?:^|/)(?:test_[^/]*|conftest|noxfile|tasks|setup)\.py$|_test\.py$"
    r"|\.(?:test|spec|stories|config|setup)\.[cm]?[jt]sx?$|(?:^|/)(?:gulpfile|gruntfile|karma\.conf)[^/]*$",
    re.IGNORECASE,
)
_ANCESTORS = 10_000
_REACHABLE, _POTENTIALLY, _UNREACHABLE, _UNKNOWN = Reachability


class Imports(msgspec.Struct, frozen=True):
    """What the source files import: facts by path. ``languages`` are those that the project has source files of.
    ``modules`` are those of installed distributions. ``hole`` says why the look was not whole, empty when it was."""

    facts: Mapping[str, tuple[str, ...]] = {}
    languages: frozenset[str] = frozenset()
    modules: Mapping[str, tuple[str, ...]] = {}
    hole: str = ""


def languages_of(components: Iterable[Component | None]) -> frozenset[str]:
    """The languages whose source can say whether these components are used."""
    return frozenset(LANGUAGES[c.ecosystem] for c in components if c is not None and c.ecosystem in LANGUAGES)


def with_reach(judged: Sequence[Judged], imports: Imports, components: Sequence[Component]) -> list[Judged]:
    """The findings about packages, with whether the code uses them."""
    uses = _Uses(imports, components)
    done = []
    for each in judged:
        component = each.finding.component
        if component is None or component.ecosystem not in LANGUAGES or each.finding.kind in NOT_FLAWS:
            done.append(each)
            continue
        done.append(msgspec.structs.replace(each, reach=_gated(each, uses.of(component))))
    return done


def _gated(judged: Judged, reach: Reach) -> Reach:
    """What must not be weakened by a guess counts as reachable in rules of the gate."""
    if reach.state is _REACHABLE:
        return reach
    signals = judged.priority.signals if judged.priority else None
    finding = judged.finding
    if finding.severity is Severity.MALICIOUS or any(name.startswith("MAL-") for name in finding.aliases):
        why = "a malicious package acts without being imported"
    elif signals is not None and signals.known_exploited:
        why = "the flaw is known to be exploited"
    else:
        return reach
    return msgspec.structs.replace(
        reach, counts_as=_REACHABLE, why=f"{reach.why}; counts as reachable for the gate: {why}"
    )


class _Uses:
    """Answers for one component after the other."""

    def __init__(self, imports: Imports, components: Sequence[Component]) -> None:
        self._imports = imports
        self._where: dict[str, str] = {}  # the first file of runtime code with this fact
        self._in_dev: dict[str, str] = {}
        for path in sorted(imports.facts):
            into = self._in_dev if _DEV.search(path) else self._where
            for fact in imports.facts[path]:
                into.setdefault(fact, path)
                for part in _prefixes(fact):
                    into.setdefault(part, path)
        self._parents, self._has_graph = _graph(components)
        self._done: dict[tuple[str, str], Reach] = {}

    def of(self, component: Component) -> Reach:
        """The state, with the reason."""
        language = LANGUAGES[component.ecosystem]
        if language not in self._imports.languages:
            return Reach(state=_UNKNOWN, why=f"there are no {_SHOWN[language]} source files to look at")
        key = (component.found_in, component.purl)
        if key not in self._done:
            self._done[key] = self._of(component, language)
        return self._done[key]

    def _of(self, component: Component, language: str) -> Reach:
        own = self._own(component.ecosystem, component.name)
        if own is not None and own.state is _REACHABLE:
            return own
        through = self._through(component, language)
        return own or through or self._nowhere(component, language)

    def _own(self, ecosystem: str, name: str) -> Reach | None:
        """Imported by the project's own code: where. None: not seen."""
        facts = self._facts_of(ecosystem, name)
        for fact in facts:
            if fact in self._where:
                return Reach(state=_REACHABLE, why=f"imported in {self._where[fact]}")
        for fact in facts:
            if fact in self._in_dev:
                return Reach(
                    state=_POTENTIALLY, why=f"imported only in tests and the like, such as {self._in_dev[fact]}"
                )
            named = f"named:{fact.partition(':')[2]}"
            if ecosystem == "PyPI" and (path := self._where.get(named) or self._in_dev.get(named)):
                return Reach(state=_POTENTIALLY, why=f"named in {path}")
        return None

    def _facts_of(self, ecosystem: str, name: str) -> tuple[str, ...]:
        if ecosystem == "npm":
            return (f"javascript:{name.lower()}",)
        return tuple(f"python:{module}" for module in self._modules(name)[0])

    def _modules(self, name: str) -> tuple[tuple[str, ...], bool]:
        """What is installed, where it is; what is known or guessed otherwise. A guess is kept beside what is installed:
        more modules make a package reachable more easily, never less."""
        modules, sure = modules_of(name)
        installed = () if sure else self._imports.modules.get(normal(name), ())
        return (*installed, *modules), sure or bool(installed)

    def _through(self, component: Component, language: str) -> Reach | None:
        """Brought in by a dependency that is imported. All that bring it in count, as far as the file tells."""
        if component.direct is True:
            return None
        for name in self._ancestors(component):
            own = self._own(component.ecosystem, name)
            if own is not None:
                how = "" if own.state is _REACHABLE else " in tests"
                return Reach(state=_POTENTIALLY, why=f"comes in through {name}, which is imported{how}")
        return None

    def _ancestors(self, component: Component) -> list[str]:
        found = dict.fromkeys(component.path[:-1])
        pending, seen = [(component.found_in, component.purl)], set[tuple[str, str]]()
        while pending and len(seen) < _ANCESTORS:
            key = pending.pop()
            for parent in self._parents.get(key, ()):
                if (key[0], parent.purl) not in seen:
                    seen.add((key[0], parent.purl))
                    found[parent.name] = None
                    pending.append((key[0], parent.purl))
        return [*found]

    def _nowhere(self, component: Component, language: str) -> Reach:
        """Nothing imports it, as far as can be seen. Says so only where that is sure."""
        for place in (self._where, self._in_dev):
            if path := place.get(f"{language}:?"):
                return Reach(
                    state=_POTENTIALLY, why=f"nothing names it, but {path} imports by names that are made at run time"
                )
        if self._imports.hole:
            return Reach(state=_UNKNOWN, why=f"nothing seen imports it, but {self._imports.hole}")
        if component.direct is not True and component.found_in not in self._has_graph:
            return Reach(state=_UNKNOWN, why="nothing imports it, and its file does not say what brings it in")
        if component.ecosystem == "PyPI":
            if normal(component.name) in PROGRAMS:
                return Reach(state=_UNKNOWN, why="nothing imports it, but it is started as a program as a rule")
            if not self._modules(component.name)[1]:
                return Reach(state=_UNKNOWN, why="nothing imports a module of its name; its modules are not known")
        if component.name.startswith("@types/"):
            return Reach(state=_UNKNOWN, why="types of another package, which no import names")
        return Reach(state=_UNREACHABLE, why="no source file imports it, nor what brings it in")


def _prefixes(fact: str) -> Iterable[str]:
    """``python:google.cloud`` and ``python:google`` for ``python:google.cloud.storage``."""
    while "." in fact and not fact.startswith("javascript:"):
        fact = fact.rpartition(".")[0]
        yield fact


def _graph(components: Sequence[Component]) -> tuple[dict[tuple[str, str], list[Component]], frozenset[str]]:
    """Who depends on what, within each file; and the files that say it."""
    parents: defaultdict[tuple[str, str], list[Component]] = defaultdict(list)
    has_graph = set()
    names: dict[tuple[str, str], list[str]] = {}
    for component in components:
        names.setdefault((component.found_in, without_version(component.purl)), []).append(component.purl)
    for component in components:
        if component.depends_on is None:
            continue
        has_graph.add(component.found_in)
        for purl in component.depends_on:
            file = component.found_in
            for meant in {purl, *names.get((file, purl), ())}:
                parents[file, meant].append(component)
    return dict(parents), frozenset(has_graph)
