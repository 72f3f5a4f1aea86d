"""Judges the licences of a component by lists: allowed, denied, to be reviewed by a person.

Pure; called by ``gate`` for each component. A licence that nobody stated, or that SPDX does not know, is an outcome of
its own (``unknown``) and never counts as allowed.
"""

from collections.abc import Iterable

import msgspec

from pavedroad.core.component import Component
from pavedroad.core.licences import Expression, Licence, LicenceError, parse
from pavedroad.core.noun import Noun
from pavedroad.policy.config import LicenceOutcome, LicencePolicy
from pavedroad.policy.globs import name_glob

_WITH = " with "
_WORST = (LicenceOutcome.ALLOW, LicenceOutcome.REVIEW, LicenceOutcome.UNKNOWN, LicenceOutcome.DENY)


class LicenceJudgement(Noun, frozen=True, kw_only=True):
    """What the policy says of one component. ``because`` is one sentence; ``licences`` are those that decided."""

    purl: str
    outcome: LicenceOutcome
    because: str
    licences: tuple[str, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    outcome: LicenceOutcome
    licences: tuple[str, ...]
    why: str


def judge_licences(component: Component, policy: LicencePolicy) -> LicenceJudgement:
    """Every licence statement of a component binds; within one, ``OR`` takes its best branch and ``AND`` its worst."""
    if not component.licenses:
        answer = _Answer(policy.unknown, (), "no licence is stated")
    else:
        answer = _all(_statement(text, policy) for text in component.licenses)
    return LicenceJudgement(purl=component.purl, outcome=answer.outcome, because=answer.why, licences=answer.licences)


def _statement(text: str, policy: LicencePolicy) -> _Answer:
    try:
        return _judge(parse(text), policy)
    except LicenceError as error:
        # A name that SPDX does not know may still be on a list, spelled as its source does.
        return _listed(text, policy) or _Answer(policy.unknown, (text,), f"the licence cannot be judged: {error.what}")


def _judge(expression: Expression, policy: LicencePolicy) -> _Answer:
    if isinstance(expression, Licence):
        return _one(expression, policy)
    answers = (_judge(part, policy) for part in expression.parts)
    return _any(answers) if expression.word == "OR" else _all(answers)


def _one(licence: Licence, policy: LicencePolicy) -> _Answer:
    """Entries that name an exception are asked first; then the bare licence counts: an exception only ever gives more
    rights."""
    listed = (licence.exception and _listed(str(licence), policy)) or _listed(licence.name, policy)
    if listed:
        return listed
    if "LicenseRef-" in licence.name:
        return _Answer(policy.unknown, (str(licence),), f"{licence} is on no list, and SPDX does not know it")
    return _Answer(policy.otherwise, (str(licence),), f"{licence} is on no list")


def _listed(name: str, policy: LicencePolicy) -> _Answer | None:
    """The first list that names it. A plain 'GPL-*' says nothing of 'GPL-2.0-only WITH ...': only an entry with WITH
    does, so that an exception can be allowed beside a licence that is denied."""
    lists = (
        (LicenceOutcome.DENY, policy.deny),
        (LicenceOutcome.ALLOW, policy.allow),
        (LicenceOutcome.REVIEW, policy.review),
    )
    with_exception = _WITH in name.lower()
    for outcome, patterns in lists:
        for pattern in patterns:
            lowered = pattern.lower()
            if (_WITH in lowered) is with_exception and name_glob(lowered)(name.lower()):
                return _Answer(outcome, (name,), f"{name} is on the list '{outcome.value}' ({pattern})")
    return None


def _all(answers: Iterable[_Answer]) -> _Answer:
    """The worst binds. Licences that share it are named together."""
    found = list(answers)
    worst = max((a.outcome for a in found), key=_WORST.index)
    return _merged([a for a in found if a.outcome is worst])


def _any(answers: Iterable[_Answer]) -> _Answer:
    """The recipient chooses, so the best counts."""
    found = list(answers)
    best = min((a.outcome for a in found), key=_WORST.index)
    return _merged([a for a in found if a.outcome is best])


def _merged(answers: list[_Answer]) -> _Answer:
    names = tuple(dict.fromkeys(name for answer in answers for name in answer.licences))
    reasons = list(dict.fromkeys(answer.why for answer in answers))
    more = f" (and {len(reasons) - 3} more)" if len(reasons) > 3 else ""
    return _Answer(answers[0].outcome, names, "; ".join(reasons[:3]) + more)
