"""The rules behind a run's findings, described for reports without loading any engine."""

from collections.abc import Iterable

from pavedroad.core.finding import Finding, RuleInfo
from pavedroad.core.run import Judged


def describe(judged: Iterable[Judged]) -> tuple[RuleInfo, ...]:
    """One entry per rule, taken from its gravest finding, sorted by id."""
    gravest: dict[str, Finding] = {}
    for each in judged:
        finding = each.finding
        known = gravest.get(finding.rule)
        if known is None or known.severity < finding.severity:
            gravest[finding.rule] = finding
    return tuple(_info(rule, finding) for rule, finding in sorted(gravest.items()))


def _info(rule: str, finding: Finding) -> RuleInfo:
    advice = finding.remediation.text if finding.remediation else ""
    page = "\n\n".join(part for part in (finding.title, advice, f"Read more: `paved explain {rule}`") if part)
    return RuleInfo(
        id=rule,
        kind=finding.kind,
        title=finding.title,
        severity=finding.severity,
        confidence=finding.confidence,
        page=page,
        cwe=finding.cwe,
        references=finding.references,
    )
