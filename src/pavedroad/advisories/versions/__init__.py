"""How each ecosystem orders its versions and spells its names: one file per ecosystem, found by folder.

A plug-in defines ``SCHEME``. Its ``name`` is the ecosystem as OSV spells it.
"""

from typing import Any, Protocol

from pavedroad.infra.plugins import registry


class Ordered(Protocol):
    """A comparison key: totally ordered among the keys of one scheme, equal when the ecosystem says equal."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


class Scheme(Protocol):
    """The rules of one ecosystem."""

    name: str

    def key(self, version: str) -> Ordered:
        """The comparison key. Raises VersionError for a text that the rules cannot order."""
        ...

    def package(self, name: str) -> str:
        """The one spelling under which a package is looked up."""
        ...


def schemes() -> dict[str, Scheme]:
    """Every known scheme by ecosystem name."""
    return registry(__name__, "SCHEME")


def scheme(ecosystem: str) -> Scheme | None:
    """The rules for ``ecosystem`` (a suffix such as ``:11`` is ignored), None when we cannot compare its versions."""
    return schemes().get(ecosystem.partition(":")[0])


def package_key(ecosystem: str, name: str) -> str:
    """The spelling of ``name`` used for look-ups; the name itself where the ecosystem has no rule."""
    rules = scheme(ecosystem)
    return rules.package(name) if rules else name
