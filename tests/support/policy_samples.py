"""Findings, coverage and waivers for the tests of policy, each with one thing chosen and the rest plain."""

from datetime import UTC, date, datetime
from typing import Any

from pavedroad.core import (
    AssetKind,
    AssetRef,
    Component,
    Confidence,
    Coverage,
    CoverageStatus,
    Finding,
    InlineMarker,
    Judged,
    Location,
    Region,
    Severity,
    Verdict,
    Waiver,
    WaiverScope,
)
from pavedroad.core.identity import fingerprint
from pavedroad.policy import Config, Ledger, apply_waivers, decide, load_config
from pavedroad.policy.config import WaiverPolicy
from pavedroad.policy.ledger import LedgerEntry
from pavedroad.policy.waiving import WaiverOutcome

TODAY = date(2026, 11, 24)
ASSET = AssetRef(kind=AssetKind.REPOSITORY, name="example/shop")


def mark(text: str) -> str:
    """A fingerprint."""
    return fingerprint("test", (text,))


def finding(name: str = "a", **changes: Any) -> Finding:
    """A high, confident code finding ``code/<name>`` in ``src/<name>.py``, line 3."""
    plain: dict[str, Any] = {
        "rule": f"code/{name}",
        "kind": "code",
        "title": "A flaw",
        "message": "This is a flaw.",
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "location": Location(path=changes.pop("path", f"src/{name}.py"), region=Region.of_line(3)),
        "scanner": "code",
        "fingerprint": mark(name),
    }
    return Finding(**(plain | changes))


def judged(name: str = "a", **changes: Any) -> Judged:
    """``finding`` as the gate hands it over; ``change``, ``first_seen`` and ``waived`` go to the Judged."""
    own = {key: changes.pop(key) for key in ("change", "first_seen", "waived") if key in changes}
    return Judged(finding=finding(name, **changes), **own)


def dependency(purl: str, name: str, *aliases: str, **changes: Any) -> Judged:
    """A finding about a package, named after its first alias."""
    return judged(
        "dep",
        rule=f"dependencies/{aliases[0]}",
        kind="dependencies",
        component=Component(purl=purl, name=name),
        aliases=aliases[1:],
        **changes,
    )


def marked(name: str = "m", tool: str = "bandit", line: int = 3, **changes: Any) -> Judged:
    """A finding with a suppression comment of another tool."""
    return judged(name, marker=InlineMarker(tool=tool, text="nosec", line=line), **changes)


def looked(kind: str = "code", status: CoverageStatus = CoverageStatus.COMPLETE, **changes: Any) -> Coverage:
    """Coverage of one scanner, complete unless said."""
    plain: dict[str, Any] = {"scanner": kind, "kind": kind, "status": status, "files": 10}
    return Coverage(**(plain | changes))


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def config(text: str = "") -> Config:
    """A configuration from its YAML."""
    return load_config(text.encode(), where="paved.yaml")


def decided(
    *findings: Judged,
    coverage: tuple[Coverage, ...] = (looked(),),
    text: str = "",
    branch: str = "main",
    compared: bool = True,
) -> tuple[Verdict, tuple[Judged, ...]]:
    """``decide`` on one complete scanner, compared with a base, today."""
    return decide(findings, coverage, config(text), branch=branch, today=TODAY, compared=compared)


def waiver(name: str = "W-1", *, scope: dict[str, str] | None = None, **changes: Any) -> Waiver:
    """A whole waiver, in force; it covers ``finding("a")`` where it is, unless ``scope`` says otherwise."""
    where = {"fingerprint": mark("a"), "path": "src/a.py"} if scope is None else scope
    plain: dict[str, Any] = {
        "owner": "team",
        "reason": "agreed",
        "ticket": "T-1",
        "created": date(2026, 11, 1),
        "expires": date(2027, 3, 1),
    }
    return Waiver(id=name, scope=WaiverScope(**where), **(plain | changes))


def ledger(*waivers: Waiver) -> Ledger:
    """A ledger of these waivers, ten lines each."""
    return Ledger(tuple(LedgerEntry(each, 3 + 10 * number) for number, each in enumerate(waivers)))


def applied(
    findings: list[Judged],
    *waivers: Waiver,
    policy: WaiverPolicy | None = None,
    renames: dict[str, str] | None = None,
    existing: set[str] | None = None,
    complete: bool = True,
) -> WaiverOutcome:
    """``apply_waivers`` today; the tree holds the findings' files unless ``existing`` says otherwise."""
    return apply_waivers(
        findings,
        ledger(*waivers),
        today=TODAY,
        policy=policy or WaiverPolicy(),
        asset=ASSET,
        renames=renames or {},
        existing_paths={each.finding.location.path for each in findings} if existing is None else existing,
        complete=complete,
    )
