"""What every readable report says about a run, decided once: the groups, their order, the words. Pure, no layout."""

import enum
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from pavedroad.core.component import Component
from pavedroad.core.coverage import Coverage, CoverageStatus, DataSource
from pavedroad.core.finding import Finding
from pavedroad.core.location import Location
from pavedroad.core.noun import Noun
from pavedroad.core.run import Change, Judged, Run
from pavedroad.core.severity import Severity
from pavedroad.core.verdict import Mode, Outcome
from pavedroad.reports.text import count, line, prose

MAX_HTML_FINDINGS = 20_000
SHORT_FINGERPRINT = 16  # "pr1-" and 12 hex digits: 48 bits keep a million findings apart

_OUTCOME_WORDS = {
    Outcome.PASS: "PASS",
    Outcome.FAIL: "FAIL",
    Outcome.INCOMPLETE: "INCOMPLETE",
}
_SCOPE_WORDS = {
    "tree": "the whole tree",
    "changes": "changes only",
    "staged": "staged files",
    "history": "git history",
    "image": "the whole image",
    "rootfs": "the whole file system",
    "sbom": "a bill of materials",
}
_NO_TREE = ("image", "rootfs", "sbom")
_CHANGE_WORDS = {Change.NEW: "new", Change.OLD: "known before", Change.UNKNOWN: ""}


class Group(enum.Enum):
    """What a reader does about a finding; declared in the order of doing."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTED = "noted"
    OLDER = "older"
    WAIVED = "waived"


class Gap(Noun, frozen=True, kw_only=True):
    """Something that was not looked at. ``where`` is its place, ``next_step`` what to do; both may be empty."""

    scanner: str
    what: str
    where: str = ""
    next_step: str = ""


def group_of(judged: Judged) -> Group:
    """The group of one finding. A waiver outranks all; then what the gate does; then age."""
    if judged.waived is not None:
        return Group.WAIVED
    if judged.mode is Mode.BLOCK:
        return Group.BLOCKING
    if judged.mode is Mode.WARN:
        return Group.WARNING
    return Group.OLDER if judged.change is Change.OLD else Group.NOTED


def grouped(run: Run) -> dict[Group, list[Judged]]:
    """All findings by group, in the run's own order; every group is present."""
    groups: dict[Group, list[Judged]] = {group: [] for group in Group}
    for judged in run.findings:
        groups[group_of(judged)].append(judged)
    return groups


def show_all(run: Run) -> str:
    """The command whose report holds every finding of ``run``: a page for people while browsers can bear it."""
    if len(run.findings) <= MAX_HTML_FINDINGS:
        return "paved check --format html -o report.html"
    return "paved check --format json -o run.json"


def older_count(run: Run, groups: dict[Group, list[Judged]]) -> int:
    """How many known findings stand outside the gate. ``run.older`` counts those left out of the run as well."""
    return max(run.older or 0, len(groups[Group.OLDER]))


def by_severity(findings: Iterable[Judged]) -> list[tuple[Severity, int]]:
    """Counts by severity, worst first; unknown last, because it is no measure of harmlessness. Zeros are left out."""
    counts = Counter(judged.finding.severity for judged in findings)
    order = [*sorted((s for s in Severity if s is not Severity.UNKNOWN), reverse=True), Severity.UNKNOWN]
    return [(severity, counts[severity]) for severity in order if counts[severity]]


def severity_sentence(findings: Iterable[Judged]) -> str:
    """``2 critical, 1 high``; empty for no findings."""
    return ", ".join(f"{number:,} {severity.value}" for severity, number in by_severity(findings))


def gaps_of(coverage: Coverage) -> list[Gap]:
    """Everything one scanner did not look at: errors, limits and skips that leave a hole. Harmless skips are none."""
    name = line(coverage.scanner, 60)
    gaps = [
        Gap(scanner=name, what=prose(e.message, 600), where=line(e.where, 300), next_step=prose(e.next_step, 600))
        for e in coverage.errors
    ]
    gaps += [
        Gap(
            scanner=name, what=f"limit reached: {prose(h.limit, 100)} = {prose(h.value, 100)}", where=line(h.where, 300)
        )
        for h in coverage.limits
    ]
    gaps += [
        Gap(
            scanner=name,
            what=f"{count(s.count, 'item')} not looked at: {prose(s.reason, 300)}",
            where=line(", ".join(s.examples[:3]), 300),
        )
        for s in coverage.skipped
        if not s.harmless
    ]
    if not gaps and coverage.status in (CoverageStatus.FAILED, CoverageStatus.PARTIAL):
        gaps.append(Gap(scanner=name, what=f"{coverage.status.value}, and the scanner did not say why"))
    return gaps


