"""Several bills as one: flat, each package once; or hierarchical, each bill's subject with its parts below. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from pavedroad.core.component import Component
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.model import MAX_PARTS, Bill, Part, Tool

_ROOT = "pavedroad:subject"


def merge(
    bills: Sequence[Bill],
    *,
    name: str,
    version: str = "",
    tool: Tool,
    timestamp: datetime | None = None,
    hierarchical: bool = False,
) -> Bill:
    """One bill called ``name`` about all of them. Which files named a component, and what the bills could not see, is
    kept. A package without a purl is never taken for another. Raises SbomError for too many components."""
    if sum(len(bill.parts) for bill in bills) > MAX_PARTS:
        raise SbomError(f"together the bills have more than {MAX_PARTS} components", next_step="merge fewer of them")
    renamed = [_renamed(bill, number) for number, bill in enumerate(bills, 1)]
    parts = _nested(renamed) if hierarchical else _flat(renamed)
    subjects = [bill.subject for bill in renamed if bill.subject]
    known = {part.ref for part in parts}
    top = tuple(dict.fromkeys(s.ref for s in subjects if s.ref in known))
    root = Part(
        ref=_ROOT, component=Component(purl="", name=name, version=version), type="application", depends_on=top or None
    )
    return Bill(
        subject=root,
        parts=parts,
        tools=tuple(dict.fromkeys((tool, *(each for bill in bills for each in bill.tools)))),
        authors=tuple(dict.fromkeys(each for bill in bills for each in bill.authors)),
        timestamp=timestamp,
        complete=False if any(bill.complete is False for bill in bills) else None,
        gaps=tuple(dict.fromkeys(gap for bill in bills for gap in bill.gaps)),
        left=tuple(left for bill in bills for left in bill.left),
        vulnerabilities=sum(bill.vulnerabilities for bill in bills),
        services=sum(bill.services for bill in bills),
    )


def _renamed(bill: Bill, number: int) -> Bill:
    """The bill with refs that no other bill has."""

    def ref(old: str) -> str:
        return f"{number}:{old}" if old else ""

    def part(old: Part) -> Part:
        edges = None if old.depends_on is None else tuple(map(ref, old.depends_on))
        return msgspec.structs.replace(old, ref=ref(old.ref), within=ref(old.within), depends_on=edges)

    subject = part(bill.subject) if bill.subject else None
    return msgspec.structs.replace(bill, subject=subject, parts=tuple(map(part, bill.parts)))


def _nested(bills: Sequence[Bill]) -> tuple[Part, ...]:
    found: list[Part] = []
    for bill in bills:
        if bill.subject:
            found.append(bill.subject)
        top = bill.subject.ref if bill.subject else ""
        found += [part if part.within else msgspec.structs.replace(part, within=top) for part in bill.parts]
    return tuple(found)


def _flat(bills: Sequence[Bill]) -> tuple[Part, ...]:
    """The first of a purl stays, with what the others add. Every ref that pointed to another one points to it."""
    everything = [p for bill in bills for p in ((bill.subject,) if bill.subject else ()) + bill.parts]
    chosen: dict[str, str] = {}
    groups: dict[str, list[Part]] = {}
    for part in everything:
        key = part.component.purl or part.ref
        groups.setdefault(key, []).append(part)
        chosen[part.ref] = groups[key][0].ref
    return tuple(_joined(group, chosen) for group in groups.values())


def _joined(group: list[Part], chosen: dict[str, str]) -> Part:
    first = group[0]
    edges = [part.depends_on for part in group if part.depends_on is not None]
    targets = tuple(dict.fromkeys(chosen.get(ref, ref) for found in edges for ref in found))
    component = msgspec.structs.replace(
        first.component,
        licenses=tuple(dict.fromkeys(text for part in group for text in part.component.licenses)),
        hashes=tuple(dict.fromkeys(h for part in group for h in part.component.hashes)),
    )
    return msgspec.structs.replace(
        first,
        component=component,
        supplier=next((p.supplier for p in group if p.supplier), ""),
        cpes=tuple(dict.fromkeys(cpe for part in group for cpe in part.cpes)),
        references=tuple(dict.fromkeys(each for part in group for each in part.references)),
        properties=tuple(dict.fromkeys(each for part in group for each in part.properties)),
        occurrences=tuple(dict.fromkeys(place for part in group for place in part.occurrences)),
        depends_on=targets if edges else None,
        within=chosen.get(first.within, first.within) if chosen.get(first.within) != first.ref else "",
    )
