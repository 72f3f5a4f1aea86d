"""Rules as SARIF reporting descriptors, with what GitHub code scanning reads from them."""

import math
from collections.abc import Iterable
from typing import Any

from pavedroad.core.finding import Finding, RuleInfo
from pavedroad.core.run import Judged, Run
from pavedroad.core.severity import Confidence, Severity
from pavedroad.reports.text import block, line, prose, web_url

MAX_NAME, MAX_DESCRIPTION, MAX_TAGS = 255, 1024, 20  # GitHub's limits

# With this many rules, their pages alone would fill an upload; they shrink to an abstract.
_MANY_RULES, _LONG_PAGE, _SHORT_PAGE = 500, 8_000, 600

LEVELS = {
    Severity.MALICIOUS: "error",
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
    Severity.UNKNOWN: "warning",
}
# Inside the bands GitHub documents: over 9.0 critical, 7.0-8.9 high, 4.0-6.9 medium, 0.1-3.9 low, 0.0 none.
_SCORES = {
    Severity.MALICIOUS: 10.0,
    Severity.CRITICAL: 9.5,
    Severity.HIGH: 8.0,
    Severity.MEDIUM: 5.5,
    Severity.LOW: 2.0,
    Severity.INFO: 0.0,
}
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}


def rule_of(finding: Finding) -> str:
    """The rule's id as SARIF shows it."""
    return line(finding.rule, MAX_NAME) or "unknown"


def rules_of(run: Run, kept: Iterable[Judged]) -> list[dict[str, Any]]:
    """One descriptor for each rule of ``kept``, sorted by id; the worst finding of a rule sets its score."""
    pages = {line(info.id, MAX_NAME): info for info in run.rules}
    by_rule: dict[str, list[Finding]] = {}
    for judged in kept:
        by_rule.setdefault(rule_of(judged.finding), []).append(judged.finding)
    room = _LONG_PAGE if len(by_rule) <= _MANY_RULES else _SHORT_PAGE
    return [_descriptor(name, by_rule[name], pages.get(name), room) for name in sorted(by_rule)]


def _descriptor(name: str, findings: list[Finding], info: RuleInfo | None, room: int) -> dict[str, Any]:
    worst = max(findings, key=lambda finding: finding.severity)
    title = prose(info.title if info else worst.title, MAX_DESCRIPTION) or name
    text = _help_text(worst, info, title, room)
    descriptor: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": prose(worst.title if info is None else _abstract(info), MAX_DESCRIPTION) or title},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": LEVELS[worst.severity]},
        "properties": _properties(worst, findings, info),
    }
    addresses = [web_url(reference.url) for reference in (info.references if info else worst.references)]
    uri = next((address for address in addresses if address), "")
    return {**descriptor, "helpUri": uri} if uri else descriptor


def _abstract(info: RuleInfo) -> str:
    """The first paragraph of the rule's page that is no heading."""
    paragraphs = (part.strip() for part in info.page[:20_000].split("\n\n"))
    return next((part for part in paragraphs if part and not part.startswith("#")), info.title)


def _help_text(worst: Finding, info: RuleInfo | None, title: str, room: int) -> str:
    if info is not None and info.page.strip():
        return block(info.page, room)
    remedy = prose(worst.remediation.text, 1000) if worst.remediation else ""
    return f"{title}\n\n{remedy or 'See the message of each result.'}\n\nMore: paved explain {rule_of(worst)}"


def _properties(worst: Finding, findings: list[Finding], info: RuleInfo | None) -> dict[str, Any]:
    cwes = sorted({number for finding in findings for number in finding.cwe} | set(info.cwe if info else ()))
    tags = ["security", line(worst.kind, 60), *(f"external/cwe/cwe-{number:03d}" for number in cwes)]
    surest = max((finding.confidence for finding in findings), default=Confidence.LOW)
    properties: dict[str, Any] = {
        "tags": [tag for tag in dict.fromkeys(tags) if tag][:MAX_TAGS],
        "precision": surest.value,
        "problem.severity": _PROBLEM[LEVELS[worst.severity]],
    }
    score = security_severity(findings)
    return {**properties, "security-severity": score} if score else properties


def security_severity(findings: list[Finding]) -> str:
    """The highest score as text with one decimal, which GitHub requires; empty when every severity is unknown."""
    scores = [_score(finding) for finding in findings if finding.severity is not Severity.UNKNOWN]
    return f"{max(scores):.1f}" if scores else ""


def _score(finding: Finding) -> float:
    """The CVSS score where it agrees with the severity we state, else the middle of that severity's band."""
    score = finding.score
    agreed = score is not None and math.isfinite(score) and 0.0 <= score <= 10.0
    if score is not None and agreed and Severity.from_cvss(score) is finding.severity:
        return score
    return _SCORES[finding.severity]
