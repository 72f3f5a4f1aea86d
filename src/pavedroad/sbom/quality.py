"""How good a bill is, in figures: shares of components with what a reader needs, and what is missing of the minimum
elements that the US NTIA published in July 2021 (supplier, name, version, other identifier, dependency relation,
author of the data, timestamp). Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from pavedroad.core.ecosystems import named
from pavedroad.core.noun import Noun
from pavedroad.sbom.model import Bill, Part


class Share(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """``count`` of ``of`` components have it."""

    what: str
    count: int
    of: int


class Quality(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """``ecosystems`` and ``licences`` count components; ``missing`` are sentences, empty for a bill that has all of
    the minimum elements."""

    components: int
    shares: tuple[Share, ...]
    ecosystems: dict[str, int]
    licences: dict[str, int]
    missing: tuple[str, ...]


_SHARES: tuple[tuple[str, Callable[[Part], bool]], ...] = (
    ("purl", lambda part: bool(part.component.purl)),
    ("version", lambda part: bool(part.component.version)),
    ("licence", lambda part: bool(part.component.licenses)),
    ("hash", lambda part: bool(part.component.hashes)),
    ("supplier", lambda part: bool(part.supplier)),
    ("dependencies", lambda part: part.depends_on is not None),
    ("occurrences", lambda part: bool(part.occurrences)),
)


def measure(bill: Bill) -> Quality:
    """The figures of one bill."""
    shares = tuple(Share(what=name, count=sum(map(has, bill.parts)), of=len(bill.parts)) for name, has in _SHARES)
    return Quality(
        components=len(bill.parts),
        shares=shares,
        ecosystems=_counted(_ecosystem(part) for part in bill.parts),
        licences=_counted(text for part in bill.parts for text in part.component.licenses or ("(none stated)",)),
        missing=tuple(_missing(bill)),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts = Counter(names)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _ecosystem(part: Part) -> str:
    if not part.component.purl:
        return "(no purl)"
    found = named(part.component.purl)
    return (found.ecosystem if found else "") or part.component.purl.removeprefix("pkg:").partition("/")[0]


def _missing(bill: Bill) -> Iterator[str]:
    if not bill.parts:
        yield "no component is listed"
    if bill.timestamp is None:
        yield "no timestamp"
    if not (bill.tools or bill.authors):
        yield "no author of the data: neither a tool nor a person"
    if bill.subject is None:
        yield "nothing says what the bill is about"
    checks: tuple[tuple[str, Callable[[Part], bool]], ...] = (
        ("a supplier", lambda part: bool(part.supplier)),
        ("a name", lambda part: bool(part.component.name)),
        ("a version", lambda part: bool(part.component.version)),
        ("an identifier (purl or CPE)", lambda part: bool(part.component.purl or part.cpes)),
    )
    for what, has in checks:
        count = sum(not has(part) for part in bill.parts)
        if count:
            yield f"{count} of {len(bill.parts)} components have not {what}"
    if not any(part.depends_on for part in (*bill.parts, *((bill.subject,) if bill.subject else ()))):
        yield "no relation between components"
