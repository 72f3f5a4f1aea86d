"""The report people read every day: what to do first at the top, the verdict at the end, where the eye rests.

Words and marks carry all meaning; colour only helps. What is left out is counted, and the report showing it is named.
"""

from collections.abc import Iterator

from pavedroad.core.run import Judged, Run
from pavedroad.reports.deadlines import day_of, pressing_words
from pavedroad.reports.formats.terminal.finding import finding_lines
from pavedroad.reports.formats.terminal.style import Paper
from pavedroad.reports.formats.terminal.summary import coverage_lines, set_aside_lines, verdict_lines
from pavedroad.reports.model import ReportContext
from pavedroad.reports.text import count, line
from pavedroad.reports.view import Group, grouped, scope_words, severity_sentence, show_all

MAX_IN_DETAIL = 30

_HEADINGS = {
    Group.BLOCKING: ("FIX FIRST", "finding must be fixed or waived", "findings must be fixed or waived"),
    Group.WARNING: ("THEN", "warning, which blocks nothing", "warnings, which block nothing"),
}


class TerminalFormat:
    """Text for a terminal or a CI log, UTF-8."""

    name = "terminal"
    title = "Text for a terminal or a CI log"
    extension = "txt"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The report, ``context.width`` columns wide (40 to 160), coloured when ``context.color``."""
        paper = Paper(color=context.color, width=context.width)
        lines = list(_lines(run, context, paper))
        return ("\n".join(text.rstrip() for text in lines) + "\n").encode("utf-8", "replace")


def _lines(run: Run, context: ReportContext, paper: Paper) -> Iterator[str]:
    groups = grouped(run)
    yield from paper.hanging(paper.bold("paved check") + "  ", f"{line(run.subject.name, 120)}, {scope_words(run)}", 13)
    for group in (Group.BLOCKING, Group.WARNING):
        yield from _group_lines(group, groups[group], paper, run, verbose=context.verbose)
    yield from set_aside_lines(run, groups, paper)
    yield from coverage_lines(run, paper, verbose=context.verbose)
    yield from verdict_lines(run, groups, paper)


def _group_lines(group: Group, members: list[Judged], paper: Paper, run: Run, *, verbose: bool) -> Iterator[str]:
    if not members:
        return
    word, one, many = _HEADINGS[group]
    today = day_of(run)
    pressing = pressing_words(members, today)
    said = f"{count(len(members), one, many)} ({severity_sentence(members)}){f': {pressing}' if pressing else ''}"
    yield from paper.heading(word, said)
    for judged in members[:MAX_IN_DETAIL]:
        yield ""
        yield from finding_lines(judged, paper, today, verbose=verbose)
    rest = members[MAX_IN_DETAIL:]
    if rest:
        yield ""
        text = f"and {len(rest):,} more ({severity_sentence(rest)}), not shown here; this shows all of them:"
        yield from paper.hanging(paper.bold("  ... "), text, 6)
        yield f"      {show_all(run)}"


FORMAT = TerminalFormat()
