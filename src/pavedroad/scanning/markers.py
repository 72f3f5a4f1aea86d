"""Recognises the suppression comments of other tools next to a finding. They are listed; whether they waive anything
is policy.

Sources: the inline-ignore pages of Bandit, Semgrep, gitleaks, TruffleHog, Kingfisher, detect-secrets, Trivy, tfsec,
Checkov, KICS, zizmor, hadolint and SonarQube.
"""

import re

import msgspec

from pavedroad.core.finding import Finding, InlineMarker
from pavedroad.core.identity import Observation

_SECRETS = frozenset({"secrets"})
_CONFIG = frozenset({"iac", "image"})
_CODE = frozenset({"code"})
_PIPELINES = frozenset({"workflows", "agents"})
_ANY: frozenset[str] = frozenset()

# tool, kinds it speaks about (empty: any), pattern; the optional group "reason" is what the author wrote behind it.
_MARKERS: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...] = tuple(
    (tool, kinds, re.compile(pattern, re.IGNORECASE))
    for tool, kinds, pattern in (
        ("bandit", _CODE | _SECRETS, r"#\s{0,4}nosec\b(?P<reason>[^\n]{0,200})"),
        ("semgrep", _ANY, r"\bnosem(?:grep)?\b(?P<reason>[^\n]{0,200})"),
        ("gitleaks", _SECRETS, r"\bgitleaks:allow\b(?P<reason>[^\n]{0,200})"),
        ("betterleaks", _SECRETS, r"\bbetterleaks:allow\b(?P<reason>[^\n]{0,200})"),
        ("trufflehog", _SECRETS, r"\btrufflehog:ignore\b(?P<reason>[^\n]{0,200})"),
        ("kingfisher", _SECRETS, r"\bkingfisher:(?:ignore|allow)\b(?P<reason>[^\n]{0,200})"),
        ("detect-secrets", _SECRETS, r"\bpragma: {0,2}(?:allow|white)list(?: nextline)? secret\b(?P<reason>)"),
        ("trivy", _CONFIG | _SECRETS, r"\btrivy:ignore:(?P<reason>[^\s]{1,200})"),
        ("tfsec", _CONFIG, r"\btfsec:ignore:(?P<reason>[^\s]{1,200})"),
        ("checkov", _CONFIG | _SECRETS, r"\b(?:checkov|bridgecrew):skip=(?P<reason>[^\n]{1,200})"),
        ("kics", _CONFIG, r"\bkics-scan ignore(?:-line|-block)?\b(?P<reason>[^\n]{0,200})"),
        ("zizmor", _PIPELINES, r"\bzizmor: {0,2}ignore\[(?P<reason>[^\n]{1,200})"),
        ("hadolint", _CONFIG, r"\bhadolint (?:global )?ignore=(?P<reason>[^\n]{1,200})"),
        ("sonarqube", _CODE | _SECRETS, r"\bNOSONAR\b(?P<reason>[^\n]{0,200})"),
    )
)
_QUICK = re.compile(
    rb"nosec|nosem|:allow|:ignore|list secret|list nextline|:skip=|kics-scan|zizmor:|hadolint|NOSONAR", re.IGNORECASE
)
_MAX_LINE = 2000


def mark(observations: tuple[Observation, ...], content: bytes) -> tuple[Observation, ...]:
    """The observations, each with the marker found on its lines or on the line above."""
    if not observations or not _QUICK.search(content):
        return observations
    lines = content.split(b"\n")
    return tuple(_mark_one(observation, lines) for observation in observations)


def _mark_one(observation: Observation, lines: list[bytes]) -> Observation:
    finding = observation.finding
    region = finding.location.region
    if region is None:
        return observation
    last = min(region.end_line, region.start_line + 20)
    for number in (*range(region.start_line, last + 1), region.start_line - 1):
        marker = _on_line(finding, lines, number)
        if marker:
            return msgspec.structs.replace(observation, finding=msgspec.structs.replace(finding, marker=marker))
    return observation


def _on_line(finding: Finding, lines: list[bytes], number: int) -> InlineMarker | None:
    if not 1 <= number <= len(lines):
        return None
    text = lines[number - 1][:_MAX_LINE].decode("utf-8", "replace")
    for tool, kinds, pattern in _MARKERS:
        if (not kinds or finding.kind in kinds) and (match := pattern.search(text)):
            # A secret finding's marker keeps no free text: the rest of the line may hold the secret itself.
            reason = "" if finding.kind == "secrets" else match["reason"].strip(" :-#/*;,").strip()
            word = (
                match.group(0)[: match.start("reason") - match.start()].strip() if match["reason"] else match.group(0)
            )
            return InlineMarker(tool=tool, text=word.strip(), line=number, reason=reason)
    return None
