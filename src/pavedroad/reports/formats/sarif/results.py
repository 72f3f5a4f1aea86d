"""One finding as a SARIF result."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pavedroad.core.finding import Finding, FlowStep
from pavedroad.core.location import Location, Region
from pavedroad.core.priority import Priority
from pavedroad.core.remediation import Edit, Fix
from pavedroad.core.run import Change, Judged
from pavedroad.core.vex import VexNote
from pavedroad.reports.formats.sarif.rules import LEVELS, rule_of
from pavedroad.reports.text import block, line, prose, relative_uri

MAX_FLOW_STEPS = 1_000  # GitHub keeps this many locations of a thread flow
_MAX_INT = 2**31 - 1
_MAX_EDITS = 100
_MAX_SNIPPET = 4_000
_MAX_EDIT = 100_000

_BASELINE = {Change.NEW: "new", Change.OLD: "unchanged"}


def occurrences(findings: Iterable[Judged]) -> dict[int, int]:
    """For each finding, by ``id()``: which one of its fingerprint it is, from 1 in order of place."""
    ordered = sorted(findings, key=lambda judged: (judged.finding.fingerprint, _place(judged.finding.location)))
    seen: Counter[str] = Counter()
    ordinals = {}
    for judged in ordered:
        seen[judged.finding.fingerprint] += 1
        ordinals[id(judged)] = seen[judged.finding.fingerprint]
    return ordinals


def _place(location: Location) -> tuple[str, int, int, str]:
    region = location.region
    line_and_column = (region.start_line, region.start_column) if region else (0, 0)
    return (location.path, *line_and_column, location.commit or "")


def result(judged: Judged, *, rule_index: int, ordinal: int) -> dict[str, Any]:
    """The result; ``ordinal`` tells equal findings in different places apart."""
    finding = judged.finding
    digest = hashlib.sha256(finding.fingerprint.encode("utf-8", "replace")).hexdigest()[:16]
    said: dict[str, Any] = {
        "ruleId": rule_of(finding),
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": _message(finding.message or finding.title),
        "locations": [_location(finding.location)],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{digest}:{ordinal}",
            "pavedroad/v1": line(finding.fingerprint, 100) or "unknown",
        },
        "properties": _properties(judged),
    }
    if judged.change in _BASELINE:
        said["baselineState"] = _BASELINE[judged.change]
    if judged.waived is not None:
        said["suppressions"] = [_suppression(judged)]
    if finding.flow:
        said["codeFlows"] = [{"threadFlows": [{"locations": [_step(step) for step in finding.flow[:MAX_FLOW_STEPS]]}]}]
    fix = finding.remediation.fix if finding.remediation else None
    if fix is not None and 0 < len(fix.edits) <= _MAX_EDITS:
        said["fixes"] = [_fix(fix)]
    return said


def _message(text: str) -> dict[str, str]:
    # SARIF reads "[text](target)" in a message as a link; text from a repository must not make one.
    return {"text": prose(text, 1000).replace("](", "] (") or "(no message)"}


def _location(location: Location) -> dict[str, Any]:
    """Always with a region, because GitHub shows no result without one: the first line stands for the whole file."""
    region = region_of(location.region)
    snippet = _snippet(location)
    physical = {"artifactLocation": _artifact(location.path), "region": {**region, **snippet}}
    if not location.symbol:
        return {"physicalLocation": physical}
    return {"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": line(location.symbol, 255)}]}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": relative_uri(path), "uriBaseId": "%SRCROOT%"}


def _snippet(location: Location) -> dict[str, Any]:
    """The flagged lines alone: a SARIF region's snippet is the region's own text."""
    snippet, region = location.snippet, location.region
    if snippet is None or region is None or region.start_line < snippet.start_line:
        return {}
    start = region.start_line - snippet.start_line
    rows = snippet.text.splitlines()[start : region.end_line - snippet.start_line + 1]
    return {"snippet": {"text": block("\n".join(rows), _MAX_SNIPPET)}} if rows else {}


def region_of(region: Region | None) -> dict[str, int]:
    """A region that every reader accepts: lines and columns from 1, never ending before it starts."""
    if region is None or region.start_line < 1:
        return {"startLine": 1}
    start, end = min(region.start_line, _MAX_INT), min(max(region.end_line, region.start_line), _MAX_INT)
    first, last = min(max(region.start_column, 1), _MAX_INT), min(max(region.end_column, 1), _MAX_INT)
    if start == end and last <= first:  # no stretch of the line is meant, or none is known
        return {"startLine": start, "endLine": end, **({"startColumn": first} if first > 1 else {})}
    return {"startLine": start, "startColumn": first, "endLine": end, "endColumn": last}


def _step(step: FlowStep) -> dict[str, Any]:
    return {"location": {**_location(step.location), "message": _message(step.message)}}


def _suppression(judged: Judged) -> dict[str, str]:
    waived, marker = judged.waived, judged.finding.marker
    assert waived is not None  # noqa: S101 - only called for waived findings
    in_source = waived.origin.startswith("inline:")
    reason = f"{waived.waiver}: {waived.sentence}"
    if in_source and marker is not None and marker.reason:
        reason += f" ({marker.reason})"
    if waived.expires is not None:
        reason += f" (ends {waived.expires})"
    return {"kind": "inSource" if in_source else "external", "status": "accepted", "justification": prose(reason, 1000)}


def _fix(fix: Fix) -> dict[str, Any]:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    changes = [
        {"artifactLocation": _artifact(path), "replacements": [_replacement(edit) for edit in edits]}
        for path, edits in by_path.items()
    ]
    return {"description": _message(f"{fix.description} ({fix.safety.value})"), "artifactChanges": changes}


def _replacement(edit: Edit) -> dict[str, Any]:
    """Exact text, because a machine applies it; it is harmless to look at through JSON's own escapes."""
    region = edit.region
    start, first = max(region.start_line, 1), max(region.start_column, 1)
    end, last = max(region.end_line, start), max(region.end_column, 1)
    deleted = {"startLine": start, "startColumn": first, "endLine": end, "endColumn": last}
    if start == end and last < first:
        deleted["endColumn"] = first
    return {"deletedRegion": deleted, "insertedContent": {"text": edit.replacement[:_MAX_EDIT]}}


