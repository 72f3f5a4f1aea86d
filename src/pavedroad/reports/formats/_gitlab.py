"""What GitLab's security reports share: schema family 15.0.x, which every supported server takes.

Waived findings are left out, because the family has no word for "accepted" (its only flag says "false positive", which
a waiver does not claim); their number is a message of the scan. A kind that nobody looked at is a failed scan, never an
empty report.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from pavedroad.core.coverage import Coverage, CoverageStatus
from pavedroad.core.finding import Finding
from pavedroad.core.run import Judged, Run
from pavedroad.core.severity import Severity
from pavedroad.reports.deadlines import day_of, due_sentence, signal_rows, tier_words
from pavedroad.reports.markdown import escape
from pavedroad.reports.text import count, line, prose, web_url
from pavedroad.reports.view import gaps_of, package_words, utc

SCHEMA_VERSION = "15.0.7"
MAX_NAME, MAX_DESCRIPTION, MAX_SOLUTION = 255, 1_048_576, 7_000
_MAX_MESSAGES = 100
_SCHEMAS = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw"
# The catalogue for people; it has no stable address for one entry.
KEV_PAGE = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:pavedroad:finding:v1")
_IDENTIFIER_TYPES = {"CVE": "cve", "GHSA": "ghsa", "OSV": "osv", "GO": "go", "RUSTSEC": "rustsec", "PYSEC": "pysec"}

_SEVERITIES = {
    Severity.MALICIOUS: "Critical",  # GitLab has no word above it
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
    Severity.INFO: "Info",
    Severity.UNKNOWN: "Unknown",
}

Locate = Callable[[Finding, Run], dict[str, Any]]
Covers = Callable[[str], bool]


def security_report(run: Run, scan_type: str, covers: Covers, locate: Locate) -> dict[str, Any]:
    """A report of ``scan_type`` with the unwaived findings whose kind ``covers`` accepts, placed by ``locate``."""
    mine = [judged for judged in run.findings if covers(judged.finding.kind)]
    reported = [judged for judged in mine if judged.waived is None]
    schema = f"{_SCHEMAS}/v{SCHEMA_VERSION}/dist/{scan_type.replace('_', '-')}-report-format.json"
    looked = [coverage for coverage in run.coverage if covers(coverage.kind)]
    return {
        "version": SCHEMA_VERSION,
        "schema": schema,
        "scan": _scan(run, scan_type, looked, len(mine) - len(reported)),
        "vulnerabilities": [
            _vulnerability(judged, name, locate(judged.finding, run), day_of(run))
            for judged, name in zip(reported, stable_ids(reported), strict=True)
        ],
    }


def stable_ids(findings: Iterable[Judged]) -> list[str]:
    """A UUID for each finding, from its fingerprint and path; a counter keeps equal ones apart."""
    seen: dict[str, int] = {}
    ids = []
    for judged in findings:
        key = ascii([judged.finding.fingerprint, judged.finding.location.path])
        seen[key] = seen.get(key, 0) + 1
        ids.append(str(uuid.uuid5(_NAMESPACE, key if seen[key] == 1 else f"{key} {seen[key]}")))
    return ids


def lines_of(finding: Finding) -> dict[str, int]:
    """``start_line`` and ``end_line``, empty when the finding has no line."""
    region = finding.location.region
    if region is None or region.start_line < 1:
        return {}
    return {"start_line": region.start_line, "end_line": max(region.end_line, region.start_line)}


def _scan(run: Run, scan_type: str, looked: list[Coverage], waived: int) -> dict[str, Any]:
    version = line(run.tool_version, 60) or "unknown"
    us = {"id": "pavedroad", "name": "Pavedroad", "version": version, "vendor": {"name": "Pavedroad"}}
    idle = all(coverage.status is CoverageStatus.SKIPPED for coverage in looked)
    failed = idle or any(coverage.status is CoverageStatus.FAILED for coverage in looked)
    messages = [("fatal" if idle else "info", text) for text in _first_words(looked, waived, idle=idle)]
    for coverage in looked:
        level = "fatal" if coverage.status is CoverageStatus.FAILED else "warn"
        messages += [(level, f"{gap.scanner}: {gap.what} {gap.where} {gap.next_step}") for gap in gaps_of(coverage)]
    return {
        "type": scan_type,
        "analyzer": us,
        "scanner": us,
        "status": "failure" if failed else "success",
        "start_time": f"{utc(run.started):%Y-%m-%dT%H:%M:%S}",
        "end_time": f"{utc(run.finished):%Y-%m-%dT%H:%M:%S}",
        "messages": [{"level": level, "value": prose(text, 600)} for level, text in messages[:_MAX_MESSAGES]],
    }


def _first_words(looked: list[Coverage], waived: int, *, idle: bool) -> list[str]:
    words = []
    if idle:
        words.append("nothing of this kind was looked at; the report says nothing about it")
    if waived:
        words.append(f"{count(waived, 'waived finding is', 'waived findings are')} left out")
    if looked and all(coverage.status is CoverageStatus.NOT_APPLICABLE for coverage in looked):
        words.append("there is nothing of this kind in this tree")
    skipped = [coverage.scanner for coverage in looked if coverage.status is CoverageStatus.SKIPPED]
    if skipped and not idle:
        words.append(f"left out on request: {', '.join(skipped[:20])}")
    return words


def _vulnerability(judged: Judged, name: str, location: dict[str, Any], today: date) -> dict[str, Any]:
    finding = judged.finding
    said: dict[str, Any] = {
        "id": name,
        "name": prose(finding.title, MAX_NAME) or "Finding",
        "description": _description(finding),
        "severity": _SEVERITIES[finding.severity],
        "identifiers": _identifiers(finding),
        "location": location,
    }
    solution = _solution(finding)
    if solution:
        said["solution"] = solution
    links = [{"url": web_url(r.url), "name": prose(r.title, 255)} for r in finding.references[:50] if web_url(r.url)]
    links += _catalogue(judged)
    details = _details(judged, today)
    if details:
        said["details"] = details
    if links:
        said["links"] = [{key: value for key, value in link.items() if value} for link in links]
    return said


def _details(judged: Judged, today: date) -> dict[str, Any]:
    """Urgency as named texts, which GitLab shows as they are, below the description."""
    priority = judged.priority
    if priority is None:
        return {}
    rows = [("due", "Due", due_sentence(priority, today)), ("tier", "Tier", tier_words(priority))]
    if priority.signals is not None:
        rows += [(name.split()[-1].lower(), name, words) for name, words in signal_rows(priority.signals)[:2]]
    return {key: {"type": "text", "name": name, "value": prose(words, 1_000)} for key, name, words in rows}


def _catalogue(judged: Judged) -> list[dict[str, str]]:
    signals = judged.priority.signals if judged.priority else None
    return [{"url": KEV_PAGE, "name": "CISA KEV"}] if signals is not None and signals.known_exploited else []


def _description(finding: Finding) -> str:
    parts = [escape(finding.message, 2_000)]
    if finding.component is not None:
        parts.append(f"Package: {escape(package_words(finding.component), 1_000)}")
    parts += [f"{escape(fact.name, 100)}: {escape(fact.value, 500)}" for fact in finding.evidence[:20]]
    parts.append(f"Pavedroad id: {escape(finding.fingerprint, 100)}")
    return "\n\n".join(part for part in parts if part)[:MAX_DESCRIPTION]


def _solution(finding: Finding) -> str:
    remedy = finding.remediation
    if remedy is None:
        return ""
    versions = ", ".join(line(version, 60) for version in remedy.fixed_versions[:10])
    # Escaping lengthens a character to eight at most.
    return escape(f"{remedy.text}{f' Fixed in {versions}.' if versions else ''}", MAX_SOLUTION // 8)


def _identifiers(finding: Finding) -> list[dict[str, str]]:
    """Our rule first: GitLab tracks a vulnerability by its first identifier, so that must not depend on aliases."""
    rule = line(finding.rule, 255) or "unknown"
    found = [{"type": "pavedroad", "name": rule, "value": rule}]
    for number in finding.cwe[:20]:
        url = f"https://cwe.mitre.org/data/definitions/{number}.html"
        found.append({"type": "cwe", "name": f"CWE-{number}", "value": str(number), "url": url})
    for alias in finding.aliases[:50]:
        name = line(alias, 100)
        if name:
            kind = _IDENTIFIER_TYPES.get(name.partition("-")[0].upper(), "advisory")
            found.append({"type": kind, "name": name, "value": name})
    return found
