"""What the parsers of Python's manifests share: requirement texts (PEP 508), and whether a lock file pins them."""

from collections.abc import Iterable
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from pavedroad.scanning.scanners.dependencies.model import Package, shown
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, NO_LOCK, Source
from pavedroad.scanning.scanners.dependencies.parsers.requirements import exact

LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock")
_COMPILED_NAMES = ("base", "main", "run", "runtime", "prod", "production", "lock", "all")
COMPILED = ("requirements.txt", *(f"requirements/{name}.txt" for name in _COMPILED_NAMES))
COMPANIONS = (*(each.lower() for each in LOCKS), *(each.rpartition("/")[2] for each in COMPILED))


def requirement(text: Any) -> Requirement | None:
    """The requirement a text holds, None for what is none."""
    try:
        return Requirement(text) if isinstance(text, str) and len(text) < 10_000 else None
    except (InvalidRequirement, RecursionError, ValueError):
        return None


def locked(source: Source) -> bool:
    """Whether a lock file beside, or of a workspace above, or a compiled requirements file says the versions."""
    return source.above(*LOCKS) is not None or source.has(*COMPILED)


def declared(source: Source, texts: Iterable[Any], scope: str, *, pinned_elsewhere: bool) -> Iterable[Package | None]:
    """Packages of requirements with ``==``; the others are gaps, harmless where a lock file has their versions."""
    lines = source.lines(r"""["'\s]([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:[\[;<>=!~"']|$)""")
    for text in texts:
        one = requirement(text)
        if one is None:
            source.gaps.add("an entry that is no requirement", text if isinstance(text, str) else "not a text")
        elif pinned_elsewhere:
            source.gaps.add("declared here; a lock file says the version", one.name, harmless=True)
        elif one.url:
            source.gaps.add(BY_URL, one.name)
        elif version := exact(one):
            yield source.package(one.name, version, lines.line(one.name), direct=True, scope=scope)
        else:
            source.gaps.add(NO_LOCK, shown(f"{one.name}{one.specifier}"))
