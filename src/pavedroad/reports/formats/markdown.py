"""A comment for a pull or merge request. Its first line lets a poster find the comment again and update it in place.

GitHub takes 65,536 characters; the comment stays below that in bytes, and says to a finding what was left out.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from pavedroad.core.run import Judged, Run
from pavedroad.core.verdict import Mode
from pavedroad.reports.deadlines import (
    Standing,
    day_of,
    due_sentence,
    exploitation_facts,
    left_words,
    pressing_words,
    standing,
)
from pavedroad.reports.markdown import code, escape, fenced
from pavedroad.reports.model import ReportContext
from pavedroad.reports.text import block, count, line, shorten
from pavedroad.reports.view import (
    Group,
    all_gaps,
    change_words,
    data_words,
    grouped,
    names_of,
    older_count,
    outcome_sentence,
    outcome_word,
    package_words,
    place,
    scope_words,
    severity_sentence,
    short,
    show_all,
)

MARKER = "<!-- pavedroad:check -->"
MAX_BYTES = 65_536  # GitHub counts characters; counting bytes is never more generous
MAX_ROWS = {Group.BLOCKING: 50, Group.WARNING: 20}
MAX_DETAILS = 20
# Escaping makes up to nine bytes of a character: with these, even the most hostile head and foot leave room.
_MAX_GAPS = 8
_MAX_REASONS = 6
_MAX_SCANNERS = 12
_ACCOUNT = 2_000  # bytes kept free for the account of what was left out

_TITLES = {Group.BLOCKING: "Fix first", Group.WARNING: "Then: warnings, which block nothing"}
_MODES = {Mode.BLOCK: "Blocks", Mode.WARN: "Warns", Mode.OBSERVE: "Notes"}


class _Page:
    """Blocks of text, one after another, as long as they fit."""

    def __init__(self, room: int) -> None:
        self.blocks: list[str] = []
        self._room = room

    def add(self, text: str) -> bool:
        """Whether ``text`` still fitted; if not, nothing is added."""
        size = len(text.encode()) + 2
        if size > self._room:
            return False
        self._room -= size
        self.blocks.append(text)
        return True

    def fits(self, text: str) -> bool:
        """Whether ``text`` would fit."""
        return len(text.encode()) + 2 <= self._room


class MarkdownFormat:
    """For a comment on a pull request (GitHub) or merge request (GitLab)."""

    name = "markdown"
    title = "Markdown for a pull-request comment"
    extension = "md"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The comment; ``context`` changes nothing."""
        groups = grouped(run)
        closing = [_set_aside(run, groups), _coverage(run), _foot(run)]
        page = _Page(MAX_BYTES - _ACCOUNT - sum(len(text.encode()) + 2 for text in closing))
        page.add(_head(run, groups))
        page.add(_reasons(run))
        today = day_of(run)
        missing = [_table(page, group, groups[group], today) for group in MAX_ROWS]
        undetailed = _details(page, groups[Group.BLOCKING], today)
        *middle, foot = closing
        parts = [*page.blocks, *middle, _account(run, missing, len(all_gaps(run)) - _MAX_GAPS, undetailed), foot]
        return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8", "replace")


def _head(run: Run, groups: dict[Group, list[Judged]]) -> str:
    word = outcome_word(run.verdict.outcome)
    subject = f"{code(run.subject.name, 120)}, {escape(scope_words(run), 300)}"
    return f"{MARKER}\n## Pavedroad: {word}\n\n**{escape(outcome_sentence(run, groups))}** in {subject}"


def _reasons(run: Run) -> str:
    rows = []
    for reason in run.verdict.reasons[:_MAX_REASONS]:
        appeal = f" _{escape(reason.appeal, 150)}_" if reason.appeal else ""
        rows.append(f"- {_MODES[reason.mode]}: {escape(reason.sentence, 250)} ({code(reason.gate_rule, 60)}){appeal}")
    if len(run.verdict.reasons) > _MAX_REASONS:
        rows.append(f"- and {count(len(run.verdict.reasons) - _MAX_REASONS, 'more reason')}")
    return "\n".join(rows)


def _table(page: _Page, group: Group, members: Sequence[Judged], today: date) -> list[Judged]:
    """Adds the group's table; gives the findings that are not in it."""
    if not members:
        return []
    pressing = pressing_words(members, today)
    title = f"{_TITLES[group]} ({pressing})" if pressing else _TITLES[group]
    head = f"### {title}\n\n| Severity | Due | Finding | Where | Id |\n| --- | --- | --- | --- | --- |"
    rows: list[str] = []
    for judged in members[: MAX_ROWS[group]]:
        row = _row(judged, today)
        if not page.fits("\n".join([head, *rows, row])):
            break
        rows.append(row)
    if not rows or not page.add("\n".join([head, *rows])):
        return list(members)
    return list(members[len(rows) :])


def _row(judged: Judged, today: date) -> str:
    finding = judged.finding
    said = f"{escape(finding.message or finding.title, 200)}<br>{code(finding.rule, 100)}"
    where, name = code(place(finding.location), 160), code(short(finding.fingerprint))
    return f"| **{finding.severity.value}** | {_due(judged, today)} | {said} | {where} | {name} |"


