"""The components of a bill as ``core.Component``: what the gate judges."""

from collections import deque

import msgspec

from pavedroad.core.component import Component
from pavedroad.core.coverage import Skipped
from pavedroad.core.ecosystems import Named, named
from pavedroad.sbom.model import Bill, Part

_LONGEST_PATH = 64
# Parts that are no packages: they have no advisories, and without a purl nobody could look for any.
_NO_PACKAGES = frozenset({"file", "data", "cryptographic-asset", "device", "machine-learning-model"})


def components(bill: Bill, *, found_in: str = "") -> tuple[Component, ...]:
    """Every part, and the subject when it has a purl: with ecosystem and name from the purl, path and directness from
    the graph. ``found_in`` is the bill's own file, for parts that name none."""
    everything = _everything(bill)
    by_ref = {part.ref: part for part in everything}
    paths = _paths(bill, by_ref)
    return tuple(_component(part, by_ref, paths, bill, found_in) for part in everything)


def unjudgeable(bill: Bill) -> tuple[Skipped, ...]:
    """What the components of a bill cannot be judged for, to be told in coverage: no purl, no version, no ecosystem;
    and what the reader could not keep."""
    found: dict[str, list[str]] = {}
    for part in _everything(bill):
        problem = _problem(part)
        if problem:
            found.setdefault(problem, []).append(part.component.purl or part.component.name or part.ref)
    gaps = [Skipped(reason=why, count=len(who), examples=tuple(who[:5]), harmless=False) for why, who in found.items()]
    gaps += [Skipped(reason=f"the bill says: {gap}", count=1, harmless=False) for gap in bill.gaps]
    gaps += [
        Skipped(reason=left.what, count=left.count, examples=left.examples, harmless=left.harmless)
        for left in bill.left
    ]
    return tuple(gaps)


def _everything(bill: Bill) -> tuple[Part, ...]:
    subject = (bill.subject,) if bill.subject and bill.subject.component.purl else ()
    return (*subject, *bill.parts)


def _problem(part: Part) -> str:
    purl = part.component.purl
    if not purl:
        return "" if part.type in _NO_PACKAGES else "a component without a purl, so without an ecosystem"
    found = named(purl)
    if found is None:
        return "a component whose purl is broken"
    if not found.ecosystem:
        return "a component of an ecosystem without advisories"
    return "" if found.version or part.component.version else "a component without a version"


def _component(
    part: Part, by_ref: dict[str, Part], paths: dict[str, tuple[str, ...]] | None, bill: Bill, found_in: str
) -> Component:
    inner = part.component
    said = named(inner.purl) or Named(ecosystem="", name=inner.name, version="")
    path = paths.get(part.ref, ()) if paths is not None else ()
    edges = None
    if part.depends_on is not None:
        edges = tuple(p for ref in part.depends_on if (other := by_ref.get(ref)) and (p := other.component.purl))
    return msgspec.structs.replace(
        inner,
        ecosystem=said.ecosystem,
        name=said.name or inner.name,
        version=inner.version or said.version,
        direct=_direct(part, paths, bill),
        path=path,
        found_in=part.occurrences[0] if part.occurrences else found_in,
        depends_on=edges,
    )


def _direct(part: Part, paths: dict[str, tuple[str, ...]] | None, bill: Bill) -> bool | None:
    if paths is None or bill.subject is None or part.ref not in paths:
        return None
    return part.ref in (bill.subject.depends_on or ())


def _paths(bill: Bill, by_ref: dict[str, Part]) -> dict[str, tuple[str, ...]] | None:
    """Names on a shortest way from the subject to each part, itself last; None when the bill has no such graph.
    Cycles end where they began, and what lies deeper than 64 has no path."""
    if bill.subject is None or not bill.subject.depends_on:
        return None
    found: dict[str, tuple[str, ...]] = {}
    pending: deque[tuple[str, tuple[str, ...]]] = deque((ref, ()) for ref in bill.subject.depends_on)
    while pending:
        ref, before = pending.popleft()
        part = by_ref.get(ref)
        if part is None or ref in found or len(before) >= _LONGEST_PATH:
            continue
        found[ref] = (*before, part.component.name)
        pending.extend((target, found[ref]) for target in part.depends_on or () if target not in found)
    return found
