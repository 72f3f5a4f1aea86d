"""What every readable report says about urgency, decided once: due dates, tiers, exploitation. Pure, no layout.

Days are counted to the day on which the run started, so that the same run always gives the same words.
"""

import enum
import math
from collections.abc import Iterable
from datetime import date

from pavedroad.core.finding import Finding
from pavedroad.core.priority import Priority, Signals
from pavedroad.core.run import Judged, Run
from pavedroad.reports.text import count, line, prose
from pavedroad.reports.view import utc

SOON_DAYS = 7
_UNKNOWN = "unknown"
_MAX_NAMES = 5


class Standing(enum.Enum):
    """How a deadline stands on the day of the run. ``soon``: today or within SOON_DAYS days."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


def day_of(run: Run) -> date:
    """The day of the run (UTC), by which its deadlines were counted."""
    return utc(run.started).date()


def standing(priority: Priority | None, today: date) -> Standing:
    """How the deadline of ``priority`` stands; ``none`` without one."""
    if priority is None or priority.due is None:
        return Standing.NONE
    left = (priority.due - today).days
    if left < 0:
        return Standing.OVERDUE
    return Standing.SOON if left <= SOON_DAYS else Standing.LATER


def left_words(priority: Priority, today: date) -> str:
    """``overdue by 4 days``, ``due today``, ``due in 3 days``, ``no deadline``."""
    if priority.due is None:
        return "no deadline"
    left = (priority.due - today).days
    if left < 0:
        return f"overdue by {count(-left, 'day')}"
    return f"due in {count(left, 'day')}" if left else "due today"


def due_sentence(priority: Priority, today: date) -> str:
    """The whole of it: ``by 2026-11-27, in 3 days. Fix it within 3 days: known to be exploited ...``. What is overdue
    is said in capitals."""
    left = 0 if priority.due is None else (priority.due - today).days
    if priority.due is None:
        lead = "no deadline"
    elif left < 0:
        lead = f"OVERDUE by {count(-left, 'day')}, since {priority.due}"
    else:
        lead = f"by {priority.due}, {'in ' + count(left, 'day') if left else 'today'}"
    return f"{lead}. {because(priority)}".strip()


def because(priority: Priority) -> str:
    """The sentence why, without the dates that stand beside it already; the tier where there is no sentence."""
    dates = f", by {priority.due} (counted from {priority.start})"
    return prose(priority.why.replace(dates, "", 1), 600) or f"Tier {tier_words(priority)}."


def tier_words(priority: Priority) -> str:
    """The tier's name."""
    return prose(priority.tier, 80) or _UNKNOWN


def pressing_words(members: Iterable[Judged], today: date) -> str:
    """``1 overdue, 4 due within 7 days``; empty when neither is there."""
    states = [standing(judged.priority, today) for judged in members]
    late, soon = states.count(Standing.OVERDUE), states.count(Standing.SOON)
    parts = (f"{late:,} overdue" if late else "", f"{soon:,} due within {SOON_DAYS} days" if soon else "")
    return ", ".join(part for part in parts if part)


def percent(share: float | None) -> str:
    """``94.3 %``, ``0.04 %``; empty for what is no share."""
    if share is None or not math.isfinite(share) or not 0.0 <= share <= 1.0:
        return ""
    hundredth = share * 100
    return f"{hundredth:.1f} %" if hundredth >= 1 or not hundredth else f"{hundredth:.2f} %"


def exploitation_facts(judged: Judged) -> list[str]:
    """The two facts that fit into any line: ``in CISA KEV``, ``EPSS 94.3 %``."""
    signals = judged.priority.signals if judged.priority else None
    if signals is None:
        return []
    score = percent(signals.epss)
    return [*(["in CISA KEV"] if signals.known_exploited else []), *([f"EPSS {score}"] if score else [])]


def signal_rows(signals: Signals) -> list[tuple[str, str]]:
    """Name and words of each source, with its date; what is unknown is said to be so."""
    rows = [("CISA KEV", _kev_words(signals)), ("EPSS", _epss_words(signals))]
    points = (
        ("exploitation", prose(signals.exploitation or "", 40)),
        ("automatable", _yes_or_no(signals.automatable)),
        ("total impact", _yes_or_no(signals.total_impact)),
    )
    if any(value for _, value in points):
        rows.append(("SSVC by CISA", ", ".join(f"{name} {value or _UNKNOWN}" for name, value in points)))
    return rows


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _kev_words(signals: Signals) -> str:
    if signals.known_exploited is None:
        return f"{_UNKNOWN}: no catalogue was there to ask"
    if not signals.known_exploited:
        return f"not listed{_as_of('catalogue', signals.kev_as_of)}"
    parts = [f"{line(signals.cve, 40) or 'listed'} {'is listed' if signals.cve else ''}".strip()]
    parts[0] += f" since {signals.known_since}" if signals.known_since else ""
    if signals.due:
        parts.append(f"CISA's own deadline {signals.due}")
    if signals.ransomware:
        parts.append("used for ransomware")
    return ", ".join(parts) + _as_of("catalogue", signals.kev_as_of)


def _epss_words(signals: Signals) -> str:
    score, rank = percent(signals.epss), percent(signals.percentile)
    if not score:
        return f"no score{_as_of('scores', signals.epss_as_of)}"
    higher = f", higher than {rank} of all" if rank else ""
    return f"{score} within 30 days{higher}{_as_of('scores', signals.epss_as_of)}"


def _as_of(what: str, day: date | None) -> str:
    return f" ({what} of {day})" if day else f" ({what} without a date)"


def upstream_words(finding: Finding) -> str:
    """``passes on CVE-2026-1, CVE-2026-2 and 3 more``; empty for a flaw that is its own."""
    names = ", ".join(line(name, 60) for name in finding.upstream[:_MAX_NAMES])
    more = len(finding.upstream) - _MAX_NAMES
    return f"passes on {names}{f' and {more:,} more' if more > 0 else ''}" if names else ""


def origin_words(finding: Finding) -> str:
    """``layer 2 of the image, brought by RUN apt-get install curl``; empty outside images."""
    facts = {fact.name: fact.value for fact in finding.evidence if fact.name in ("layer", "brought by")}
    layer = prose(facts.get("layer", "").partition(",")[0], 60)
    if not layer:
        return ""
    return f"layer {layer}" + (f", brought by {prose(facts['brought by'], 160)}" if facts.get("brought by") else "")


def score_words(priority: Priority) -> str:
    """``8.9 (CVSS-BTE 4.0)``: the score with the environment in it; empty when there is none."""
    score = priority.score
    if score is None or not math.isfinite(score):
        return ""
    return f"{score:.1f} ({prose(priority.score_name, 40) or 'CVSS'})"
