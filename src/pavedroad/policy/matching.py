"""Which gate rule a finding meets, and how strong the rule may be on this branch."""

import enum
from datetime import date
from functools import lru_cache

import msgspec

from pavedroad.core.finding import Finding
from pavedroad.core.priority import NOT_FLAWS
from pavedroad.core.reachability import Reachability
from pavedroad.core.run import Change, Judged
from pavedroad.core.severity import Severity
from pavedroad.core.verdict import Mode
from pavedroad.policy.config import Gate, GateRule, Modes, Scope
from pavedroad.policy.defaults import effective_rules
from pavedroad.policy.globs import name_glob, path_glob
from pavedroad.policy.quantities import parse_age

_STRENGTH = {Mode.OBSERVE: 0, Mode.WARN: 1, Mode.BLOCK: 2}


class Met(enum.Enum):
    """Whether a finding meets a rule. ``UNSURE``: it would, if it is old enough or due, and nobody knows when it was
    first seen, or it has no tier."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Ruling(msgspec.Struct, frozen=True):
    """What the gate says about one finding. ``rule`` is an index into the effective rules, None when none is met.

    ``capped``: the kind's mode is weaker than the rule's. ``unsure`` are the rules that could not be judged.
    """

    rule: int | None = None
    mode: Mode | None = None
    capped: bool = False
    unsure: tuple[int, ...] = ()


class Judge:
    """The gate on one branch on one day. ``compared``: the findings' changes mean something."""

    def __init__(self, gate: Gate, *, branch: str, today: date, compared: bool) -> None:
        self.rules = effective_rules(gate)
        self._gate = gate
        self._today = today
        self._compared = compared
        self._caps = _caps(gate, branch)

    def rule_on(self, judged: Judged) -> Ruling:
        """The first rule that the finding meets, with its mode."""
        unsure = []
        for index, rule in enumerate(self.rules):
            met = self._meets(rule, judged)
            if met is Met.UNSURE:
                unsure.append(index)
            elif met is Met.YES:
                mode = self._cap(judged.finding.kind, rule.mode)
                return Ruling(index, mode, mode is not rule.mode, tuple(unsure))
        return Ruling(unsure=tuple(unsure))

    def severity(self, finding: Finding) -> Severity:
        """The severity that counts: an unknown one is what the policy assumes."""
        return self._gate.unknown_severity if finding.severity is Severity.UNKNOWN else finding.severity

    def _cap(self, kind: str, mode: Mode) -> Mode:
        for modes in self._caps:
            cap = modes.get(kind, modes.get("*"))
            if cap is not None:
                return min(cap, mode, key=_STRENGTH.__getitem__)
        return mode

    def _meets(self, rule: GateRule, judged: Judged) -> Met:
        finding = judged.finding
        if not (
            (not rule.kinds or finding.kind in rule.kinds or "*" in rule.kinds)
            and (rule.severity is None or self.severity(finding) >= rule.severity)
            and (rule.confidence is None or finding.confidence >= rule.confidence)
            and (rule.fixable is None or finding.fixable is rule.fixable)
            and self._in_scope(rule.scope, judged.change)
            and (not rule.reachability or _reachability(judged) in rule.reachability)
            and (not rule.rules or named_by(rule.rules, finding))
            and (not rule.paths or _any_path(rule.paths, finding.location.path))
        ):
            return Met.NO
        return _both(self._old_enough(rule, judged), self._urgent_enough(rule, judged))

    def _in_scope(self, scope: Scope, change: Change) -> bool:
        """With nothing to compare with, everything counts as new."""
        old = self._compared and change is Change.OLD
        return scope is Scope.ALL or old is (scope is Scope.OLD)

    def _old_enough(self, rule: GateRule, judged: Judged) -> Met:
        if rule.older_than is None:
            return Met.YES
        if judged.first_seen is None:
            return Met.UNSURE
        age = (self._today - judged.first_seen.date()).days
        return Met.YES if age > parse_age(rule.older_than) else Met.NO

    def _urgent_enough(self, rule: GateRule, judged: Judged) -> Met:
        if not rule.asks_priority:
            return Met.YES
        priority = judged.priority
        if priority is None:
            return Met.NO if judged.finding.kind in NOT_FLAWS else Met.UNSURE
        left = (priority.due - self._today).days if priority.due else None
        met = (
            (not rule.tiers or priority.tier.casefold() in {tier.casefold() for tier in rule.tiers})
            and (rule.due_within is None or (left is not None and left <= parse_age(rule.due_within)))
            and (rule.overdue is None or rule.overdue is (left is not None and left < 0))
        )
        return Met.YES if met else Met.NO


def _reachability(judged: Judged) -> Reachability:
    """What counts for a rule: where nobody looked, unknown."""
    reach = judged.reach
    return Reachability.UNKNOWN if reach is None else reach.counts_as or reach.state


def _both(first: Met, second: Met) -> Met:
    if Met.NO in (first, second):
        return Met.NO
    return Met.UNSURE if Met.UNSURE in (first, second) else Met.YES


def rule_names(finding: Finding) -> tuple[str, ...]:
    """The finding's rule under all names of the same flaw: ``dependencies/GHSA-…``, ``dependencies/CVE-…``."""
    scanner = finding.rule.partition("/")[0]
    return (finding.rule, *(f"{scanner}/{alias}" for alias in finding.aliases))


def named_by(patterns: tuple[str, ...], finding: Finding) -> bool:
    """Whether one of the globs matches one of the names of the finding's rule."""
    return _any_name(patterns, rule_names(finding))


@lru_cache(maxsize=16384)
def _any_name(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return any(name_glob(pattern)(name) for pattern in patterns for name in names)


@lru_cache(maxsize=16384)
def _any_path(patterns: tuple[str, ...], path: str) -> bool:
    return any(path_glob(pattern)(path) for pattern in patterns)


def _caps(gate: Gate, branch: str) -> tuple[Modes, ...]:
    """The modes to ask in turn: those of the first entry for this branch, then those of every branch."""
    if branch:
        for entry in gate.branches:
            if name_glob(entry.match)(branch):
                return (entry.modes, gate.modes)
    return (gate.modes,)
