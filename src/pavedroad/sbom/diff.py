"""What changed between two bills: by purl without its version, so that an update is one change. Pure."""

from collections import defaultdict
from typing import Literal

from pavedroad.core.licences import LicenceError, Terms, parse
from pavedroad.core.noun import Noun
from pavedroad.core.purl import without_version
from pavedroad.sbom.model import Bill, Part


class Change(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """One package. ``old`` and ``new`` are its versions on each side, sorted; licences likewise, None when they did
    not change."""

    what: Literal["added", "removed", "version", "licence"]
    package: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    old_licences: tuple[str, ...] | None = None
    new_licences: tuple[str, ...] | None = None


class Difference(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """All changes, sorted by kind and package, and how many packages stayed as they were."""

    changes: tuple[Change, ...]
    unchanged: int

    def of(self, what: str) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.what == what)


_ORDER = ("added", "removed", "version", "licence")


def compare(old: Bill, new: Bill) -> Difference:
    """Added, removed and changed packages. A component without a purl is known by its name."""
    before, after = _packages(old), _packages(new)
    changes = [c for name in before.keys() | after.keys() if (c := _change(name, before.get(name), after.get(name)))]
    changes.sort(key=lambda change: (_ORDER.index(change.what), change.package))
    return Difference(changes=tuple(changes), unchanged=len(before.keys() | after.keys()) - len(changes))


def _packages(bill: Bill) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for part in bill.parts:
        purl = part.component.purl
        found[without_version(purl) if purl else part.component.name or part.ref].append(part)
    return found


def _change(package: str, old: list[Part] | None, new: list[Part] | None) -> Change | None:
    if not old or not new:
        what: Literal["added", "removed"] = "removed" if old else "added"
        return Change(what=what, package=package, old=_versions(old or []), new=_versions(new or []))
    before, after = _versions(old), _versions(new)
    licences, now = _licences(old), _licences(new)
    if before == after and licences == now:
        return None
    changed = licences != now
    return Change(
        what="version" if before != after else "licence",
        package=package,
        old=before,
        new=after,
        old_licences=licences if changed else None,
        new_licences=now if changed else None,
    )


def _versions(parts: list[Part]) -> tuple[str, ...]:
    return tuple(sorted({part.component.version for part in parts}))


def _licences(parts: list[Part]) -> tuple[str, ...]:
    """What binds, one by one: ``MIT AND Zlib`` is the same as ``MIT`` and ``Zlib``, and formats write either."""
    return tuple(sorted({one for part in parts for text in part.component.licenses for one in _binding(text)}))


def _binding(text: str) -> tuple[str, ...]:
    try:
        found = parse(text)
    except LicenceError:
        return (text,)
    return tuple(map(str, found.parts)) if isinstance(found, Terms) and found.word == "AND" else (str(found),)
