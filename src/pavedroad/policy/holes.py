"""What was not looked at, as reasons. Coverage is an input of policy: a hole in it never becomes a pass by silence."""

from collections.abc import Iterator, Sequence
from datetime import date

from pavedroad.core.coverage import Coverage, CoverageStatus, DataSource, Skipped
from pavedroad.core.verdict import Mode, Outcome, Reason
from pavedroad.policy.config import CoverageRules, DataAge, Shortfall, canonical
from pavedroad.policy.defaults import DEFAULT_DATA_AGE
from pavedroad.policy.globs import name_glob
from pavedroad.policy.quantities import parse_age
from pavedroad.policy.wording import count, plain

# The walk of the tree gives coverage too, but no judgement about a file.
_WALK = "tree"
_LOOKED = (CoverageStatus.COMPLETE, CoverageStatus.PARTIAL)


def holes(coverage: Sequence[Coverage], rules: CoverageRules, *, today: date, compared: bool) -> list[Reason]:
    """Every reason that coverage gives, the same whatever its order."""
    ordered = sorted(coverage, key=lambda each: (each.kind, each.scanner, canonical(each)))
    reasons = [*_nothing(ordered, compared), *_required(ordered, rules)]
    for each in ordered:
        reasons += _of_scanner(each, rules, today)
    return reasons


def _reason(rule: str, shortfall: Shortfall, sentence: str, appeal: str = "") -> Reason:
    stops = shortfall is Shortfall.INCOMPLETE
    return Reason(
        gate_rule=f"coverage.{rule}",
        mode=Mode.BLOCK if stops else Mode.WARN,
        outcome=Outcome.INCOMPLETE if stops else Outcome.PASS,
        sentence=sentence,
        appeal=appeal,
    )


def _told(rule: str, sentence: str) -> Reason:
    return Reason(gate_rule=f"coverage.{rule}", mode=Mode.OBSERVE, outcome=Outcome.PASS, sentence=sentence)


def _nothing(coverage: Sequence[Coverage], compared: bool) -> Iterator[Reason]:
    """No scanner looked at anything: a pass only when a change holds nothing that any scanner is there for."""
    scanners = [each for each in coverage if each.kind != _WALK]
    statuses = {each.status for each in scanners}
    if statuses & {*_LOOKED, CoverageStatus.FAILED}:
        return
    if CoverageStatus.NOT_APPLICABLE in statuses and compared:
        yield _told("nothing", "the change holds nothing that a scanner looks at")
    elif CoverageStatus.NOT_APPLICABLE in statuses:
        yield _reason(
            "nothing",
            Shortfall.INCOMPLETE,
            "there is nothing here that a scanner looks at",
            "give the path of a project; 'paved doctor' shows what each scanner looks for",
        )
    else:
        yield _reason(
            "nothing",
            Shortfall.INCOMPLETE,
            "no scanner ran" + (": all were left out" if scanners else ""),
            "leave fewer out with --skip, --only or scan.skip",
        )


def _required(coverage: Sequence[Coverage], rules: CoverageRules) -> Iterator[Reason]:
    present = {each.kind for each in coverage if each.status is not CoverageStatus.SKIPPED}
    for kind in sorted(set(rules.require) - present - {"*"}):
        yield _reason(
            "require",
            Shortfall.INCOMPLETE,
            f"the policy requires {plain(kind, 40)}, and no scanner of that kind ran",
            f"do not leave it out, or take it out of gate.coverage.require in paved.yaml: {plain(kind, 40)}",
        )
    if "*" in rules.require:
        for each in coverage:
            if each.status is CoverageStatus.SKIPPED and each.kind not in present:
                yield _reason(
                    "require",
                    Shortfall.INCOMPLETE,
                    f"the policy requires every kind, and {plain(each.kind, 40)} was left out",
                    "run it without --skip and --only",
                )


