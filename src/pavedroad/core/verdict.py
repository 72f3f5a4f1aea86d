"""Verdict and decision: what the gate says, and the record of who said it to whom under which policy."""

import enum
from datetime import datetime

from pavedroad.core.asset import AssetRef
from pavedroad.core.noun import Noun


class Outcome(enum.Enum):
    """Three, not two: a run that could not look is neither a pass nor a fail (truth 1 of the house)."""

    PASS = "pass"  # noqa: S105 - the word, not a secret
    FAIL = "fail"
    INCOMPLETE = "incomplete"


class Mode(enum.Enum):
    """What a gate rule does when it matches: stop the change, say so loudly, or only count."""

    BLOCK = "block"
    WARN = "warn"
    OBSERVE = "observe"


class Reason(Noun, frozen=True, kw_only=True):
    """One plain sentence of a verdict. ``gate_rule`` names the rule of the policy; ``appeal`` says what a person can
    do."""

    gate_rule: str
    mode: Mode
    outcome: Outcome
    sentence: str
    appeal: str = ""
    findings: tuple[str, ...] = ()


class Verdict(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """The outcome and all its reasons, those that decide first."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    policy_digest: str = ""


class Decision(Noun, frozen=True, kw_only=True):
    """The record every control point leaves behind: what, who, when, under which policy, why, how to appeal.

    ``control_point`` is one of commit, pull-request, build, promotion, admission, runtime.
    """

    control_point: str
    subject: AssetRef
    actor: str
    at: datetime
    outcome: Outcome
    policy_digest: str
    reasons: tuple[Reason, ...] = ()
