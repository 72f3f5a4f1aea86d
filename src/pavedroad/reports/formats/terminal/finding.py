"""One finding as a block of lines, in the manner of a compiler's message."""

from collections.abc import Iterator
from datetime import date

from pavedroad.core.finding import Finding
from pavedroad.core.location import Region
from pavedroad.core.priority import Priority
from pavedroad.core.remediation import FixSafety, Remediation
from pavedroad.core.run import Judged
from pavedroad.core.severity import Confidence
from pavedroad.reports.deadlines import (
    Standing,
    due_sentence,
    exploitation_facts,
    origin_words,
    score_words,
    signal_rows,
    standing,
    upstream_words,
)
from pavedroad.reports.formats.terminal.style import Paper
from pavedroad.reports.text import columns, line, prose
from pavedroad.reports.view import change_words, names_of, package_words, place, short

_MAX_SNIPPET_LINES = 3
_MAX_FIX_LINES = 6
_MAX_FLOW_STEPS = 6
_MAX_ASSUMED = 10
_MAX_CODE = 400  # characters of one line of code that are looked at
_MIN_GUTTER = 2  # columns of line numbers
_LOUD = "1;31"  # bold and red, on top of the words

_SURENESS = {
    Confidence.HIGH: "high confidence",
    Confidence.MEDIUM: "medium confidence",
    Confidence.LOW: "low confidence",
}


def finding_lines(judged: Judged, paper: Paper, today: date, *, verbose: bool = False) -> Iterator[str]:
    """The block: severity, rule and message; place; code; what is known; until when; what to do; how to appeal.

    ``today`` is the day of the run. ``verbose`` adds what the deadline rests on.
    """
    finding = judged.finding
    code = _code_of(finding)
    gutter = max(len(str(code[-1][0])) if code else 0, _MIN_GUTTER)
    yield from _headline(finding, paper)
    yield f" {' ' * gutter}{paper.frame('-->')} {paper.place(place(finding.location))}"
    yield from _snippet_lines(finding, code, gutter, paper)
    late = standing(judged.priority, today) is Standing.OVERDUE
    for label, text in [
        *_facts(judged),
        *_deadline(judged.priority, today, verbose=verbose),
        *_flow(finding),
        *_fix(finding.remediation),
    ]:
        yield from _labelled(label, text, gutter, paper, _LOUD if late and label == "due" else "")
        if label == "fix" and finding.remediation is not None:
            yield from _change_lines(finding.remediation, gutter, paper)
    name = short(finding.fingerprint)
    yield from _labelled("next", f"paved explain {name}, or to appeal: paved waive {name}", gutter, paper)


def _headline(finding: Finding, paper: Paper) -> Iterator[str]:
    """Severity and rule, with the message beside them where it fits, else below."""
    rule, said = line(finding.rule, 120), prose(finding.message or finding.title, 600)
    lead, taken = f"{paper.severity(finding.severity)} ", len(finding.severity.value) + 1
    if taken + columns(rule) + 2 + columns(said) <= paper.width:
        yield f"{lead}{paper.bold(rule)}: {said}"
        return
    yield from paper.hanging(lead, rule, taken, "1")
    yield from paper.hanging("  ", said, 2)


def _labelled(label: str, text: str, gutter: int, paper: Paper, code: str = "") -> Iterator[str]:
    lead = f" {' ' * gutter} {paper.frame('=')} {paper.dim(f'{label:<5}')} "
    yield from paper.hanging(lead, text, gutter + 10, code)


def _code_of(finding: Finding) -> list[tuple[int, str]]:
    """Line number and text of the flagged lines, as far as the snippet holds them."""
    snippet, region = finding.location.snippet, finding.location.region
    if snippet is None or region is None:
        return []
    rows = enumerate(snippet.text.replace("\r\n", "\n").split("\n"), snippet.start_line)
    return [(number, text) for number, text in rows if 0 < region.start_line <= number <= region.end_line]


