"""The one decision function: findings and coverage in, a verdict with its reasons out. Pure.

The gate calls it in CI and on laptops; admission and the server will call the same one, so that what passed in one
place is judged alike in the next (truth 8 of the house).
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from pavedroad.core.coverage import Coverage
from pavedroad.core.run import Judged
from pavedroad.core.verdict import Mode, Outcome, Reason, Verdict
from pavedroad.policy.config import Config, Inline
from pavedroad.policy.holes import holes
from pavedroad.policy.matching import Judge, Ruling
from pavedroad.policy.reasons import reasons_of

INLINE = "inline:"
_OUTCOMES = (Outcome.FAIL, Outcome.INCOMPLETE, Outcome.PASS)
_MODES = (Mode.BLOCK, Mode.WARN, Mode.OBSERVE)


def decide(
    judged: Sequence[Judged],
    coverage: Sequence[Coverage],
    config: Config,
    *,
    branch: str,
    today: date,
    compared: bool,
    ledger: str = "",
) -> tuple[Verdict, tuple[Judged, ...]]:
    """The verdict, and the findings in the order given with the mode of the rule that each meets (None: waived, or no
    rule met).

    A finding that blocks is certain, so ``fail`` beats ``incomplete``; ``incomplete`` beats ``pass``. ``branch`` is
    empty when unknown; ``compared`` says whether the findings' changes mean anything; ``ledger`` is the digest of the
    waivers in force and becomes part of the policy digest.
    """
    judge = Judge(config.gate, branch=branch, today=today, compared=compared)
    ruled = [_heed_inline(each, judge.rule_on(each), config.waivers.inline) for each in judged]
    reasons = reasons_of(ruled, judge, config.gate)
    reasons += holes(coverage, config.gate.coverage, today=today, compared=compared)
    # Python's sort is stable: within one outcome and mode, rules keep their order, and coverage follows.
    reasons.sort(key=_first_things_first)
    verdict = Verdict(
        outcome=min((reason.outcome for reason in reasons), key=_OUTCOMES.index, default=Outcome.PASS),
        reasons=tuple(reasons),
        policy_digest=config.digest(ledger),
    )
    return verdict, tuple(_with_mode(each, ruling) for each, ruling in ruled)


def _heed_inline(judged: Judged, ruling: Ruling, inline: Inline) -> tuple[Judged, Ruling]:
    """Take a suppression comment's waiver away where the policy does not let it hold."""
    waived = judged.waived
    if waived is None or not waived.origin.startswith(INLINE) or inline is Inline.HONOUR:
        return judged, ruling
    if inline is Inline.REFUSE or ruling.mode is Mode.BLOCK:
        return msgspec.structs.replace(judged, waived=None), ruling
    return judged, ruling


def _with_mode(judged: Judged, ruling: Ruling) -> Judged:
    return msgspec.structs.replace(judged, mode=None if judged.waived else ruling.mode)


def _first_things_first(reason: Reason) -> tuple[int, int]:
    return (_OUTCOMES.index(reason.outcome), _MODES.index(reason.mode))
