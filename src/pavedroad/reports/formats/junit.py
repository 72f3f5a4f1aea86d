"""JUnit XML, which every CI system shows: one suite for each scanner, and one for the gate.

A finding that the gate blocks is a failure, a waived one is a skipped test, any other a passed test with its text. A
scanner that could not do its work is an error, and so is a run without a verdict.
"""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pavedroad.core.coverage import Coverage, CoverageStatus
from pavedroad.core.run import Judged, Run
from pavedroad.core.verdict import Outcome
from pavedroad.reports.deadlines import day_of, due_sentence, exploitation_facts
from pavedroad.reports.model import ReportContext
from pavedroad.reports.text import count, line, prose
from pavedroad.reports.view import Group, gaps_of, group_of, grouped, outcome_sentence, place, short, utc

MAX_CASES = 10_000  # in the whole report; CI systems refuse or stall on more

_IDLE = (CoverageStatus.SKIPPED, CoverageStatus.NOT_APPLICABLE)


class JUnitFormat:
    """For the test tab of a CI system."""

    name = "junit"
    title = "JUnit XML: findings as tests of each scanner"
    extension = "xml"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The document, UTF-8; ``context`` changes nothing."""
        root = Element("testsuites", name="pavedroad")
        shown = _shown(run)
        coverages = {coverage.scanner: coverage for coverage in run.coverage}
        for scanner in dict.fromkeys([*coverages, *(judged.finding.scanner for judged in shown)]):
            mine = [judged for judged in shown if judged.finding.scanner == scanner]
            _suite(root, run, line(scanner, 100) or "unknown", coverages.get(scanner), mine)
        _gate_suite(root, run, len(run.findings) - len(shown))
        for tag in ("tests", "failures", "errors", "skipped"):
            root.set(tag, str(sum(int(suite.get(tag, "0")) for suite in root)))
        root.set("time", f"{max((run.finished - run.started).total_seconds(), 0.0):.3f}")
        indent(root)
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(tostring(root, encoding="utf-8")) + b"\n"


def _shown(run: Run) -> list[Judged]:
    """At most MAX_CASES findings, those that block first."""
    groups = grouped(run)
    return [judged for group in Group for judged in groups[group]][:MAX_CASES]


def _suite(root: Element, run: Run, name: str, coverage: Coverage | None, findings: list[Judged]) -> None:
    suite = SubElement(root, "testsuite", name=name, timestamp=f"{utc(run.started):%Y-%m-%dT%H:%M:%S}")
    if coverage is not None:
        _coverage_case(suite, run, name, coverage)
    for judged in findings:
        _finding_case(suite, name, judged, day_of(run))
    _tally(suite, coverage.seconds if coverage else 0.0)


def _coverage_case(suite: Element, run: Run, name: str, coverage: Coverage) -> None:
    case = SubElement(suite, "testcase", classname=name, name=f"{name} looked at {count(coverage.files, 'file')}")
    if coverage.status in _IDLE:
        SubElement(case, "skipped", message=coverage.status.value)
        return
    gaps = "\n".join(f"{gap.what} {gap.where} {gap.next_step}".strip() for gap in gaps_of(coverage)[:50])
    no_verdict = run.verdict.outcome is Outcome.INCOMPLETE and coverage.status is CoverageStatus.PARTIAL
    if coverage.status is CoverageStatus.FAILED or no_verdict:
        error = SubElement(case, "error", type="incomplete", message=prose(gaps, 300) or coverage.status.value)
        error.text = gaps
    elif gaps:
        SubElement(case, "system-out").text = gaps


def _finding_case(suite: Element, name: str, judged: Judged, today: date) -> None:
    finding = judged.finding
    said = prose(finding.message or finding.title, 600)
    title = f"{line(finding.rule, 120)} {place(finding.location)} {short(finding.fingerprint)}"
    case = SubElement(suite, "testcase", classname=name, name=title)
    case.set("file", line(finding.location.path, 300))
    text = "\n".join(_details(judged, said, today))
    group = group_of(judged)
    if group is Group.BLOCKING:
        SubElement(case, "failure", type=finding.severity.value, message=said).text = text
    elif judged.waived is not None:
        SubElement(case, "skipped", message=prose(f"waived: {judged.waived.sentence}", 300))
    else:
        SubElement(case, "system-out").text = f"{group.value}\n{text}"


def _details(judged: Judged, said: str, today: date) -> Iterator[str]:
    finding = judged.finding
    yield f"{finding.severity.value.upper()} {line(finding.rule, 120)}: {said}"
    yield f"at {place(finding.location)}"
    if judged.priority is not None:
        known = "".join(f" ({fact})" for fact in exploitation_facts(judged))
        yield f"due: {due_sentence(judged.priority, today)}{known}"
    if finding.remediation is not None:
        yield f"fix: {prose(finding.remediation.text, 600)}"
        if finding.remediation.fixed_versions:
            yield f"fixed in: {', '.join(line(v, 60) for v in finding.remediation.fixed_versions[:5])}"
    name = short(finding.fingerprint)
    yield f"next: paved explain {name}, or to appeal: paved waive {name}"


def _gate_suite(root: Element, run: Run, omitted: int) -> None:
    suite = SubElement(root, "testsuite", name="gate", timestamp=f"{utc(run.finished):%Y-%m-%dT%H:%M:%S}")
    case = SubElement(suite, "testcase", classname="gate", name="verdict")
    sentence = outcome_sentence(run, grouped(run))
    reasons = "\n".join(prose(f"{r.sentence} {r.appeal}", 900) for r in run.verdict.reasons[:50])
    if run.verdict.outcome is not Outcome.PASS:
        tag = "failure" if run.verdict.outcome is Outcome.FAIL else "error"
        SubElement(case, tag, type=run.verdict.outcome.value, message=sentence).text = reasons or sentence
    if omitted:
        text = f"{count(omitted, 'finding is', 'findings are')} left out here; the json and html formats hold all"
        SubElement(SubElement(suite, "testcase", classname="gate", name="all findings"), "skipped", message=text)
    _tally(suite, 0.0)


def _tally(suite: Element, seconds: float) -> None:
    suite.set("tests", str(len(suite)))
    for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{max(seconds, 0.0):.3f}")


FORMAT = JUnitFormat()
