"""Makes a VEX document of a run: what was found, and what people and other documents have said about it. Pure; the same
run gives the same document.

An accepted risk is ``affected`` and will not be repaired. It never becomes ``not_affected``: only a waiver that says
``because: not-affected:...``, or a statement that the run heeded, does.
"""

from datetime import UTC, datetime, time

import msgspec

from pavedroad.core.finding import Finding
from pavedroad.core.priority import NOT_FLAWS
from pavedroad.core.run import Judged, Run
from pavedroad.core.severity import Severity
from pavedroad.core.vex import VexStatus
from pavedroad.core.waiver import Waiver
from pavedroad.vex.model import Document, Product, Statement


def document_of(
    run: Run, *, product: str, author: str, timestamp: datetime, tool: str, namespace: str = "", open_too: bool = True
) -> Document:
    """The statements of ``run`` about its components as parts of ``product`` (a purl). Flaws that nobody has judged yet
    are ``under_investigation``, or left out with ``open_too=False``. Times come from waivers, else ``timestamp``."""
    waivers = {waiver.id: waiver for waiver in run.waivers}
    parts: dict[Statement, dict[str, None]] = {}
    for judged in run.findings:
        statement = _statement(judged, waivers)
        component = judged.finding.component
        if (
            statement is None
            or component is None
            or (statement.status is VexStatus.UNDER_INVESTIGATION and not open_too)
        ):
            continue
        parts.setdefault(statement, {})[component.purl] = None
    statements = [
        msgspec.structs.replace(
            statement,
            products=(Product(purl=product, subcomponents=tuple(sorted(purls))),),
            timestamp=statement.timestamp or timestamp,
        )
        for statement, purls in parts.items()
    ]
    return Document(
        statements=tuple(sorted(statements, key=_place)),
        author=author,
        namespace=namespace,
        product_name=run.subject.name,
        timestamp=timestamp,
        tool=tool,
    )


def _place(statement: Statement) -> tuple[str, tuple[str, ...], str]:
    return statement.vulnerability, statement.products[0].subcomponents, statement.status.value


def _statement(judged: Judged, waivers: dict[str, Waiver]) -> Statement | None:
    """What is said of one finding; None when it is not about a flaw of a component."""
    finding = judged.finding
    if finding.component is None or not finding.component.purl or finding.kind in NOT_FLAWS:
        return None
    name, aliases = _names(finding)
    if not name:
        return None
    bare = Statement(vulnerability=name, aliases=aliases, status=VexStatus.UNDER_INVESTIGATION)
    waived = judged.waived
    if waived is not None and waived.waiver in waivers and waived.origin == "ledger":
        return _waived(bare, waivers[waived.waiver])
    if judged.vex is not None and (
        waived is not None or judged.vex.status in (VexStatus.AFFECTED, VexStatus.UNDER_INVESTIGATION)
    ):
        return _repeated(bare, judged)
    if finding.severity is Severity.MALICIOUS:
        return msgspec.structs.replace(bare, status=VexStatus.AFFECTED, action=_remedy(finding))
    return msgspec.structs.replace(bare, notes=_open(judged))


def _names(finding: Finding) -> tuple[str, tuple[str, ...]]:
    """The CVE where there is one, because most readers know flaws by it; and the other names."""
    own = finding.rule.partition("/")[2]
    names = sorted({*finding.aliases, *([own] if own.upper() in {a.upper() for a in finding.aliases} else [])}) or [own]
    first = next((name for name in names if name.startswith("CVE-")), own if own in names else names[0])
    return first, tuple(name for name in names if name != first)


def _waived(bare: Statement, waiver: Waiver) -> Statement:
    at = datetime.combine(waiver.created, time(), UTC) if waiver.created else None
    reason = " ".join(waiver.reason.split()).rstrip(".")
    if waiver.justification is not None:
        return msgspec.structs.replace(
            bare, status=VexStatus.NOT_AFFECTED, justification=waiver.justification, impact=reason, timestamp=at
        )
    until = f" until {waiver.expires}" if waiver.expires else ""
    return msgspec.structs.replace(
        bare,
        status=VexStatus.AFFECTED,
        wont_fix=True,
        action=f"The risk is accepted{until}: {reason}. No fix is planned{until}.",
        timestamp=at,
    )


def _repeated(bare: Statement, judged: Judged) -> Statement:
    """What another document states, said again with its author named."""
    note = judged.vex
    assert note is not None  # noqa: S101 - the caller has looked
    return msgspec.structs.replace(
        bare,
        status=note.status,
        justification=note.justification,
        impact=note.impact,
        action=_remedy(judged.finding) if note.status is VexStatus.AFFECTED else "",
        notes=f"Stated by {note.author or 'an unknown author'}.",
    )


def _remedy(finding: Finding) -> str:
    return finding.remediation.text if finding.remediation else ""


def _open(judged: Judged) -> str:
    reach = f" Use by the product's code: {judged.reach.state.value} ({judged.reach.why})." if judged.reach else ""
    return f"Found, and not judged yet. {_remedy(judged.finding)}{reach}".strip()
