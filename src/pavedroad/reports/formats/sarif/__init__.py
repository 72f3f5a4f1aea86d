"""SARIF 2.1.0 (OASIS, errata 01), within every limit of GitHub code scanning.

One run of one tool; relative URIs without commit or tag; identities from our fingerprints, so that alerts survive line
shifts and renames; waived findings as suppressions; gaps as notifications. What had to be left out is said twice: as a
notification and as a property of the run.
"""

import re
import zlib
from collections.abc import Sequence
from typing import Any

from pavedroad.core.coverage import CoverageStatus
from pavedroad.core.run import Judged, Run
from pavedroad.core.verdict import Outcome
from pavedroad.reports.formats.sarif.results import occurrences, result
from pavedroad.reports.formats.sarif.rules import rule_of, rules_of
from pavedroad.reports.model import ReportContext
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import line, prose
from pavedroad.reports.view import Group, gaps_of, group_of, outcome_word, severity_sentence, utc

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# GitHub's documented limits of one SARIF upload; above them the whole file is refused.
MAX_RESULTS = 25_000
MAX_GZIP_BYTES = 10 * 1000 * 1000
_ROOM = 200_000  # gzip bytes kept free for differences between compressors

_MAX_NOTIFICATIONS = 200
_EXIT_CODES = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.INCOMPLETE: 3}
_GROUP_ORDER = list(Group)


class SarifFormat:
    """For GitHub code scanning and every other reader of SARIF."""

    name = "sarif"
    title = "SARIF 2.1.0, as GitHub code scanning takes it"
    extension = "sarif"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The log; ``context`` changes nothing. The least severe results go first when a limit forces some out."""
        kept = _worst(run.findings, MAX_RESULTS)
        while True:
            report = escaped_json(_log(run, kept))
            size = _gzip_size(report)
            if size <= MAX_GZIP_BYTES - _ROOM or not kept:
                return report
            kept = _worst(kept, int(len(kept) * 0.95 * (MAX_GZIP_BYTES - _ROOM) / size))


def _gzip_size(report: bytes) -> int:
    # A short text never grows by compression, so most runs are not compressed at all.
    return len(report) if len(report) < MAX_GZIP_BYTES - _ROOM else len(zlib.compress(report, 6))


def _worst(findings: Sequence[Judged], number: int) -> tuple[Judged, ...]:
    """The ``number`` findings that matter most, in the run's own order."""
    if len(findings) <= number:
        return tuple(findings)

    def weight(index: int) -> tuple[int, int, int]:
        judged = findings[index]
        return (_GROUP_ORDER.index(group_of(judged)), -judged.finding.severity.rank, index)

    return tuple(findings[index] for index in sorted(sorted(range(len(findings)), key=weight)[:number]))


def _log(run: Run, kept: tuple[Judged, ...]) -> dict[str, Any]:
    rules = rules_of(run, kept)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    ordinals = occurrences(run.findings)
    omitted = len(run.findings) - len(kept)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "Pavedroad", **_version(run.tool_version), "rules": rules}},
                "automationDetails": {"id": f"pavedroad/{re.sub('[^A-Za-z0-9._-]', '-', run.id)[:100]}"},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(run, kept)],
                "results": [
                    result(judged, rule_index=index[rule_of(judged.finding)], ordinal=ordinals[id(judged)])
                    for judged in kept
                ],
                "properties": _properties(run, omitted),
            }
        ],
    }


def _version(version: str) -> dict[str, str]:
    """``semanticVersion`` where it is one (semver.org), because readers prefer it; ``version`` always."""
    semantic = re.fullmatch(r"[0-9]+(\.[0-9]+){2}[A-Za-z0-9.+-]{0,60}", version)
    return {"version": line(version, 100) or "unknown", **({"semanticVersion": version} if semantic else {})}


def _invocation(run: Run, kept: tuple[Judged, ...]) -> dict[str, Any]:
    failed = any(coverage.status is CoverageStatus.FAILED for coverage in run.coverage)
    return {
        "executionSuccessful": not failed and run.verdict.outcome is not Outcome.INCOMPLETE,
        "exitCode": _EXIT_CODES[run.verdict.outcome],
        "exitCodeDescription": outcome_word(run.verdict.outcome),
        "startTimeUtc": f"{utc(run.started):%Y-%m-%dT%H:%M:%SZ}",
        "endTimeUtc": f"{utc(run.finished):%Y-%m-%dT%H:%M:%SZ}",
        "toolExecutionNotifications": _notifications(run, kept),
    }


def _notifications(run: Run, kept: tuple[Judged, ...]) -> list[dict[str, Any]]:
    notes = []
    kept_ids = {id(judged) for judged in kept}
    omitted = [judged for judged in run.findings if id(judged) not in kept_ids]
    if omitted:
        text = (
            f"{len(omitted):,} of {len(run.findings):,} results are left out, the least severe first "
            f"({severity_sentence(omitted)}): one upload holds at most {MAX_RESULTS:,} results and 10 MB. "
            "All of them: paved check --format json -o run.json"
        )
        notes.append({"level": "warning", "message": {"text": text}})
    for coverage in run.coverage:
        level = "error" if coverage.status is CoverageStatus.FAILED else "warning"
        for gap in gaps_of(coverage):
            where = f" ({gap.where})" if gap.where else ""
            text = f"{gap.scanner}: {gap.what}{where}{f' Next: {gap.next_step}' if gap.next_step else ''}"
            notes.append({"level": level, "message": {"text": text.replace("](", "] (")}})
    if len(notes) > _MAX_NOTIFICATIONS:
        rest = len(notes) - _MAX_NOTIFICATIONS + 1
        text = f"and {rest:,} more notifications; paved check --format json has all"
        notes = [*notes[: _MAX_NOTIFICATIONS - 1], {"level": "warning", "message": {"text": text}}]
    return notes


def _properties(run: Run, omitted: int) -> dict[str, Any]:
    return {
        "verdict": run.verdict.outcome.value,
        "reasons": [prose(reason.sentence, 600) for reason in run.verdict.reasons[:50]],
        "policyDigest": line(run.verdict.policy_digest, 100),
        "scope": line(run.scope, 60),
        "olderFindings": run.older,
        "omittedResults": omitted,
    }


FORMAT = SarifFormat()
