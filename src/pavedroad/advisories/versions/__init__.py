"""How each ecosystem orders its versions and spells its names: one file per set of rules, found by folder.

A plug-in defines ``SCHEME``. Its ``ecosystems`` are the ecosystems that follow the rules, spelled as OSV spells them,
without suffix. What a suffix such as ``:12`` or ``:v3.19`` means is said here and nowhere else.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Protocol

from pavedroad.infra.errors import PluginError
from pavedroad.infra.plugins import registry


class Ordered(Protocol):
    """A comparison key: totally ordered among the keys of one scheme, equal when the ecosystem says equal."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


class Scheme(Protocol):
    """One set of rules."""

    name: str
    ecosystems: tuple[str, ...]

    def key(self, version: str) -> Ordered:
        """The comparison key. Raises VersionError, and nothing else, for a text that the rules cannot order."""
        ...

    def package(self, name: str) -> str:
        """The one spelling under which a package is looked up."""
        ...


def schemes() -> dict[str, Scheme]:
    """Every known scheme by its name."""
    return registry(__name__, "SCHEME")


@cache
def _by_ecosystem() -> dict[str, Scheme]:
    found: dict[str, Scheme] = {}
    for rules in schemes().values():
        for ecosystem in rules.ecosystems:
            if ecosystem in found:
                raise PluginError(f"two version schemes claim {ecosystem}", next_step="let one of them go")
            found[ecosystem] = rules
    return found


# They publish rebuilt packages of others: the suffix names whose (``Root:Debian:12``, ``Echo:PyPI``).
_REBUILDERS = ("Echo", "Root", "TuxCare")


@lru_cache(maxsize=4096)
def scheme(ecosystem: str) -> Scheme | None:
    """The rules for ``ecosystem``, with or without suffix; None when we cannot compare its versions."""
    base, _, suffix = ecosystem.partition(":")
    known = _by_ecosystem()
    if base in _REBUILDERS and suffix:
        return known.get(suffix.partition(":")[0]) or known.get(base)
    return known.get(base)


def _major(release: str) -> str:
    return release.partition(".")[0]


def _alpine(release: str) -> str:
    """``3.19.1`` is the branch ``v3.19``; ``edge`` stays."""
    number = re.match(r"v?([0-9]+\.[0-9]+)", release, re.ASCII)
    return f"v{number.group(1)}" if number else release


_SUFFIXES: dict[str, Callable[[str], str]] = {
    "Alpine": _alpine,
    "Debian": _major,
    "AlmaLinux": _major,
    "Rocky Linux": _major,
    # The suffix only repeats what the release says: Ubuntu:22.04 is Ubuntu:22.04:LTS.
    "Ubuntu": lambda release: release.removesuffix(":LTS"),
    # Which repository has it: group and artifact are one name in all of them.
    "Maven": lambda _: "",
}


@lru_cache(maxsize=4096)
def ecosystem_key(ecosystem: str) -> str:
    """The one spelling under which an ecosystem is looked up: point releases and marks that say nothing new are left
    out (``Debian:12.5`` is ``Debian:12``, ``Alpine:3.19.1`` is ``Alpine:v3.19``). Idempotent."""
    base, _, suffix = ecosystem.partition(":")
    rule = _SUFFIXES.get(base)
    kept = rule(suffix) if rule and suffix else suffix
    return f"{base}:{kept}" if kept else base


def package_key(ecosystem: str, name: str) -> str:
    """The spelling of ``name`` used for look-ups; the name itself where the ecosystem has no rule. Idempotent."""
    rules = scheme(ecosystem)
    return rules.package(name) if rules else name
