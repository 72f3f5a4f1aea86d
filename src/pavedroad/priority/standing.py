"""What is known about the versions that a plan wants to recommend, so that no upgrade leads into another known flaw.

A finding names where its flaw is fixed for the version in use. In a higher release line the same flaw may be open, and
other flaws may have come in. So each version is asked about before it is recommended.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from pavedroad.advisories import AdvisoryError, Database, examine
from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions import package_key, scheme

# Each round moves to a version that fixes what the last one has; real packages settle in one or two.
MOST_ROUNDS = 12


class Standing(NamedTuple):
    """A known flaw of a version: all its names, and the version that fixes it, empty when none is known."""

    names: frozenset[str]
    fixed: str = ""


# (ecosystem, package, version) to what is known about it; raises AdvisoryError when that cannot be told.
Ask = Callable[[str, str, str], tuple[Standing, ...]]


def asker(database: Database) -> Ask:
    """Answers from the advisory database."""

    def ask(ecosystem: str, package: str, version: str) -> tuple[Standing, ...]:
        rules = scheme(ecosystem)
        if rules is None:
            return ()
        found = examine(database.lookup(ecosystem, package_key(ecosystem, package)), version, rules)
        return tuple(Standing(frozenset({flaw.id, *flaw.aliases}), flaw.fixed) for flaw in found.flaws)

    return ask


class Settled(NamedTuple):
    """A version to move to: ``still`` are the names of all flaws known in it, ``flaws`` the flaws one by one."""

    version: str
    key: Any
    flaws: tuple[Standing, ...]

    @property
    def still(self) -> frozenset[str]:
        return frozenset(name for flaw in self.flaws for name in flaw.names)


def stations(ask: Ask, ecosystem: str, package: str, version: str) -> list[Settled]:
    """The version, then each version that fixes what the one before it has, lowest first. Empty when nobody can
    tell."""
    rules = scheme(ecosystem)
    found: list[Settled] = []
    while rules is not None and len(found) < MOST_ROUNDS:
        try:
            key = rules.key(version)
            flaws = ask(ecosystem, package, version)
            higher = [
                (rules.key(fix), fix) for flaw in flaws if (fix := _like(version, flaw.fixed)) and key < rules.key(fix)
            ]
        except (VersionError, AdvisoryError):
            break
        found.append(Settled(version, key, flaws))
        if not higher:
            break
        version = _highest(higher)
    return found


def _highest(pairs: list[tuple[Any, str]]) -> str:
    best = pairs[0]
    for pair in pairs[1:]:
        best = pair if best[0] < pair[0] else best
    return best[1]


def _like(version: str, fixed: str) -> str:
    """``fixed`` in the spelling of ``version``: Go modules have a ``v`` that advisories leave out."""
    return f"v{fixed}" if version[:1] == "v" and fixed[:1].isdigit() else fixed