def _snippet_lines(finding: Finding, code: list[tuple[int, str]], gutter: int, paper: Paper) -> Iterator[str]:
    region = finding.location.region
    if not code or region is None:
        return
    yield f" {' ' * gutter} {paper.frame('|')}"
    for number, text in code[:_MAX_SNIPPET_LINES]:
        yield f" {paper.frame(f'{number:>{gutter}} |')} {paper.fitted(_code(text), gutter + 4)}".rstrip()
    if len(code) > _MAX_SNIPPET_LINES:
        yield f" {' ' * gutter} {paper.frame('|')} {paper.dim(f'... {len(code) - _MAX_SNIPPET_LINES} more lines')}"
    elif region.start_line == region.end_line:
        yield from _caret_lines(code[0][1], region, gutter, paper)


def _code(text: str) -> str:
    return line(text[:_MAX_CODE].replace("\t", "    "))


def _caret_lines(code: str, region: Region, gutter: int, paper: Paper) -> Iterator[str]:
    start, end = region.start_column - 1, region.end_column - 1
    before, marked = columns(_code(code[:start])), columns(_code(code[start:end])) if end > start else 0
    room = paper.width - gutter - 4 - before
    if start >= min(len(code), _MAX_CODE) or not marked or room < 1:
        return
    yield f" {' ' * gutter} {paper.frame('|')} {' ' * before}{paper.bad('^' * min(marked, room))}"


def _facts(judged: Judged) -> Iterator[tuple[str, str]]:
    finding = judged.finding
    if finding.component is not None:
        yield "pkg", package_words(finding.component)
    if origin_words(finding):
        yield "from", origin_words(finding)
    score = f"CVSS {finding.score:.1f}" if finding.score is not None else ""
    facts = [change_words(judged.change), _SURENESS[finding.confidence], score, *exploitation_facts(judged)]
    facts += [names_of(finding), upstream_words(finding)]
    yield "what", ", ".join(fact for fact in facts if fact)
    if judged.reach is not None:
        yield "reach", f"{judged.reach.state.value}: {prose(judged.reach.why, 300)}"
    if judged.vex is not None:
        yield "vex", prose(judged.vex.sentence, 600)
    if finding.marker is not None and judged.waived is None:
        yield "note", f"the marker '{prose(finding.marker.text, 100)}' here waives nothing"


def _deadline(priority: Priority | None, today: date, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """Until when and why; the facts and guesses behind it only when asked for."""
    if priority is None:
        return
    yield "due", due_sentence(priority, today)
    if not verbose:
        return
    if score_words(priority):
        yield "score", score_words(priority)
    if priority.signals is not None:
        for name, words in signal_rows(priority.signals):
            yield "known", f"{name}: {words}"
    for text in priority.assumed[:_MAX_ASSUMED]:
        yield "guess", prose(text, 300)
    if len(priority.assumed) > _MAX_ASSUMED:
        yield "guess", f"... {len(priority.assumed) - _MAX_ASSUMED} more; --format html shows all"
    if priority.advice:
        yield "hint", prose(priority.advice, 400)


def _flow(finding: Finding) -> Iterator[tuple[str, str]]:
    for number, step in enumerate(finding.flow[:_MAX_FLOW_STEPS], 1):
        yield "flow", f"{number}. {place(step.location)} {prose(step.message, 200)}"
    if len(finding.flow) > _MAX_FLOW_STEPS:
        yield "flow", f"... {len(finding.flow) - _MAX_FLOW_STEPS} more steps"


def _fix(remedy: Remediation | None) -> Iterator[tuple[str, str]]:
    if remedy is None:
        return
    text = prose(remedy.text, 600)
    if remedy.fixed_versions:
        versions = ", ".join(line(version, 60) for version in remedy.fixed_versions[:5])
        text = f"{text} Fixed in {versions}.".strip()
    if remedy.fix is not None and remedy.fix.safety is FixSafety.UNSAFE:
        text += " (A person must look at this change.)"
    yield "fix", text or "see the page of the rule"


def _change_lines(remedy: Remediation, gutter: int, paper: Paper) -> Iterator[str]:
    indent = gutter + 10
    for mark, code, ink in (("-", remedy.before, paper.bad), ("+", remedy.after, paper.good)):
        rows = code[: _MAX_CODE * _MAX_FIX_LINES].splitlines()
        for row in rows[:_MAX_FIX_LINES]:
            yield " " * indent + ink(f"{mark} {paper.fitted(_code(row), indent + 2)}")
        if len(rows) > _MAX_FIX_LINES:
            yield " " * indent + paper.dim(f"{mark} ... {len(rows) - _MAX_FIX_LINES} more lines")
