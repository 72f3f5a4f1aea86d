"""Findings by kind and severity: bars for the eye, and the same figures as a table for everyone."""

from collections import Counter

from pavedroad.core.run import Run
from pavedroad.core.severity import Severity
from pavedroad.reports.formats.html.tags import Markup, tag
from pavedroad.reports.text import fit, line
from pavedroad.reports.view import by_severity

_WIDTH, _LEFT, _BAR, _STEP = 460, 112, 22, 32
_MAX_KINDS = 12


def chart_section(run: Run) -> Markup:
    """A stacked bar for each kind; empty when nothing was found. Counts all findings, waived and older ones too."""
    counts: dict[str, Counter[Severity]] = {}
    for judged in run.findings:
        counts.setdefault(line(judged.finding.kind, 40), Counter())[judged.finding.severity] += 1
    if not counts:
        return Markup("")
    kinds = sorted(counts, key=lambda kind: (-counts[kind].total(), kind))
    shown, rest = kinds[:_MAX_KINDS], kinds[_MAX_KINDS:]
    if rest:
        counts["other kinds"] = sum((counts[kind] for kind in rest), Counter())
        shown.append("other kinds")
    severities = [severity for severity, _ in by_severity(run.findings)]
    return tag(
        "section",
        tag("h2", "Where they are", id="chart"),
        tag("div", _bars(shown, counts, severities), _table(shown, counts, severities), class_="chart"),
    )


def _bars(kinds: list[str], counts: dict[str, Counter[Severity]], severities: list[Severity]) -> Markup:
    most = max(counts[kind].total() for kind in kinds)
    scale = (_WIDTH - _LEFT - 50) / most
    parts: list[Markup] = []
    for row, kind in enumerate(kinds):
        top, left = row * _STEP + 4, float(_LEFT)
        parts.append(tag("text", fit(kind, 14), x=_LEFT - 10, y=top + 16, class_="kind"))
        for severity in severities:
            number = counts[kind][severity]
            if not number:
                continue
            width = number * scale
            box = {"x": f"{left:.1f}", "y": str(top), "width": f"{max(width - 2, 1):.1f}", "height": str(_BAR)}
            parts.append(tag("rect", class_=f"bar {severity.value}", rx=3, **box))
            if width > 26:
                middle = f"{left + width / 2 - 1:.1f}"
                parts.append(tag("text", f"{number:,}", x=middle, y=top + 16, class_=f"in {severity.value}"))
            left += width
        parts.append(tag("text", f"{counts[kind].total():,}", x=f"{left + 6:.1f}", y=top + 16, class_="total"))
    label = "Bars: number of findings of each kind, split by severity. The table beside it holds the same figures."
    height = len(kinds) * _STEP + 4
    return tag("svg", parts, viewBox=f"0 0 {_WIDTH} {height}", role="img", aria_label=label, class_="bars")


def _table(kinds: list[str], counts: dict[str, Counter[Severity]], severities: list[Severity]) -> Markup:
    heads = [tag("th", tag("span", s.value, class_=f"key {s.value}"), scope="col") for s in severities]
    head = tag("tr", tag("th", "Kind", scope="col"), heads, tag("th", "all", scope="col"))
    rows = [
        tag(
            "tr",
            tag("th", kind, scope="row"),
            [tag("td", f"{counts[kind][severity]:,}") for severity in severities],
            tag("td", f"{counts[kind].total():,}"),
        )
        for kind in kinds
    ]
    caption = tag("caption", "Counts every finding listed below", class_="quiet")
    scroll = {"role": "region", "aria_label": "Findings by kind and severity", "class_": "scroll"}
    return tag(
        "div", tag("table", caption, tag("thead", head), tag("tbody", rows), class_="figures"), tabindex=0, **scroll
    )
