"""What ``paved sbom show`` and ``paved sbom diff`` print. Everything from a bill goes through ``reports.text``: it may
hold escapes, line breaks and worse."""

from collections.abc import Iterator
from typing import Any

import msgspec

from pavedroad.reports.markdown import code
from pavedroad.reports.text import line
from pavedroad.sbom.diff import Change, Difference
from pavedroad.sbom.identity import stamp
from pavedroad.sbom.model import Bill
from pavedroad.sbom.quality import Quality

_WIDE = 200
_MOST = 10
_TITLES = {"added": "Added", "removed": "Removed", "version": "Version changed", "licence": "Licence changed"}


def facts(bill: Bill) -> dict[str, Any]:
    """What a bill says of itself."""
    subject = bill.subject.component if bill.subject else None
    return {
        "source": bill.source,
        "subject": subject.name if subject else "",
        "subject_version": subject.version if subject else "",
        "serial": bill.serial,
        "timestamp": stamp(bill.timestamp) if bill.timestamp else "",
        "tools": [f"{tool.name} {tool.version}".strip() for tool in bill.tools],
        "authors": list(bill.authors),
        "complete": bill.complete,
        "gaps": list(bill.gaps),
        "vulnerabilities": bill.vulnerabilities,
        "services": bill.services,
    }


def summary(bill: Bill, quality: Quality) -> str:
    """Some lines for a person."""
    return "\n".join(_summary(bill, quality))


def _summary(bill: Bill, quality: Quality) -> Iterator[str]:
    said = facts(bill)
    about = f"{said['subject']} {said['subject_version']}".strip()
    yield line(bill.source, _WIDE) + (f" about {line(about, _WIDE)}" if about else ", about nothing that it names")
    made = ", ".join(said["tools"] + said["authors"])
    yield line(f"made {said['timestamp'] or 'at an unknown time'} by {made or 'nobody that it names'}", _WIDE)
    claim = {True: "complete", False: "incomplete", None: "no claim to be complete"}[bill.complete]
    yield f"{quality.components} components; {claim}"
    yield ""
    for share in quality.shares:
        percent = f"{100 * share.count // share.of} %" if share.of else "-"
        yield f"  with {share.what:12} {share.count:7}  {percent:>5}"
    for title, counts in (("ecosystems", quality.ecosystems), ("licences", quality.licences)):
        yield f"\n{title}"
        yield from _top(counts)
    yield from _section("missing of the NTIA minimum elements", quality.missing or ("nothing",))
    yield from _section("what its maker could not see", bill.gaps)
    kept_apart = [f"{bill.vulnerabilities} vulnerabilities"] if bill.vulnerabilities else []
    lost = [f"{left.count} times {left.what}" for left in bill.left]
    yield from _section("not read from it", kept_apart + lost)


def _top(counts: dict[str, int]) -> Iterator[str]:
    for name, count in list(counts.items())[:_MOST]:
        yield f"  {count:7}  {line(name, 80)}"
    if len(counts) > _MOST:
        yield f"           and {len(counts) - _MOST} more"


def _section(title: str, rows: Any) -> Iterator[str]:
    if rows:
        yield f"\n{title}"
        yield from (f"  {line(row, _WIDE)}" for row in rows)


def difference(found: Difference, style: str) -> str:
    """The changes as ``text``, ``json`` or ``markdown``."""
    if style == "json":
        return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
    counts = ", ".join(f"{len(found.of(what))} {title.lower()}" for what, title in _TITLES.items())
    total = f"{counts}, {found.unchanged} unchanged"
    return "\n".join([*(_markdown(found) if style == "markdown" else _text(found)), total])


def _text(found: Difference) -> Iterator[str]:
    for what, title in _TITLES.items():
        rows = [_row(change) for change in found.of(what)]
        if rows:
            yield title
            width = min(max(len(row[0]) for row in rows), 60)
            yield from (f"  {name:{width}}  {versions}  {licences}".rstrip() for name, versions, licences in rows)
            yield ""


def _markdown(found: Difference) -> Iterator[str]:
    yield "| Change | Package | Version | Licence |\n| --- | --- | --- | --- |"
    for what, title in _TITLES.items():
        for change in found.of(what):
            yield f"| {title} | " + " | ".join(_cell(text) for text in _row(change)) + " |"
    yield ""


def _cell(text: str) -> str:
    return code(text) if text else ""


def _row(change: Change) -> tuple[str, str, str]:
    old, new = _joined(change.old), _joined(change.new)
    versions = f"{old} -> {new}" if change.what == "version" else new or old
    licences = ""
    if change.old_licences is not None and change.new_licences is not None:
        licences = f"{_joined(change.old_licences) or 'none'} -> {_joined(change.new_licences) or 'none'}"
    return line(change.package, _WIDE), versions, licences


def _joined(values: tuple[str, ...]) -> str:
    return line(", ".join(value for value in values if value), _WIDE)
