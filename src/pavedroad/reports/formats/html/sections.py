"""The parts of the page around the findings: the verdict, what was looked at, the waivers, the record."""

from pavedroad.core.coverage import Coverage, CoverageStatus, Isolation
from pavedroad.core.run import Judged, Run
from pavedroad.core.verdict import Mode, Reason
from pavedroad.core.waiver import Waiver
from pavedroad.reports.deadlines import SOON_DAYS, Standing, day_of, standing
from pavedroad.reports.formats.html.findings import definitions
from pavedroad.reports.formats.html.tags import Markup, tag
from pavedroad.reports.text import count, line, prose
from pavedroad.reports.view import (
    Gap,
    Group,
    data_words,
    duration,
    gaps_of,
    older_count,
    outcome_sentence,
    outcome_word,
    scope_words,
    short,
    stamp,
)

_MAX_REASONS = 50
_MAX_ROWS = 500
_MAX_LICENCES = 100
_MODES = {Mode.BLOCK: "Blocks", Mode.WARN: "Warns", Mode.OBSERVE: "Notes"}
_NO_BREAK = "\u00a0"
_IDLE = (CoverageStatus.SKIPPED, CoverageStatus.NOT_APPLICABLE)


def masthead(run: Run, groups: dict[Group, list[Judged]]) -> Markup:
    """The verdict with its reasons, and what it is about."""
    outcome = run.verdict.outcome
    older, waived = older_count(run, groups), len(groups[Group.WAIVED])
    tiles = [
        ("must be fixed", len(groups[Group.BLOCKING])),
        ("warnings", len(groups[Group.WARNING])),
        ("noted", len(groups[Group.NOTED])),
        ("known before", older),
        ("waived", waived),
    ]
    tiles += _pressing(run)
    sentence = outcome_sentence(run, groups)
    verdict = tag(
        "div",
        tag("p", outcome_word(outcome), class_="word"),
        tag("p", f"{sentence[:1].upper()}{sentence[1:]}.", class_="sentence"),
        _reasons(run.verdict.reasons),
        class_=f"verdict {outcome.value}",
        role="group",
        aria_label="Verdict",
    )
    return tag(
        "header",
        tag("p", "Pavedroad security gate", class_="brand"),
        tag("h1", line(run.subject.name, 200)),
        tag("p", f"{scope_words(run)}. {stamp(run.started)}.", class_="quiet"),
        verdict,
        tag("ul", [tag("li", tag("b", f"{number:,}"), f" {name}") for name, number in tiles], class_="tiles"),
    )


def _pressing(run: Run) -> list[tuple[str, int]]:
    """How many deadlines are over or near, waived findings left aside; nothing where there are none."""
    today = day_of(run)
    live = [standing(judged.priority, today) for judged in run.findings if judged.waived is None]
    tiles = (("overdue", live.count(Standing.OVERDUE)), (f"due within {SOON_DAYS} days", live.count(Standing.SOON)))
    return [(name, number) for name, number in tiles if number]


def _reasons(reasons: tuple[Reason, ...]) -> Markup:
    items = [
        tag(
            "li",
            tag("strong", f"{_MODES[reason.mode]}: "),
            prose(reason.sentence, 600),
            " ",
            tag("code", line(reason.gate_rule, 80)),
            tag("span", f"To appeal: {prose(reason.appeal, 400)}", class_="appeal") if reason.appeal else "",
        )
        for reason in reasons[:_MAX_REASONS]
    ]
    if len(reasons) > _MAX_REASONS:
        items.append(tag("li", f"and {len(reasons) - _MAX_REASONS:,} more reasons"))
    return tag("ul", items, class_="reasons") if items else Markup("")


def _table(caption: str, heads: tuple[str, ...], rows: list[list[str | Markup]], total: int) -> Markup:
    """A table whose cells carry their column's name, so that narrow screens can show each row as a card."""
    body = [
        tag(
            "tr",
            [
                tag("th", cell, scope="row") if index == 0 else tag("td", cell, data_label=heads[index])
                for index, cell in enumerate(row)
            ],
        )
        for row in rows
    ]
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in heads]))
    table = tag("table", tag("caption", caption, class_="unseen"), head, tag("tbody", body), class_="cards")
    rest = tag("p", f"and {total - len(rows):,} more", class_="quiet") if total > len(rows) else ""
    return tag("div", table, rest)


def coverage_section(run: Run) -> Markup:
    """What each scanner looked at, and every gap with what to do about it."""
    gaps = [gap for coverage in run.coverage for gap in gaps_of(coverage)]
    said = f"{count(len(gaps), 'gap')}: not everything was looked at." if gaps else "No gaps."
    if not run.coverage:
        said = "Nothing was looked at."
    heads = ("Scanner", "Status", "Files", "Cached", "Skipped", "Errors", "Time", "Data", "Isolation")
    table = _table(
        "Coverage by scanner", heads, [_coverage_row(c, run) for c in run.coverage[:_MAX_ROWS]], len(run.coverage)
    )
    notes = [f"{line(c.scanner, 60)}: {prose(note, 400)}" for c in run.coverage for note in c.notes[:10]]
    extra = tag("ul", [tag("li", note) for note in notes[:100]], class_="quiet") if notes else ""
    parts = [tag("p", said), _gap_list(gaps), table if run.coverage else "", extra]
    return tag("section", tag("h2", "What was looked at", id="coverage"), parts)


