"""Findings in the page: what to do first, and the table of all, each with its details folded inside."""

from collections.abc import Iterable
from datetime import date

from pavedroad.core.finding import Finding, FlowStep
from pavedroad.core.remediation import FixSafety, Remediation
from pavedroad.core.run import Judged, Run
from pavedroad.core.severity import Severity
from pavedroad.reports.deadlines import day_of, pressing_words, upstream_words
from pavedroad.reports.formats.html.deadlines import due_cell, due_mark, urgency_rows
from pavedroad.reports.formats.html.tags import Markup, link, tag
from pavedroad.reports.text import block, count, line, prose
from pavedroad.reports.view import (
    MAX_HTML_FINDINGS,
    Group,
    by_severity,
    change_words,
    names_of,
    package_words,
    place,
    severity_sentence,
    short,
)

MAX_DETAILED = 3_000  # findings with folded details; the rest are rows, which keeps the page under some 20 MB
_MAX_FIRST = 7

_TITLES = {
    Group.BLOCKING: ("Fix first", "These must be fixed or waived."),
    Group.WARNING: ("Then", "Warnings: they block nothing."),
    Group.NOTED: ("Noted", "No gate rule acts on these."),
    Group.OLDER: ("Known before", "Older than this change, and not held against it."),
    Group.WAIVED: ("Waived", "Exceptions with a reason; see the waivers below."),
}
_COLUMNS = ("Severity", "Due", "Finding", "Where", "Kind")
_MAX_EVIDENCE = 10
_ORIGIN = ("layer", "brought by", "part")  # where an image has it from: shown before other evidence


def severity_mark(severity: Severity) -> Markup:
    """The severity as a word in a coloured frame."""
    return tag("span", severity.value, class_=f"sev {severity.value}")


def anchor(judged: Judged, number: int) -> str:
    """The id of a finding's row: its place in the run, because two findings may share a fingerprint."""
    return f"f-{number}-{''.join(c for c in short(judged.finding.fingerprint) if c.isascii() and c.isalnum())}"


def first_section(run: Run, groups: dict[Group, list[Judged]]) -> Markup:
    """The first things to do, one line each; says so when there is nothing to do."""
    todo = groups[Group.BLOCKING] or groups[Group.WARNING]
    if not todo:
        return Markup("")
    word = "must be fixed or waived" if groups[Group.BLOCKING] else "to look at; nothing blocks"
    today = day_of(run)
    items = [tag("li", _first_item(judged, today)) for judged in todo[:_MAX_FIRST]]
    rest = len(todo) - len(items)
    more = tag("p", f"and {rest:,} more in the table below", class_="quiet") if rest else ""
    pressing = pressing_words(todo, today)
    said = f"{count(len(todo), 'finding')} {word}: {severity_sentence(todo)}.{f' {pressing}.' if pressing else ''}"
    intro = tag("p", said, class_="quiet")
    return tag("section", tag("h2", "What to do first", id="first"), intro, tag("ol", items, class_="first"), more)


def _first_item(judged: Judged, today: date) -> list[Markup | str]:
    finding = judged.finding
    remedy = finding.remediation
    advice = prose(remedy.text, 300) if remedy else ""
    if remedy is not None and remedy.fixed_versions:
        advice = f"{advice} Fixed in {', '.join(line(v, 60) for v in remedy.fixed_versions[:3])}.".strip()
    head: list[Markup | str] = [
        severity_mark(finding.severity),
        " ",
        tag("strong", prose(finding.title or finding.message, 160)),
        " ",
        due_mark(judged.priority, today),
    ]
    return [*head, " in ", tag("code", place(finding.location)), tag("p", advice or prose(finding.message, 300))]


