"""From one finding to its tier, its deadline and the sentence why. Pure: the day is an argument.

The tier comes from a decision table. The deadline starts when we first saw the finding. A catalogue entry that comes
later starts a clock of its own, and the earlier of the two dates holds, so a new entry can only pull a deadline in.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import msgspec

from pavedroad.core.asset import AssetFacts
from pavedroad.core.finding import Finding
from pavedroad.core.priority import NOT_FLAWS, Priority, Signals
from pavedroad.core.run import Judged
from pavedroad.core.severity import Severity
from pavedroad.priority.inputs import (
    EPSS_MEDIUM,
    Case,
    Known,
    alike,
    assumptions,
    case_of,
    facts_behind,
    proven,
    values_of,
)
from pavedroad.priority.tables import Outcome, Table
from pavedroad.priority.upgrades import leverage_of
from pavedroad.priority.vocabulary import FACTS, INPUTS

# Order within a tier, compared from left to right: EPSS in 1/10,000, score in 1/10, criticality, findings closed.
# A whole number in a float is exact up to 2**53, far above 10,001 * 101 * 5 * 1,000.
_EPSS, _SCORE, _CRITICALITY, _LEVERAGE = 10_000, 100, 4, 999
# EPSS must not push down what has no score yet or a public exploit: those count as at least in the middle.
_NO_SCORE = 5 * EPSS_MEDIUM
# Where nobody gives a score: the middle of the severity's band (CVSS v3.1, table 14); of the scale where it is unknown.
_MIDDLE = {
    Severity.MALICIOUS: 10.0,
    Severity.CRITICAL: 9.5,
    Severity.HIGH: 7.9,
    Severity.MEDIUM: 5.4,
    Severity.LOW: 2.0,
    Severity.INFO: 0.0,
    Severity.UNKNOWN: 5.0,
}


def prioritise(
    finding: Finding,
    signals: Signals | None,
    facts: AssetFacts,
    table: Table,
    today: date,
    first_seen: date | None,
    *,
    leverage: int = 1,
    previous: Priority | None = None,
) -> Priority:
    """Tier, deadline and why of one finding.

    ``leverage`` is how many findings the same upgrade closes. ``previous`` is what was said last time: a deadline that
    moves back is told in ``why``, never moved silently.
    """
    case = case_of(finding, signals, _clean(facts))
    values = values_of(case, table.inputs)
    outcome = _decide(table, values)
    start, due = _deadline(case, table, outcome, today, first_seen)
    assumed = assumptions(values)
    if first_seen is None and outcome.days is not None:
        assumed = (*assumed, f"first seen: not known; assumed today, {today}")
    why = _why(outcome, values, case, start, due) + _moved(previous, due) + "."
    return Priority(
        table=table.label,
        tier=outcome.name,
        rank=outcome.rank,
        days=outcome.days,
        start=start if outcome.days is not None else None,
        due=due,
        why=why,
        assumed=assumed,
        advice=_advice(case, table, values, outcome),
        score=case.scored.score if case.scored else None,
        score_name=case.scored.name if case.scored else "",
        order=_order(case, leverage),
        signals=signals,
    )


def rank_run(
    judged: Iterable[Judged],
    signals_for: Callable[[Finding], Signals | None],
    facts: AssetFacts,
    table: Table,
    today: date,
) -> list[Judged]:
    """The findings of a run with their priorities, the most urgent first; findings about the process stay without and
    come last. Within a tier the earlier deadline goes first, then ``order``."""
    given = list(judged)
    # Hundreds of secrets differ in nothing that a table asks about.
    known: dict[object, Priority] = {}

    def ranked(each: Judged, closes: int) -> Judged:
        finding, seen = each.finding, each.first_seen.date() if each.first_seen else None
        if finding.kind in NOT_FLAWS:
            return each
        key = (*alike(finding), seen, closes, each.priority)
        if key not in known:
            known[key] = prioritise(
                finding, signals_for(finding), facts, table, today, seen, leverage=closes, previous=each.priority
            )
        return msgspec.structs.replace(each, priority=known[key])

    return sorted((ranked(*pair) for pair in zip(given, leverage_of(given), strict=True)), key=urgency)


def urgency(judged: Judged) -> tuple[int, date, float]:
    """A sort key: tier, deadline, order within the tier. What has no priority comes last."""
    priority = judged.priority
    if priority is None:
        return (1 << 30, date.max, 0.0)
    return (priority.rank, priority.due or date.max, -priority.order)


def _clean(facts: AssetFacts) -> AssetFacts:
    """Words that are none of ours are as good as unknown, and are told as such."""
    strange = {name: None for name, words in FACTS.items() if getattr(facts, name) not in words}
    return msgspec.structs.replace(facts, **strange)


def _decide(table: Table, values: dict[str, Known]) -> Outcome:
    return table.decide({name: known.value for name, known in values.items()})


def _deadline(
    case: Case, table: Table, outcome: Outcome, today: date, first_seen: date | None
) -> tuple[date, date | None]:
    """The start of the clock that holds, and its end.

    A catalogue entry of a later day starts a second clock with the stricter tier; until then the milder tier held, and
    its deadline stays if it is the earlier one.
    """
    seen = min(first_seen or today, today)
    since = case.signals.known_since
    if outcome.days is None or not case.signals.known_exploited or since is None or min(since, today) <= seen:
        return seen, _plus(seen, outcome.days)
    listed = min(since, today)
    quiet = msgspec.structs.replace(
        case.signals, known_exploited=False, exploitation=_before(case.signals.exploitation)
    )
    milder = _decide(table, values_of(case_of(case.finding, quiet, case.facts), table.inputs))
    first, second = _plus(seen, milder.days), _plus(listed, outcome.days)
    if first is not None and second is not None and first <= second:
        return seen, first
    return listed, second


def _before(exploitation: str | None) -> str | None:
    return "poc" if exploitation == "active" else exploitation


def _plus(start: date, days: int | None) -> date | None:
    if days is None:
        return None
    return start + timedelta(days=min(days, (date.max - start).days))


def _why(outcome: Outcome, values: dict[str, Known], case: Case, start: date, due: date | None) -> str:
    """The sentence without its full stop: what to do by when, and the inputs that led there."""
    parts = []
    for name, known in values.items():
        phrase = INPUTS[name].phrase(known.value)
        if name == "kev" and known.value == "yes":
            phrase = _exploited(case)
        parts.append(f"{phrase} (assumed)" if known.assumed else phrase)
    what = outcome.text or outcome.name
    until = f", by {due} (counted from {start})" if due else ""
    return f"{what[:1].upper()}{what[1:]}{until}: {', '.join(parts)}"


def _exploited(case: Case) -> str:
    if case.signals.known_exploited and case.signals.known_since:
        return f"known to be exploited since {case.signals.known_since}"
    return "proven to work for an attacker" if proven(case.finding) else "known to be exploited"


def _moved(previous: Priority | None, due: date | None) -> str:
    if previous is None or previous.due is None or previous.due == due:
        return ""
    if due is None:
        return f"; it was due on {previous.due} and has no deadline any more, because what is known about it changed"
    way = "later" if due > previous.due else "earlier"
    return f"; it was due on {previous.due} and is now due {way}, because what is known about it changed"


def _advice(case: Case, table: Table, values: dict[str, Known], outcome: Outcome) -> str:
    """The cheapest unknown fact that could lower the tier, and to what; empty when there is none."""
    if not any(known.assumed for known in values.values()):
        return ""
    asked = facts_behind(table.inputs)
    for name, words in FACTS.items():
        if name not in asked or getattr(case.facts, name) is not None:
            continue
        milder: dict[str, list[str]] = {}
        for word in reversed(words):
            facts = msgspec.structs.replace(case.facts, **{name: word})
            told = _decide(table, values_of(case_of(case.finding, case.signals, facts), table.inputs))
            if told.rank > outcome.rank:
                milder.setdefault(told.name, []).append(word)
        if milder:
            tier, lowering = next(iter(milder.items()))
            said = f"{', '.join(lowering[:-1])} or {lowering[-1]}" if len(lowering) > 1 else lowering[0]
            return f"were asset.{name} in paved.yaml {said}, the tier would be '{tier}' instead of '{outcome.name}'"
    return ""


def _order(case: Case, leverage: int) -> float:
    """EPSS, then score here, then criticality, then findings closed: digits of one number, so none outweighs another
    before it."""
    known = case.signals.epss
    epss = known if known is not None and 0.0 <= known <= 1.0 else _NO_SCORE
    if case.signals.exploitation == "poc":
        epss = max(epss, _NO_SCORE)
    if case.signals.known_exploited or case.signals.exploitation == "active" or proven(case.finding):
        epss = 1.0
    score = case.scored.score if case.scored else case.finding.score or _MIDDLE[case.finding.severity]
    criticality = FACTS["criticality"].index(case.facts.criticality) + 1 if case.facts.criticality else 0
    number = round(epss * _EPSS)
    for digit, most in (
        (round(min(max(score, 0.0), 10.0) * 10), _SCORE),
        (criticality, _CRITICALITY),
        (min(max(leverage, 0), _LEVERAGE), _LEVERAGE),
    ):
        number = number * (most + 1) + digit
    return float(number)