def _gap_list(gaps: list[Gap]) -> Markup:
    items = [
        tag(
            "li",
            tag("strong", gap.scanner),
            f": {gap.what}",
            [" (", tag("code", gap.where), ")"] if gap.where else "",
            tag("span", f"Next: {gap.next_step}", class_="appeal") if gap.next_step else "",
        )
        for gap in gaps[:_MAX_ROWS]
    ]
    if len(gaps) > _MAX_ROWS:
        items.append(tag("li", f"and {len(gaps) - _MAX_ROWS:,} more gaps; the json format has all"))
    return tag("ul", items, class_="gaps") if items else Markup("")


def _coverage_row(coverage: Coverage, run: Run) -> list[str | Markup]:
    status = tag("span", coverage.status.value.replace("-", _NO_BREAK), class_=f"status {coverage.status.value}")
    name = line(coverage.scanner, 60)
    if coverage.status in _IDLE:
        return [name, status, *([""] * 7)]
    skipped = sum(skip.count for skip in coverage.skipped)
    version = f" {line(coverage.engine_version, 40)}" if coverage.engine_version else ""
    return [
        name + version,
        status,
        f"{coverage.files:,}",
        f"{coverage.cached:,}",
        f"{skipped:,}",
        f"{len(coverage.errors):,}",
        duration(coverage.seconds).replace(" ", _NO_BREAK),
        data_words(coverage, run) or "none needed",
        _isolation_words(coverage.isolation),
    ]


def _isolation_words(isolation: Isolation | None) -> str:
    if isolation is None:
        return "not known"
    parts = (
        ("network", isolation.network),
        ("files", isolation.files),
        ("limits", isolation.limits),
        ("environment", isolation.environment),
    )
    return "; ".join(f"{label}: {prose(text, 100)}" for label, text in parts if text) or "not known"


def waivers_section(run: Run) -> Markup:
    """The exceptions in force, with owner, reason and end."""
    if not run.waivers:
        return Markup("")
    heads = ("Waiver", "Covers", "Owner", "Reason", "Ticket", "Ends", "From")
    rows: list[list[str | Markup]] = [
        [
            line(waiver.id, 100),
            _scope_words(waiver),
            prose(waiver.owner, 100) or "nobody",
            prose(waiver.reason, 300) or "no reason given",
            prose(waiver.ticket, 100) or "none",
            f"{waiver.expires}" if waiver.expires else "no end date",
            prose(waiver.origin, 60),
        ]
        for waiver in run.waivers[:_MAX_ROWS]
    ]
    return tag("section", tag("h2", "Waivers", id="waivers"), _table("Waivers", heads, rows, len(run.waivers)))


def _scope_words(waiver: Waiver) -> Markup:
    scope = waiver.scope
    parts = (
        ("finding", short(scope.fingerprint) if scope.fingerprint else ""),
        ("rule", line(scope.rule, 120)),
        ("path", line(scope.path, 200)),
        ("component", line(scope.component, 200)),
        ("asset", line(scope.asset, 200)),
    )
    return tag("span", [tag("span", f"{label} ", tag("code", text), " ") for label, text in parts if text])


def licences_section(run: Run) -> Markup:
    """How many components state which licences, the most frequent first; nothing where none states any."""
    if not any(component.licenses for component in run.components):
        return Markup("")
    names: dict[str, list[str]] = {}
    for component in run.components:
        words = prose(" AND ".join(component.licenses), 200) or "not stated"
        names.setdefault(words, []).append(line(component.name, 80))
    ranked = sorted(names.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows: list[list[str | Markup]] = [
        [words, f"{len(found):,}", ", ".join(found[:5]) + (" ..." if len(found) > 5 else "")]
        for words, found in ranked[:_MAX_LICENCES]
    ]
    table = _table("Components by licence", ("Licence", "Components", "For example"), rows, len(ranked))
    return tag("section", tag("h2", "Licences of components", id="licences"), table)


def record_section(run: Run) -> Markup:
    """Who decided what, when, and under which policy."""
    decision, revision = run.decision, run.revision
    rows = [
        ("Run", line(run.id, 100)),
        ("Pavedroad", line(run.tool_version, 60)),
        ("Started", stamp(run.started)),
        ("Took", duration((run.finished - run.started).total_seconds())),
        ("Commit", line(revision.commit, 64) or "unknown"),
        ("Compared with", line(revision.base, 64) or "nothing"),
        ("Policy digest", line(run.verdict.policy_digest, 100) or "unknown"),
        ("Components seen", f"{len(run.components):,}"),
    ]
    if decision is not None:
        rows += [
            ("Decided", outcome_word(decision.outcome)),
            ("Control point", prose(decision.control_point, 60)),
            ("Decided by", prose(decision.actor, 100)),
            ("Decided at", stamp(decision.at)),
        ]
    notes = [tag("li", prose(note, 400)) for note in run.notes[:100]]
    return tag(
        "section",
        tag("h2", "Record of the decision", id="record"),
        tag("div", definitions([(name, value) for name, value in rows if value]), class_="record"),
        tag("ul", notes, class_="quiet") if notes else "",
    )