def _properties(judged: Judged) -> dict[str, Any]:
    finding = judged.finding
    component = finding.component
    facts: dict[str, Any] = {
        "kind": line(finding.kind, 60),
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "scanner": line(finding.scanner, 60),
        "gate": judged.mode.value if judged.mode else None,
        "commit": line(finding.location.commit, 64) if finding.location.commit else None,
        "purl": line(component.purl, 500) if component else None,
        "dependencyPath": [line(name, 120) for name in component.path[:20]] if component and component.path else None,
        "aliases": [line(alias, 100) for alias in finding.aliases[:20]] or None,
        "fixedVersions": _fixed_versions(finding) or None,
        "reachability": judged.reach.state.value if judged.reach else None,
        "vex": _vex(judged.vex) if judged.vex else None,
        "layer": line(component.layer, 100) if component and component.layer else _evidence(finding, "layer"),
        "vectors": [line(vector, 200) for vector in finding.vectors[:10]] or None,
        "upstream": [line(name, 100) for name in finding.upstream[:20]] or None,
        **(_priority(judged.priority) if judged.priority else {}),
        "evidence": {line(e.name, 60): line(e.value, 300) for e in finding.evidence[:20]} or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _priority(priority: Priority) -> dict[str, Any]:
    """Urgency and what it rests on. It changes from day to day, so it stays out of fingerprints and scores."""
    signals = priority.signals
    epss = signals.epss if signals else None
    return {
        "tier": line(priority.tier, 100),
        "table": line(priority.table, 100),
        "due": priority.due.isoformat() if priority.due else None,
        "why": prose(priority.why, 600) or None,
        "assumed": [prose(text, 300) for text in priority.assumed[:10]] or None,
        "kev": signals.known_exploited if signals else None,
        "kevSince": signals.known_since.isoformat() if signals and signals.known_since else None,
        "epss": epss if epss is not None and math.isfinite(epss) else None,
        "epssDate": signals.epss_as_of.isoformat() if signals and signals.epss_as_of else None,
    }


def _evidence(finding: Finding, name: str) -> str | None:
    return next((line(fact.value, 300) for fact in finding.evidence if fact.name == name), None)


def _vex(note: VexNote) -> dict[str, str]:
    return {
        "status": note.status.value,
        "justification": note.justification.value if note.justification else "",
        "document": line(note.document, 300),
        "author": line(note.author, 200),
    }


def _fixed_versions(finding: Finding) -> list[str]:
    remedy = finding.remediation
    return [line(version, 60) for version in remedy.fixed_versions[:20]] if remedy else []
