"""Urgency in the page: a badge in words, a cell that sorts by date, and the facts behind it."""

from datetime import date

from pavedroad.core.priority import Priority
from pavedroad.core.run import Judged
from pavedroad.reports.deadlines import (
    because,
    exploitation_facts,
    left_words,
    score_words,
    signal_rows,
    standing,
    tier_words,
)
from pavedroad.reports.formats.html.tags import Markup, tag
from pavedroad.reports.text import count, prose

_MAX_ASSUMED = 20
_LAST = "9999-99-99"  # sorts behind every date


def due_mark(priority: Priority | None, today: date) -> Markup:
    """``due in 3 days`` in a frame; nothing without a deadline."""
    if priority is None or priority.due is None:
        return Markup("")
    return tag("span", left_words(priority, today), class_=f"due {standing(priority, today).value}")


def due_cell(judged: Judged, today: date) -> Markup:
    """The badge with date, tier and exploitation. Sorted by date; what has no deadline comes last."""
    priority = judged.priority
    if priority is None:
        return tag("td", "", data_sort=_LAST, data_label="Due", class_="until")
    day = f"{priority.due}" if priority.due else left_words(priority, today)
    key = f"{priority.due} {min(priority.rank, 999):03}" if priority.due else f"{_LAST} {min(priority.rank, 999):03}"
    words = [tier_words(priority), *exploitation_facts(judged)]
    parts = [tag("span", day, class_="day"), *(tag("span", word, class_="tier") for word in words)]
    return tag("td", due_mark(priority, today), parts, data_sort=key, data_label="Due", class_="until")


def urgency_rows(judged: Judged, today: date) -> list[tuple[str, str | Markup]]:
    """Deadline, why, what the world knows with its dates, and what was assumed."""
    priority = judged.priority
    if priority is None:
        return []
    until = f"{priority.due}, {left_words(priority, today)}, counted from {priority.start}" if priority.due else ""
    rows: list[tuple[str, str | Markup]] = [
        ("Due", until or "no deadline"),
        ("Tier", f"{tier_words(priority)} ({prose(priority.table, 80)})"),
        ("Why", because(priority)),
    ]
    if score_words(priority):
        rows.append(("Score", score_words(priority)))
    rows += _signals(judged, priority)
    if priority.assumed:
        rows.append(("Assumed", _assumed(priority.assumed)))
    if priority.advice:
        rows.append(("Cheapest fact", prose(priority.advice, 400)))
    return rows


def _signals(judged: Judged, priority: Priority) -> list[tuple[str, str]]:
    if priority.signals is not None:
        return signal_rows(priority.signals)
    finding = judged.finding
    if finding.aliases or finding.upstream:
        return [("Exploitation", "unknown: no data of CISA KEV and EPSS was there to ask")]
    return []


def _assumed(assumed: tuple[str, ...]) -> Markup:
    items = [tag("li", prose(text, 300)) for text in assumed[:_MAX_ASSUMED]]
    if len(assumed) > _MAX_ASSUMED:
        items.append(tag("li", f"and {count(len(assumed) - _MAX_ASSUMED, 'more assumption')}"))
    return tag("ul", items, class_="assumed")
