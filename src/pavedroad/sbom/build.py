"""A bill from an inventory: components of a tree in, one entry for each purl out. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pavedroad.core.component import Component, Hash
from pavedroad.core.coverage import Coverage, CoverageStatus
from pavedroad.sbom.model import Bill, Part, Tool
from pavedroad.sbom.reading import licence, text

# The strongest use of a package counts: what runs in production is not "dev" because a test wants it too.
_SCOPES = ("runtime", "", "optional", "test", "dev")
_ROOT = "pavedroad:subject"


def build_bill(
    components: Iterable[Component],
    *,
    name: str,
    version: str = "",
    tool: Tool,
    timestamp: datetime | None = None,
    gaps: Sequence[str] = (),
) -> Bill:
    """The bill of one tree called ``name``. The same components in any order give the same bill.

    The same purl in several files is one part with several occurrences. Edges to packages that no file lists are told
    as a gap. The subject depends on what is direct, and on what is not known to be and stands at the top of its graph.
    """
    merged: dict[str, list[Component]] = {}
    for component in components:
        merged.setdefault(component.purl or f"{component.name}@{component.version}", []).append(component)
    known = {component.purl for group in merged.values() for component in group if component.purl}
    missing = {
        target for group in merged.values() for c in group for target in c.depends_on or () if target not in known
    }
    parts = tuple(_part(ref, merged[ref], known) for ref in sorted(merged))
    return Bill(
        subject=_subject(name, version, parts, merged),
        parts=parts,
        tools=(tool,),
        timestamp=timestamp,
        gaps=(*dict.fromkeys(gaps), *_unlisted(missing)),
        complete=None,
    )


def _part(ref: str, group: list[Component], known: set[str]) -> Part:
    first = group[0]
    edges = [c.depends_on for c in group if c.depends_on is not None]
    depends_on = tuple(sorted({target for found in edges for target in found if target in known and target != ref}))
    component = Component(
        purl=text(first.purl),
        name=text(first.name),
        version=text(first.version),
        scope=min((c.scope for c in group), key=lambda s: _SCOPES.index(s) if s in _SCOPES else len(_SCOPES)),
        licenses=tuple(sorted({licence(stated) for c in group for stated in c.licenses})),
        hashes=tuple(sorted({h for c in group for h in c.hashes}, key=_hash_order)),
        layer=min(c.layer for c in group),
    )
    return Part(
        ref=ref,
        component=component,
        occurrences=tuple(sorted({text(c.found_in) for c in group if c.found_in})),
        depends_on=depends_on if edges else None,
    )


def _hash_order(found: Hash) -> tuple[str, str]:
    return found.algorithm, found.value


def _subject(name: str, version: str, parts: tuple[Part, ...], merged: dict[str, list[Component]]) -> Part:
    needed = {target for part in parts for target in part.depends_on or ()}
    top = [
        ref
        for ref, group in sorted(merged.items())
        if any(c.direct for c in group) or (ref not in needed and any(c.direct is None for c in group))
    ]
    return Part(
        ref=_ROOT,
        component=Component(purl="", name=text(name), version=version),
        type="application",
        depends_on=tuple(top),
    )


def _unlisted(missing: set[str]) -> tuple[str, ...]:
    if not missing:
        return ()
    shown = ", ".join(sorted(missing)[:3])
    return (f"{len(missing)} dependencies are named by other packages and listed by no file, such as {shown}",)


def gaps_of(coverage: Iterable[Coverage]) -> tuple[str, ...]:
    """What an inventory could not see, in one sentence each; empty when everything was read."""
    found: list[str] = []
    for each in coverage:
        if each.status in (CoverageStatus.FAILED, CoverageStatus.SKIPPED) and not each.errors:
            found.append(f"{each.scanner} did not look: {'; '.join(each.notes) or each.status.value}")
        found += [f"{error.where}: {error.message}" if error.where else error.message for error in each.errors]
        found += [f"the limit {hit.limit} was reached: {hit.value} {hit.where}".strip() for hit in each.limits]
        found += [
            f"{skip.count} times {skip.reason}" + (f", such as {', '.join(skip.examples[:3])}" if skip.examples else "")
            for skip in each.skipped
            if not skip.harmless
        ]
    return tuple(dict.fromkeys(found))