def findings_section(run: Run, groups: dict[Group, list[Judged]]) -> Markup:
    """The table, grouped, with filters that only show where JavaScript runs."""
    head = tag("h2", "Findings", id="findings")
    if not run.findings:
        return tag("section", head, tag("p", "Nothing was found in what was looked at."))
    bodies, number = [], 0
    for group, members in groups.items():
        shown = members[: max(MAX_HTML_FINDINGS - number, 0)]
        if shown:
            bodies.append(_group(group, members, shown, number, day_of(run)))
        number += len(shown)
    lost = len(run.findings) - number
    text = f"{count(lost, 'finding is', 'findings are')} left out; paved check --format json -o run.json has all."
    account = tag("p", text, class_="notice") if lost else ""
    head_row = tag("tr", [tag("th", name, scope="col") for name in _COLUMNS])
    caption = tag("caption", "All findings, grouped by what to do", class_="unseen")
    table = tag("table", caption, tag("thead", head_row), bodies, id="findings-table", class_="findings")
    return tag("section", head, _filters(run), account, table)


def _filters(run: Run) -> Markup:
    kinds = sorted({line(judged.finding.kind, 60) for judged in run.findings})
    severities = [severity.value for severity, _ in by_severity(run.findings)]
    text = tag("input", id="filter-text", type="search", autocomplete="off", placeholder="path, rule, id ...")
    return tag(
        "form",
        tag("label", "Search ", text),
        _choice("Severity", "filter-severity", severities),
        _choice("Kind", "filter-kind", kinds),
        tag("button", "Show all", type="reset"),
        tag("span", "", id="filter-told", role="status"),
        id="filters",
        class_="filters",
    )


def _choice(label: str, name: str, values: list[str]) -> Markup:
    options = [tag("option", "any", value=""), *(tag("option", value, value=value) for value in values)]
    return tag("label", f"{label} ", tag("select", options, id=name))


def _group(group: Group, members: list[Judged], shown: list[Judged], start: int, today: date) -> Markup:
    title, meaning = _TITLES[group]
    words: list[Markup | str] = [
        tag("strong", f"{title}: {len(members):,}"),
        f" ({severity_sentence(members)}). {meaning}",
    ]
    head = tag("tr", tag("th", words, scope="rowgroup", colspan=len(_COLUMNS)), class_="group")
    rows = [_row(judged, number, today) for number, judged in enumerate(shown, start)]
    return tag("tbody", head, rows, class_=f"group-{group.value}")


def _row(judged: Judged, number: int, today: date) -> Markup:
    finding = judged.finding
    said = prose(finding.message or finding.title, 300)
    names = f"{line(finding.rule, 120)}  {short(finding.fingerprint)}"
    summary = [tag("strong", prose(finding.title, 160) or said), tag("span", names, class_="rule")]
    cell = (
        tag("details", tag("summary", summary), tag("div", _details(judged, said, today), class_="detail"))
        if number < MAX_DETAILED
        else tag("div", summary, tag("p", said))
    )
    # Ranks sort worst first in ascending order, so that one click shows what matters.
    rank = max(Severity).rank - finding.severity.rank
    return tag(
        "tr",
        tag("td", severity_mark(finding.severity), data_sort=f"{rank}", data_label="Severity", class_="severity"),
        due_cell(judged, today),
        tag("td", cell, data_sort=prose(finding.title or said, 80), data_label="Finding", class_="what"),
        tag("td", tag("code", place(finding.location)), data_label="Where", class_="where"),
        tag("td", line(finding.kind, 60), data_label="Kind", class_="kind"),
        id=anchor(judged, number),
        class_="finding",
        data_severity=finding.severity.value,
        data_kind=line(finding.kind, 60),
    )