def all_gaps(run: Run) -> list[Gap]:
    """The gaps of all scanners, in the run's order."""
    return [gap for coverage in run.coverage for gap in gaps_of(coverage)]


def short(fingerprint: str) -> str:
    """The first part of a fingerprint, enough to name a finding on a command line."""
    return line(fingerprint[:SHORT_FINGERPRINT]) or "(none)"


def place(location: Location) -> str:
    """``path:line:column``, or ``path:line``, or ``path``; with ``@commit`` for git history. One harmless line."""
    text = line(location.path, 300) or "(no path)"
    region = location.region
    if region is not None and region.start_line > 0:
        text += f":{region.start_line}"
        text += f":{region.start_column}" if region.start_column > 1 else ""
    return f"{text} @{line(location.commit[:12])}" if location.commit else text


def change_words(change: Change) -> str:
    """``new`` or ``known before``; empty when nothing was compared."""
    return _CHANGE_WORDS[change]


def outcome_word(outcome: Outcome) -> str:
    """``PASS``, ``FAIL`` or ``INCOMPLETE``."""
    return _OUTCOME_WORDS[outcome]


def outcome_sentence(run: Run, groups: dict[Group, list[Judged]]) -> str:
    """The verdict in one plain sentence."""
    blocking, gaps = len(groups[Group.BLOCKING]), len(all_gaps(run))
    if run.verdict.outcome is Outcome.FAIL:
        one, many = "finding must be fixed or waived", "findings must be fixed or waived"
        return count(blocking, one, many) if blocking else "a rule of the gate is broken"
    if run.verdict.outcome is Outcome.INCOMPLETE:
        return f"no verdict: {count(gaps, 'gap') if gaps else 'something'} in what was looked at; this is not a pass"
    warnings = len(groups[Group.WARNING])
    more = f"; {count(warnings, 'warning')} to look at" if warnings else ""
    return f"nothing blocks{more}"


def scope_words(run: Run) -> str:
    """What was looked at: ``changes since 4f2a91c0 on feature/x``."""
    words = _SCOPE_WORDS.get(run.scope, prose(run.scope, 40))
    revision = run.revision
    if run.scope in _NO_TREE:
        return words  # the branch is that of the settings, not of what was looked at
    if run.scope == "changes" and revision.base:
        words = f"changes since {line(revision.base[:12])}"
    if revision.branch:
        words += f" on {line(revision.branch, 80)}"
    elif revision.commit:
        words += f" at {line(revision.commit[:12])}"
    if revision.dirty:
        words += ", with uncommitted changes"
    return words + (", shallow clone" if revision.shallow else "")


def utc(moment: datetime) -> datetime:
    """``moment`` in UTC; one without a zone (from a foreign file) is taken to be UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def stamp(moment: datetime) -> str:
    """``2026-11-24 08:30 UTC``."""
    return f"{utc(moment):%Y-%m-%d %H:%M} UTC"


def data_age(source: DataSource, run: Run) -> str:
    """``2 days old``, counted to the end of the run; ``age unknown`` when the data carry no date."""
    if source.as_of is None:
        return "age unknown"
    days = (utc(run.finished) - utc(source.as_of)).days
    return "today" if days <= 0 else f"{count(days, 'day')} old"


def data_words(coverage: Coverage, run: Run) -> str:
    """``OSV 2 days old, KEV today``; empty when the scanner relies on no data."""
    return ", ".join(f"{prose(source.name, 40)} {data_age(source, run)}" for source in coverage.data)


def duration(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``3 min 5 s``."""
    if seconds < 10:
        return f"{max(seconds, 0.0):.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    whole = int(min(seconds, 10_000_000.0))
    return f"{whole // 60:,} min {whole % 60} s"


def package_words(component: Component) -> str:
    """``jinja2 3.1.2 (PyPI), needed by flask > jinja2``."""
    text = " ".join(part for part in (line(component.name, 120), line(component.version, 60)) if part)
    if component.ecosystem:
        text += f" ({line(component.ecosystem, 40)})"
    if len(component.path) > 1:
        steps = [line(step, 60) for step in component.path]
        shown = steps if len(steps) <= 6 else [*steps[:3], f"({len(steps) - 5} more)", *steps[-2:]]
        return f"{text}, through {' > '.join(shown)}"
    return text + {True: ", direct dependency", False: ", indirect dependency", None: ""}[component.direct]


def names_of(finding: Finding) -> str:
    """CWE numbers and other names of the flaw: ``CWE-798, CVE-2024-1234``; at most eight, then a count."""
    names = [f"CWE-{number}" for number in finding.cwe] + [line(alias, 60) for alias in finding.aliases]
    extra = len(names) - 8
    return ", ".join(names[:8]) + (f" and {extra} more" if extra > 0 else "")
