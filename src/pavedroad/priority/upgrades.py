"""The fewest upgrades that close the most risk: one version per package, the lowest that closes all it can. Pure.

A version closes a finding when the advisory names it as fixed, or when it is not lower than every version the advisory
names as fixed. Between two fixed release lines nothing is claimed: a later 1.x may lack what 1.2.5 and 2.0.3 have.
Where advisories can be asked, the version must also be free of the finding's flaw by them: ``standing.py``.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions import package_key, scheme
from pavedroad.core.component import Component
from pavedroad.core.noun import Noun
from pavedroad.core.run import Judged
from pavedroad.core.severity import Severity
from pavedroad.priority.inputs import is_malicious
from pavedroad.priority.standing import Ask, Settled, stations

NO_FIX = "no fixed version is known"
NOT_NEWER = "no fixed version is newer than the one in use"
NOT_ORDERED = "its versions cannot be put in order"
STILL_THERE = "the versions with a fix for others still have it"

# Ecosystems in which the first number of a version announces what may break.
_MAJORS = frozenset({"npm", "PyPI", "Go", "crates.io", "Maven", "RubyGems", "Packagist", "NuGet", "Hex", "Pub"})
_NUMBERS = re.compile(r"[v=]?(\d{1,9})(?:\.(\d{1,9}))?", re.ASCII)
# Without tiers: the gravest first, and what nobody has rated beside the high ones.
_BY_SEVERITY = sorted(
    Severity, key=lambda each: (-(Severity.HIGH if each is Severity.UNKNOWN else each).rank, -each.rank)
)


class Smaller(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """A version without a new major number, and how many findings it closes."""

    target: str
    closes: int


class Step(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """Move one package to ``target``; an empty target means: remove it, the package itself is the attack.

    ``closes`` are the findings by their place in the list given; ``tiers`` count them by tier, most urgent first.
    ``direct`` is None when unknown; ``via`` are the direct dependencies that bring the package. ``smaller`` is offered
    where ``target`` has a new major number. ``brings`` are known flaws of ``target`` that are no findings of today.
    """

    ecosystem: str
    package: str
    versions: tuple[str, ...]
    target: str = ""
    closes: tuple[int, ...] = ()
    findings: tuple[str, ...] = ()
    tiers: tuple[tuple[str, int], ...] = ()
    files: tuple[str, ...] = ()
    direct: bool | None = None
    via: tuple[str, ...] = ()
    smaller: Smaller | None = None
    brings: tuple[str, ...] = ()


class Rest(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """A package finding that no upgrade closes, and why."""

    index: int
    finding: str
    rule: str
    ecosystem: str
    package: str
    version: str
    tier: str
    reason: str


class UpgradePlan(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """``steps`` in the order of risk closed, ``rest`` in the order of urgency. ``total`` counts package findings that
    are not waived; ``waived`` and ``others`` (findings about something else than a package) are left out. ``checked``:
    advisories were asked about the versions recommended."""

    steps: tuple[Step, ...] = ()
    rest: tuple[Rest, ...] = ()
    total: int = 0
    waived: int = 0
    others: int = 0
    by_severity: bool = False
    checked: bool = False


class _Member:
    """One finding of a package: its place, its component, its fixed versions and their keys."""

    def __init__(self, index: int, judged: Judged, component: Component) -> None:
        self.index, self.judged, self.component = index, judged, component
        self.names = frozenset((*judged.finding.aliases, judged.finding.rule.rpartition("/")[2]))
        remedy = judged.finding.remediation
        self.fixes = remedy.fixed_versions if remedy else ()
        self.current = _key(component.ecosystem, component.version)
        keyed = [(_key(component.ecosystem, text), text) for text in self.fixes]
        self.keyed = [(key, text) for key, text in keyed if key is not None]
        self.usable = [(key, text) for key, text in self.keyed if self.current is None or self.current < key]
        self.last: Any = max((key for key, _ in self.keyed), default=None)

    def closed_by(self, key: Any) -> bool:
        """Whether the version behind ``key`` is newer than the one in use and fixed."""
        return bool(self.usable) and bool(self.last <= key or any(key == own for own, _ in self.usable))


def plan(judged: Iterable[Judged], ask: Ask | None = None) -> UpgradePlan:
    """The upgrades for the findings of a run. Findings without a component and waived ones are only counted. ``ask``
    tells what is known about other versions of a package."""
    given = list(judged)
    ranks = _ranks(given)
    groups: dict[tuple[str, str], list[_Member]] = {}
    waived = others = total = 0
    for index, each in enumerate(given):
        component = each.finding.component
        if component is None:
            others += 1
        elif each.waived is not None:
            waived += 1
        else:
            total += 1
            key = (component.ecosystem, package_key(component.ecosystem, component.name))
            groups.setdefault(key, []).append(_Member(index, each, component))
    steps: list[Step] = []
    rest: list[Rest] = []
    for (ecosystem, _), members in sorted(groups.items(), key=lambda item: item[0]):
        step, left = _package(ecosystem, members, ranks, ask)
        steps += [step] if step else []
        rest += left
    return UpgradePlan(
        steps=tuple(sorted(steps, key=lambda step: _most_risk_first(step, ranks))),
        rest=tuple(sorted(rest, key=lambda each: (ranks[each.index], each.package, each.rule, each.index))),
        total=total,
        waived=waived,
        others=others,
        by_severity=_by_severity(given),
        checked=ask is not None,
    )


def leverage_of(judged: Sequence[Judged]) -> list[int]:
    """For each finding, how many findings the upgrade that closes it closes; 1 where there is none."""
    closes = [1] * len(judged)
    for step in plan(judged).steps:
        for index in step.closes:
            closes[index] = len(step.closes)
    return closes


def _key(ecosystem: str, version: str) -> Any:
    """The comparison key, None where the version cannot be ordered."""
    rules = scheme(ecosystem)
    try:
        return rules.key(version) if rules and version else None
    except VersionError:
        return None


def _by_severity(given: Sequence[Judged]) -> bool:
    return bool(given) and all(each.priority is None for each in given)


def _ranks(given: Sequence[Judged]) -> list[int]:
    """The urgency of each finding: of its tier, or of its severity when the run has no tiers."""
    if _by_severity(given):
        return [_BY_SEVERITY.index(each.finding.severity) for each in given]
    return [each.priority.rank if each.priority else 1000 for each in given]


def _tier(judged: Judged) -> str:
    return judged.priority.tier if judged.priority else f"{judged.finding.severity.value} severity"


def _package(
    ecosystem: str, members: list[_Member], ranks: list[int], ask: Ask | None
) -> tuple[Step | None, list[Rest]]:
    """The step for one package, and what it leaves open."""
    if any(is_malicious(member.judged.finding) for member in members):
        return _step(ecosystem, members, "", ranks), []
    target, closed = _target(ecosystem, members)
    brings: tuple[str, ...] = ()
    if closed and ask is not None:
        target, closed, brings = _settle(ecosystem, members, target, closed, ask)
    done = {member.index for member in closed}
    left = [_rest(ecosystem, member) for member in members if member.index not in done]
    if not closed:
        return None, left
    smaller = _smaller(ecosystem, closed, target, ask)
    return _step(ecosystem, closed, target, ranks, smaller, brings), left


def _settle(
    ecosystem: str, members: list[_Member], target: str, closed: list[_Member], ask: Ask
) -> tuple[str, list[_Member], tuple[str, ...]]:
    """The version with most findings closed and fewest flaws brought in, of those that fix what the one before has;
    the lowest of equals. What was chosen stays where nobody can tell."""
    known = frozenset(name for member in members for name in member.names)
    best: tuple[int, str, list[_Member], tuple[str, ...]] | None = None
    for station in stations(ask, ecosystem, members[0].component.name, target):
        gone = _gone(closed, station)
        brings = tuple(sorted(min(flaw.names) for flaw in station.flaws if not flaw.names & known))
        worth = len(gone) - len(brings)
        if best is None or worth > best[0]:
            best = (worth, station.version, gone, brings)
    return best[1:] if best is not None else (target, closed, ())


def _gone(members: list[_Member], station: Settled) -> list[_Member]:
    still = station.still
    return [member for member in members if not member.names & still and member.closed_by(station.key)]


def _target(ecosystem: str, members: list[_Member]) -> tuple[str, list[_Member]]:
    """The lowest version that closes all that can be closed. The highest fixed version always does, so one exists.

    Only the fixed versions of one finding need to be tried: a lower version than the last fix of the finding that is
    fixed last closes that finding only if it is named there.
    """
    usable = [member for member in members if member.usable]
    if not usable:
        return _named_most(members) if scheme(ecosystem) is None else ("", [])
    hardest = usable[0]
    for member in usable:
        hardest = member if hardest.last < member.last else hardest
    for key, _ in _candidates([hardest]):
        if all(member.closed_by(key) for member in usable):
            return _spelled(usable, key), usable
    return "", []


def _candidates(members: list[_Member]) -> list[tuple[Any, str]]:
    """Each usable fixed version once, lowest first; of equal spellings the shortest."""
    found = {text: key for member in members for key, text in member.usable}
    ordered = sorted(sorted(found, key=lambda text: (len(text), text)), key=lambda text: found[text])
    return [(found[text], text) for text in ordered]


def _spelled(members: list[_Member], key: Any) -> str:
    """The shortest spelling of a version among the fixes."""
    same = {text for member in members for own, text in member.usable if own == key}
    return min(same, key=lambda text: (len(text), text))


def _named_most(members: list[_Member]) -> tuple[str, list[_Member]]:
    """Without an order: the version that most findings name as their fix; others stay open."""
    counts = Counter(text for member in members for text in set(member.fixes))
    if not counts:
        return "", []
    target = min(counts, key=lambda text: (-counts[text], text))
    return target, [member for member in members if target in member.fixes]


def _smaller(ecosystem: str, members: list[_Member], target: str, ask: Ask | None) -> Smaller | None:
    """The version of the same major number that closes most; None where the target has it already."""
    majors = {_major(member.component.version) for member in members}
    if ecosystem.partition(":")[0] not in _MAJORS or len(majors) != 1 or None in majors or _major(target) in majors:
        return None
    best = _most_within(majors, members)
    if best is None or ask is None:
        return best
    for station in stations(ask, ecosystem, members[0].component.name, best.target)[:1]:
        closes = len(_gone(members, station))
        return Smaller(target=best.target, closes=closes) if closes else None
    return best


def _most_within(majors: set[tuple[int, int] | None], members: list[_Member]) -> Smaller | None:
    lasts = sorted(member.last for member in members)
    named = Counter(key for member in members for key in {key for key, _ in member.usable} if key < member.last)
    best: Smaller | None = None
    for key, text in _candidates(members):
        # Those that are fixed last at or before it, and those that name it.
        closes = bisect_right(lasts, key) + named[key]
        if _major(text) in majors and closes > (best.closes if best else 0):
            best = Smaller(target=text, closes=closes)
    return best


def _major(version: str) -> tuple[int, int] | None:
    """What may not change without breaking: the first number; for 0.x the second too (SemVer 2.0, item 4)."""
    match = _NUMBERS.match(version)
    if match is None:
        return None
    first = int(match[1])
    return (first, int(match[2] or 0) if first == 0 else 0)


def _step(
    ecosystem: str,
    members: list[_Member],
    target: str,
    ranks: list[int],
    smaller: Smaller | None = None,
    brings: tuple[str, ...] = (),
) -> Step:
    first = members[0].component
    tiers = Counter(_tier(member.judged) for member in members)
    rank_of = {_tier(member.judged): ranks[member.index] for member in members}
    components = [member.component for member in members]
    return Step(
        ecosystem=ecosystem,
        package=first.name,
        versions=tuple(sorted({each.version for each in components})),
        target=target,
        closes=tuple(member.index for member in members),
        findings=tuple(member.judged.finding.fingerprint for member in members),
        tiers=tuple(sorted(tiers.items(), key=lambda item: (rank_of[item[0]], item[0]))),
        files=tuple(sorted({m.component.found_in or m.judged.finding.location.path for m in members})),
        direct=_direct(components),
        via=tuple(sorted({name for each in components if (name := brought_by(each))})),
        smaller=smaller,
        brings=brings,
    )


def _direct(components: list[Component]) -> bool | None:
    said = {each.direct for each in components}
    return True if True in said else None if None in said else False


def brought_by(component: Component) -> str:
    """The direct dependency that brings a component, empty when it is direct itself or nobody says."""
    if component.direct is True or len(component.path) < 2:
        return ""
    start = next((name for name in component.path[:-1] if name != component.path[0]), "")
    return start or component.path[0]


def _rest(ecosystem: str, member: _Member) -> Rest:
    finding = member.judged.finding
    if not member.fixes:
        reason = NO_FIX
    elif not member.keyed:
        reason = NOT_ORDERED
    else:
        reason = STILL_THERE if member.usable else NOT_NEWER
    return Rest(
        index=member.index,
        finding=finding.fingerprint,
        rule=finding.rule,
        ecosystem=ecosystem,
        package=member.component.name,
        version=member.component.version,
        tier=_tier(member.judged),
        reason=reason,
    )


def _most_risk_first(step: Step, ranks: list[int]) -> tuple[object, ...]:
    """One finding of a graver tier goes before any number of milder ones; removals of malicious packages go first."""
    counts = Counter(ranks[index] for index in step.closes)
    return (
        bool(step.target),
        [(rank, -counts[rank]) for rank in sorted(counts)],
        step.ecosystem,
        step.package,
        step.target,
    )