def _due(judged: Judged, today: date) -> str:
    """The date; what is overdue stands out, and without colour."""
    priority = judged.priority
    if priority is None or priority.due is None:
        return "" if priority is None else left_words(priority, today)
    late = standing(priority, today) is Standing.OVERDUE
    return f"{priority.due}<br>{f'**{left_words(priority, today).upper()}**' if late else left_words(priority, today)}"


def _details(page: _Page, members: Sequence[Judged], today: date) -> int:
    """Adds one folded block for each blocking finding; gives the number of findings without one."""
    done = 0
    for judged in members[:MAX_DETAILS]:
        if not page.add("\n\n".join(_detail(judged, today))):
            break
        done += 1
    return len(members) - done


def _detail(judged: Judged, today: date) -> Iterator[str]:
    finding = judged.finding
    name = short(finding.fingerprint)
    # No markup is read inside a summary's HTML, only entities: so the finding is named by what cannot be hostile.
    yield f"<details><summary>How to fix <code>{_plain(name)}</code> ({finding.severity.value})</summary>"
    facts = [change_words(judged.change), f"{finding.confidence.value} confidence", names_of(finding)]
    yield f"{code(finding.rule, 120)} at {code(place(finding.location), 300)}"
    facts += exploitation_facts(judged)
    yield escape(", ".join(fact for fact in facts if fact), 400)
    if judged.priority is not None:
        yield f"Due: {escape(due_sentence(judged.priority, today), 500)}"
    if finding.component is not None:
        yield f"Package: {escape(package_words(finding.component), 500)}"
    remedy = finding.remediation
    if remedy is not None:
        versions = ", ".join(code(version, 60) for version in remedy.fixed_versions[:5])
        yield f"{escape(remedy.text, 800)}{f' Fixed in {versions}.' if versions else ''}"
        change = [f"- {row}" for row in _code_rows(remedy.before)] + [f"+ {row}" for row in _code_rows(remedy.after)]
        if change:
            yield fenced("\n".join(change), "diff")
    yield f"More: {code(f'paved explain {name}')}, or to appeal: {code(f'paved waive {name}')}"
    yield "</details>"


def _plain(text: str) -> str:
    """Only letters, digits and dashes: for the one place that is raw HTML."""
    return "".join(char for char in text if char.isascii() and (char.isalnum() or char == "-")) or "finding"


def _code_rows(text: str) -> list[str]:
    return [line(row.replace("\t", "    "), 200) for row in block(text, 2_000).splitlines()[:8]]


def _set_aside(run: Run, groups: dict[Group, list[Judged]]) -> str:
    older, noted, waived = older_count(run, groups), groups[Group.NOTED], groups[Group.WAIVED]
    parts = [
        f"{len(noted):,} noted ({severity_sentence(noted)})" if noted else "",
        f"{older:,} known before" if older else "",
        f"{len(waived):,} waived" if waived else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"Set aside, and not held against this run: {said}." if said else ""


def _coverage(run: Run) -> str:
    """What was looked at, folded, with the first gaps."""
    gaps = all_gaps(run)
    title = f"Coverage: {count(len(gaps), 'gap')}" if gaps else "Coverage: no gaps"
    rows = ["| Scanner | Status | Files | Cached | Data |", "| --- | --- | ---: | ---: | --- |"]
    for seen in run.coverage[:_MAX_SCANNERS]:
        data = escape(data_words(seen, run), 60)
        rows.append(f"| {code(seen.scanner, 40)} | {seen.status.value} | {seen.files:,} | {seen.cached:,} | {data} |")
    if len(run.coverage) > _MAX_SCANNERS:
        rows.append(f"| and {len(run.coverage) - _MAX_SCANNERS:,} more | | | | |")
    said = []
    for gap in gaps[:_MAX_GAPS]:
        where = f" at {code(gap.where, 120)}" if gap.where else ""
        next_step = f". Next: {escape(gap.next_step, 120)}" if gap.next_step else ""
        said.append(f"- {code(gap.scanner, 40)}: {escape(gap.what, 120)}{where}{next_step}")
    parts = [f"<details><summary>{title}</summary>", "\n".join(rows), "\n".join(said), "</details>"]
    return "\n\n".join(part for part in parts if part)


def _account(run: Run, missing: list[list[Judged]], lost_gaps: int, undetailed: int) -> str:
    """What a reader does not see here, to a finding."""
    parts = [
        f"{count(len(rest), 'finding')} of “{_TITLES[group]}” ({severity_sentence(rest)})"
        for group, rest in zip(MAX_ROWS, missing, strict=True)
        if rest
    ]
    if undetailed:
        parts.append(f"how to fix {count(undetailed, 'blocking finding')}")
    if lost_gaps > 0:
        parts.append(count(lost_gaps, "gap") + " of the coverage")
    return f"**Left out for length:** {'; '.join(parts)}. All of it: {code(show_all(run))}" if parts else ""


def _foot(run: Run) -> str:
    policy = shorten(line(run.verdict.policy_digest.removeprefix("sha256:")), 13).rstrip("…")
    decided = f", policy {code(policy)}" if policy else ""
    return f"<sub>Pavedroad {code(run.tool_version, 40)}, run {code(run.id, 60)}{decided}</sub>"


FORMAT = MarkdownFormat()
