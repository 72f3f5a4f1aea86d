"""The second half of the terminal report: what was set aside, what was looked at, and the verdict."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pavedroad.core.coverage import Coverage, CoverageStatus
from pavedroad.core.run import Judged, Run
from pavedroad.core.verdict import Mode, Outcome, Reason
from pavedroad.reports.formats.terminal.style import Paper
from pavedroad.reports.text import columns, count, fit, line, prose
from pavedroad.reports.view import (
    Gap,
    Group,
    data_words,
    duration,
    gaps_of,
    older_count,
    outcome_sentence,
    outcome_word,
    severity_sentence,
    short,
)

_MAX_GAPS = 10
_MAX_REASONS = 20
_MAX_NOTES = 10
_MAX_SCANNERS = 40
_MODE_WORDS = {Mode.BLOCK: "blocks", Mode.WARN: "warns", Mode.OBSERVE: "notes"}
_LOUD = (CoverageStatus.PARTIAL, CoverageStatus.FAILED)
_HEADS = ("scanner", "status", "files", "cached", "skipped", "errors", "time", "data")
_NUMBERS = range(2, 7)
_NO_SCANNERS = ("tree", "exploitation")
_DROP_FIRST = ("time", "cached", "skipped", "data", "errors")  # what a narrow terminal does without, in this order


def set_aside_lines(run: Run, groups: dict[Group, list[Judged]], paper: Paper) -> Iterator[str]:
    """Noted, older and waived findings: counted, never hidden."""
    rows = [
        ("noted", _noted_words(groups[Group.NOTED])),
        ("older", _older_words(run, groups)),
        ("waived", _waived_words(groups[Group.WAIVED])),
    ]
    rows = [(label, text) for label, text in rows if text]
    if rows:
        yield from paper.heading("SET ASIDE", "counted, and not held against this run")
    for label, text in rows:
        yield from paper.hanging(f"  {label:<7} ", text, 10)


def _noted_words(members: list[Judged]) -> str:
    return f"{len(members):,} seen, and no gate rule acts on them: {severity_sentence(members)}" if members else ""


def _older_words(run: Run, groups: dict[Group, list[Judged]]) -> str:
    number = older_count(run, groups)
    base = f", at {line(run.revision.base[:12])}" if run.revision.base else ""
    return f"{number:,} known before{base}" if number else ""


_ORIGINS = {"ledger": "by the ledger", "vex": "set aside by VEX"}


def _waived_words(members: list[Judged]) -> str:
    if not members:
        return ""
    matches = [judged.waived for judged in members if judged.waived is not None]
    origins = Counter(_ORIGINS.get(m.origin, "by markers in the source") for m in matches)
    text = f"{len(members):,}: " + ", ".join(f"{number:,} {origin}" for origin, number in sorted(origins.items()))
    ends = [match.expires for match in matches if match.expires is not None]
    return f"{text}; the next one ends on {min(ends)}" if ends else text


def coverage_lines(run: Run, paper: Paper, *, verbose: bool) -> Iterator[str]:
    """A table of scanners, then every gap with what to do about it."""
    gaps = [gap for coverage in run.coverage for gap in gaps_of(coverage)]
    said = f"{count(len(gaps), 'gap')} in what was looked at" if gaps else "what was looked at"
    yield from paper.heading("COVERAGE", said if run.coverage else "nothing was looked at")
    yield from _table([_HEADS, *(_row(c, run) for c in run.coverage[:_MAX_SCANNERS])] if run.coverage else [], paper)
    if len(run.coverage) > _MAX_SCANNERS:
        yield f"  ... {len(run.coverage) - _MAX_SCANNERS} more scanners"
    for gap in gaps[:_MAX_GAPS]:
        yield from _gap_lines(gap, paper)
    if len(gaps) > _MAX_GAPS:
        yield f"  ... and {len(gaps) - _MAX_GAPS:,} more gaps; --format html shows all"
    if verbose:
        for coverage in run.coverage[:_MAX_SCANNERS]:
            yield from _verbose_lines(coverage, paper)


def _row(coverage: Coverage, run: Run) -> tuple[str, ...]:
    status = coverage.status.value.upper() if coverage.status in _LOUD else coverage.status.value
    name = line(coverage.scanner, 24)
    if coverage.status in (CoverageStatus.SKIPPED, CoverageStatus.NOT_APPLICABLE):
        return (name, status.replace("-", " "), "", "", "", "", "", "")
    return (
        name,
        status,
        f"{coverage.files:,}",
        f"{coverage.cached:,}",
        f"{sum(skip.count for skip in coverage.skipped):,}",
        f"{len(coverage.errors):,}",
        duration(coverage.seconds),
        data_words(coverage, run)
        or (f"engine {prose(coverage.engine_version, 24)}" if coverage.engine_version else ""),
    )


def _table(rows: Sequence[Sequence[str]], paper: Paper) -> Iterator[str]:
    if not rows:
        return
    kept = list(range(len(_HEADS)))
    widths = [max(columns(row[i]) for row in rows) for i in kept]
    widths[-1] = min(widths[-1], 36)
    for head in _DROP_FIRST:
        if 2 + sum(widths[i] + 2 for i in kept) - 2 <= paper.width:
            break
        kept.remove(_HEADS.index(head))
    for number, row in enumerate(rows):
        cells = (_padded(row[i], widths[i], right=i in _NUMBERS) for i in kept)
        text = fit("  " + "  ".join(cells), paper.width).rstrip()
        loud = row[1] in ("PARTIAL", "FAILED")
        yield paper.dim(text) if number == 0 else paper.warn(text) if loud else text


def _padded(text: str, width: int, *, right: bool) -> str:
    text = fit(text, width)
    space = " " * (width - columns(text))
    return space + text if right else text + space


def _gap_lines(gap: Gap, paper: Paper) -> Iterator[str]:
    where = f" ({gap.where})" if gap.where else ""
    yield from paper.hanging(f"  {paper.warn('!')} ", f"{gap.scanner}: {gap.what}{where}", 4)
    if gap.next_step:
        yield from paper.hanging(paper.dim("    next: "), gap.next_step, 10)


def _verbose_lines(coverage: Coverage, paper: Paper) -> Iterator[str]:
    lead = paper.dim("  . ")
    name = line(coverage.scanner, 24)
    if coverage.isolation is not None:
        iso = coverage.isolation
        parts = (
            ("network", iso.network),
            ("files", iso.files),
            ("limits", iso.limits),
            ("environment", iso.environment),
        )
        said = "; ".join(f"{label} {prose(text, 80)}" for label, text in parts if text)
        yield from paper.hanging(lead, f"{name}: isolation: {said or 'not known'}", 4)
    for skip in coverage.skipped[:5]:
        if skip.harmless:
            yield from paper.hanging(lead, f"{name}: {skip.count:,} passed over: {prose(skip.reason, 200)}", 4)
    for note in coverage.notes[:5]:
        yield from paper.hanging(lead, f"{name}: {prose(note, 300)}", 4)


def verdict_lines(run: Run, groups: dict[Group, list[Judged]], paper: Paper) -> Iterator[str]:
    """One clear block: the word, the sentence, the reasons, how to appeal, and what decided."""
    outcome = run.verdict.outcome
    ink = {Outcome.PASS: "1;32", Outcome.FAIL: "1;31", Outcome.INCOMPLETE: "1;33"}[outcome]
    yield ""
    yield paper.paint("━" * paper.width, ink.removeprefix("1;"))
    word = outcome_word(outcome)
    yield from paper.hanging(paper.paint(word, ink) + "  ", outcome_sentence(run, groups), len(word) + 2, "1")
    for reason in run.verdict.reasons[:_MAX_REASONS]:
        yield from _reason_lines(reason, paper)
    if len(run.verdict.reasons) > _MAX_REASONS:
        yield f"  ... and {len(run.verdict.reasons) - _MAX_REASONS:,} more reasons; --format html shows all"
    for note in run.notes[:_MAX_NOTES]:
        yield from paper.hanging("  note    ", prose(note, 400), 10)
    if len(run.notes) > _MAX_NOTES:
        yield f"  ... and {len(run.notes) - _MAX_NOTES:,} more notes; --format html shows all"
    files = max((coverage.files for coverage in run.coverage), default=0)
    took = duration((run.finished - run.started).total_seconds())
    policy = run.verdict.policy_digest
    decided = f", policy {line(policy.removeprefix('sha256:')[:12])}" if policy else ""
    # The walk of the tree and the data about exploitation give coverage too, but they judge nothing.
    idle = (CoverageStatus.SKIPPED, CoverageStatus.NOT_APPLICABLE)
    ran = sum(c.kind not in _NO_SCANNERS and c.status not in idle for c in run.coverage)
    facts = f"{count(ran, 'scanner')} looked at up to {count(files, 'file')} in {took}{decided}"
    yield from paper.hanging("  ", facts, 2, "2")


def _reason_lines(reason: Reason, paper: Paper) -> Iterator[str]:
    word = _MODE_WORDS[reason.mode]
    lead = f"  {paper.bad(word) if reason.mode is Mode.BLOCK else paper.warn(word)}{' ' * (8 - len(word))}"
    yield from paper.hanging(lead, f"{prose(reason.sentence, 600)} [{line(reason.gate_rule, 60)}]", 10)
    if reason.findings:
        names = ", ".join(short(name) for name in reason.findings[:4])
        more = f" and {len(reason.findings) - 4:,} more" if len(reason.findings) > 4 else ""
        yield from paper.hanging(" " * 10, f"findings: {names}{more}", 10, "2")
    if reason.appeal:
        yield from paper.hanging(" " * 10, f"appeal: {prose(reason.appeal, 400)}", 10)