def _of_scanner(each: Coverage, rules: CoverageRules, today: date) -> Iterator[Reason]:
    name = plain(each.scanner, 60)
    if each.status is CoverageStatus.NOT_APPLICABLE:
        return
    if each.status is CoverageStatus.SKIPPED:
        yield _told("left-out", f"{name} was left out on request")
        return
    if each.status is CoverageStatus.FAILED:
        yield _reason("failed", Shortfall.INCOMPLETE, f"{name} could not run{_first_error(each)}", _next_step(each))
    elif each.errors:
        yield _reason(
            "on_error",
            rules.on_error,
            f"{name} could not judge everything: {count(len(each.errors), 'error')}{_first_error(each)}",
            _next_step(each),
        )
    yield from _limits(each, name, rules)
    gaps = [skip for skip in each.skipped if not skip.harmless and not _told_by_limit(skip, each)]
    if gaps:
        yield _gap(name, gaps, rules)
    if each.status is CoverageStatus.PARTIAL and not (each.errors or each.limits or gaps):
        yield _reason("on_error", rules.on_error, f"{name} looked at a part only, and does not say why")
    for source in each.data:
        yield from _age(each, source, rules, today)


def _first_error(each: Coverage) -> str:
    if not each.errors:
        return ""
    error = each.errors[0]
    where = f" ({plain(error.where, 100)})" if error.where else ""
    return f"{', the first' if len(each.errors) > 1 else ''}: {plain(error.message)}{where}"


def _next_step(each: Coverage) -> str:
    return next((plain(error.next_step) for error in each.errors if error.next_step), "")


def _limits(each: Coverage, name: str, rules: CoverageRules) -> Iterator[Reason]:
    if not each.limits:
        return
    first = each.limits[0]
    where = f" ({plain(first.where, 100)})" if first.where else ""
    times = f", {count(len(each.limits), 'time')}" if len(each.limits) > 1 else ""
    yield _reason(
        "limits",
        rules.limits,
        f"{name} reached a limit{times}: {plain(first.limit, 60)}, {plain(first.value, 100)}{where}",
        f"raise {plain(first.limit, 60)} in paved.yaml, or list the files in .pavedignore",
    )


def _told_by_limit(skip: Skipped, each: Coverage) -> bool:
    """The walk tells of a file that is too large twice: as skipped, and as a limit reached."""
    places = {limit.where for limit in each.limits}
    return bool(skip.examples) and places.issuperset(skip.examples)


def _gap(name: str, gaps: Sequence[Skipped], rules: CoverageRules) -> Reason:
    total = sum(skip.count for skip in gaps)
    worst = min(gaps, key=lambda skip: (-skip.count, skip.reason))
    example = f", such as {plain(worst.examples[0], 100)}" if worst.examples else ""
    return _reason(
        "gaps",
        rules.gaps,
        f"{name} passed over {count(total, 'thing')} it cannot judge: {plain(worst.reason)}{example}",
    )


def _age(each: Coverage, source: DataSource, rules: CoverageRules, today: date) -> Iterator[Reason]:
    name = plain(source.name, 60)
    days = (today - source.as_of.date()).days if source.as_of else None
    # Clocks differ by time zones; a date beyond that is no date to rely on.
    if days is None or days < -1:
        what = "nobody knows how old they are" if days is None else "they are dated in the future"
        yield _reason("unknown_age", rules.unknown_age, f"{name}, the data of {plain(each.scanner, 60)}: {what}")
        return
    allowed = _allowed(each, source, rules)
    update = "get newer ones: paved advisories update"
    for limit, shortfall in ((allowed.incomplete, Shortfall.INCOMPLETE), (allowed.warn, Shortfall.WARN)):
        if days > parse_age(limit):
            old = f"{name}, the data of {plain(each.scanner, 60)}: {count(days, 'day')} old, the policy allows {limit}"
            yield _reason("data_max_age", shortfall, old, update)
            return


def _allowed(each: Coverage, source: DataSource, rules: CoverageRules) -> DataAge:
    for pattern, age in rules.data_max_age.items():
        matches = name_glob(pattern)
        if any(matches(name) for name in (each.kind, each.scanner, source.name)):
            return DataAge(warn=age, incomplete=age) if isinstance(age, str) else age
    return DEFAULT_DATA_AGE