def _details(judged: Judged, said: str, today: date) -> list[Markup]:
    finding = judged.finding
    parts = [tag("p", said), *_code(finding)]
    facts = [change_words(judged.change), f"{finding.confidence.value} confidence", names_of(finding)]
    if finding.score is not None:
        facts.append(f"CVSS {finding.score:.1f}")
    facts.append(upstream_words(finding))
    rows: list[tuple[str, str | Markup]] = [("What", ", ".join(fact for fact in facts if fact))]
    if finding.component is not None:
        rows.append(("Package", package_words(finding.component)))
    rows += [*urgency_rows(judged, today), *_evidence(finding)]
    if judged.reach is not None:
        rows.append(("Reachability", f"{judged.reach.state.value}: {prose(judged.reach.why, 300)}"))
    if judged.vex is not None:
        rows.append(("VEX", prose(judged.vex.sentence, 600)))
    if judged.waived is not None:
        rows.append(("Waived", f"{prose(judged.waived.waiver, 100)}: {prose(judged.waived.sentence, 400)}"))
    elif finding.marker is not None:
        rows.append(("Marker", f"{prose(finding.marker.text, 100)} (waives nothing by itself)"))
    parts.append(definitions(rows))
    parts += _flow(finding.flow)
    parts += _fix(finding.remediation)
    parts += _references(finding)
    name = short(finding.fingerprint)
    explain, waive = tag("code", f"paved explain {name}"), tag("code", f"paved waive {name}")
    return [*parts, tag("p", "More: ", explain, ", or to appeal: ", waive, class_="quiet")]


def _evidence(finding: Finding) -> list[tuple[str, str]]:
    facts = sorted(finding.evidence, key=lambda fact: fact.name not in _ORIGIN)
    rows = [(_titled(prose(fact.name, 60)), prose(fact.value, 300)) for fact in facts[:_MAX_EVIDENCE]]
    if finding.component is not None and finding.component.licenses:
        rows.append(("Licences", prose(" AND ".join(finding.component.licenses), 300)))
    said = {fact.value for fact in finding.evidence}
    vectors = [vector for vector in finding.vectors if vector not in said]
    if vectors:
        rows.append(("CVSS vectors", prose(", ".join(vectors[:6]), 600)))
    more = len(facts) - _MAX_EVIDENCE
    return [*rows, ("More", f"{count(more, 'fact')}; the json format has all")] if more > 0 else rows


def _titled(name: str) -> str:
    """A capital at the start; what follows may be a name in capitals, and stays as it is."""
    return name[:1].upper() + name[1:]


def definitions(rows: Iterable[tuple[str, str | Markup]]) -> Markup:
    """Names and what they are."""
    return tag("dl", [tag("div", tag("dt", name), tag("dd", value)) for name, value in rows])


def _code(finding: Finding) -> list[Markup]:
    snippet, region = finding.location.snippet, finding.location.region
    if snippet is None:
        return []
    rows: list[Markup] = []
    for number, text in enumerate(block(snippet.text, 4_000).split("\n")[:20], snippet.start_line):
        flagged = region is not None and region.start_line <= number <= region.end_line
        mark = f"{'>' if flagged else ' '} {number:>5}  "
        rows.append(tag("span", tag("span", mark, class_="number"), text, class_="row flagged" if flagged else "row"))
    return [tag("pre", rows, tabindex=0)]


def _flow(flow: tuple[FlowStep, ...]) -> list[Markup]:
    if not flow:
        return []
    steps = [tag("li", tag("code", place(step.location)), f" {prose(step.message, 300)}") for step in flow[:20]]
    rest = [tag("li", f"and {len(flow) - 20:,} more steps")] if len(flow) > 20 else []
    return [tag("h4", "How it flows"), tag("ol", steps, rest)]


def _fix(remedy: Remediation | None) -> list[Markup]:
    if remedy is None:
        return []
    text = prose(remedy.text, 1_000)
    if remedy.fixed_versions:
        text = f"{text} Fixed in {', '.join(line(version, 60) for version in remedy.fixed_versions[:10])}.".strip()
    if remedy.fix is not None and remedy.fix.safety is FixSafety.UNSAFE:
        text += " A person must look at this change."
    lines = [
        tag("span", f"{mark} {row}", class_=f"row {name}")
        for mark, name, code in (("-", "before", remedy.before), ("+", "after", remedy.after))
        for row in block(code, 4_000).splitlines()[:20]
    ]
    return [tag("h4", "How to fix"), tag("p", text), *([tag("pre", lines, tabindex=0)] if lines else [])]


def _references(finding: Finding) -> list[Markup]:
    if not finding.references:
        return []
    items = [tag("li", link(line(r.url, 500), prose(r.title, 200))) for r in finding.references[:10]]
    return [tag("h4", "Read"), tag("ul", items)]
