"""Whether an advisory affects a version: the evaluation that the OSV schema defines, in three answers instead of two.

Pure. ``cannot tell`` is an answer: a version that the ecosystem's rules cannot order is never quietly "not affected".
"""

import enum
from collections.abc import Iterable, Iterator

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.model import Advisory, Affected, Event, Range
from pavedroad.advisories.versions import Ordered, Scheme
from pavedroad.core.noun import Noun


class Answer(enum.Enum):
    """Three, not two."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not affected"
    CANNOT_TELL = "cannot tell"


class Judgement(Noun, frozen=True, kw_only=True):
    """The answer for one advisory and one version. ``span`` is the affected range the version lies in, in words."""

    answer: Answer
    span: str = ""


_NO = Judgement(answer=Answer.NOT_AFFECTED)
_UNKNOWN = Judgement(answer=Answer.CANNOT_TELL)


class _Point:
    """An event with its place in the order. ``introduced: 0`` comes before every version."""

    def __init__(self, event: Event, rules: Scheme) -> None:
        self.event = event
        text = event.introduced or event.fixed or event.last_affected or event.limit
        self.key: Ordered | None = None if event.introduced == "0" else rules.key(text)

    def reached(self, version: Ordered) -> bool:
        """Whether ``version`` is at or beyond this point."""
        return self.key is None or self.key <= version

    def passed(self, version: Ordered) -> bool:
        """Whether ``version`` is beyond this point."""
        return self.key is None or self.key < version


def _ordered(points: Iterable[_Point]) -> list[_Point]:
    """By version; at one version a last_affected closes after an introduced has opened. Otherwise as written."""
    points = sorted(points, key=lambda p: bool(p.event.last_affected))
    placed = sorted(((p.key, i) for i, p in enumerate(points) if p.key is not None), key=lambda pair: pair)
    return [p for p in points if p.key is None] + [points[i] for _, i in placed]


def _below_limits(events: Iterable[Event], version: Ordered, rules: Scheme) -> bool:
    limits = [e.limit for e in events if e.limit]
    return not limits or "*" in limits or any(version < rules.key(limit) for limit in limits)


def _range_span(span: Range, version: Ordered, rules: Scheme) -> str:
    """The stretch of ``span`` that holds ``version``, in words; empty when none does. Raises VersionError."""
    if not _below_limits(span.events, version, rules):
        return ""
    inside, low, high = False, "", ""
    for point in _ordered([_Point(event, rules) for event in span.events if not event.limit]):
        event = point.event
        if event.introduced and point.reached(version):
            inside, low, high = True, event.introduced, ""
        elif (event.fixed and point.reached(version)) or (event.last_affected and point.passed(version)):
            inside = False
        elif inside and not high and not event.introduced:
            high = f"< {event.fixed}" if event.fixed else f"<= {event.last_affected}"
    return _words(low, high) if inside else ""


def _words(low: str, high: str) -> str:
    if low == "0":
        return high or "all versions"
    return f">= {low}, {high}" if high else f">= {low}"


def _everything(affected: Affected) -> bool:
    """Whether some range affects every version there can be: then nothing needs comparing."""
    return any(
        any(e.introduced == "0" for e in span.events) and all(e.introduced for e in span.events)
        for span in affected.ranges
    )


def _listed(affected: Affected, version: Ordered, rules: Scheme) -> bool:
    for text in affected.versions:
        try:
            if rules.key(text) == version:
                return True
        except VersionError:
            continue  # compared as text by the caller already
    return False


def _judge_one(affected: Affected, version: str, key: Ordered | None, rules: Scheme) -> Judgement:
    unknown = False
    for span in affected.ranges:
        try:
            if key is None:
                unknown = unknown or bool(span.events)
            elif words := _range_span(span, key, rules):
                return Judgement(answer=Answer.AFFECTED, span=words)
        except VersionError:
            unknown = True
    if _everything(affected):
        return Judgement(answer=Answer.AFFECTED, span="all versions")
    if version in affected.versions or (key is not None and _listed(affected, key, rules)):
        return Judgement(answer=Answer.AFFECTED, span=f"= {version}")
    if not affected.ranges and not affected.versions:
        return _UNKNOWN  # a record without any range or version says nothing about which versions
    return _UNKNOWN if unknown else _NO


def judge(advisory: Advisory, version: str, rules: Scheme) -> Judgement:
    """What ``advisory`` says about ``version``: affected when one entry says so, else cannot tell when one cannot."""
    try:
        key: Ordered | None = rules.key(version)
    except VersionError:
        key = None
    answers = [_judge_one(affected, version, key, rules) for affected in advisory.affected]
    if advisory.release_unknown:
        # Not affected in any release is an answer; affected in some is not, without knowing which one this is.
        return _NO if all(each.answer is Answer.NOT_AFFECTED for each in answers) else _UNKNOWN
    for wanted in (Answer.AFFECTED, Answer.CANNOT_TELL):
        for each in answers:
            if each.answer is wanted:
                return each
    return _NO


def _later_fixes(advisories: Iterable[Advisory], version: Ordered, rules: Scheme) -> Iterator[tuple[Ordered, str]]:
    for advisory in advisories:
        for affected in advisory.affected:
            for span in affected.ranges:
                for event in span.events:
                    try:
                        if event.fixed and version < (key := rules.key(event.fixed)):
                            yield key, event.fixed
                    except VersionError:
                        continue  # a fix that cannot be ordered cannot be recommended


def smallest_fix(advisories: tuple[Advisory, ...], version: str, rules: Scheme) -> str:
    """The lowest version above ``version`` that no advisory affects; where they disagree, the lowest that some advisory
    calls fixed; empty when none is known."""
    try:
        candidates = sorted(_later_fixes(advisories, rules.key(version), rules), key=lambda pair: pair[0])
    except VersionError:
        return ""
    unique = list(dict.fromkeys(text for _, text in candidates))
    for text in unique:
        if all(judge(advisory, text, rules).answer is Answer.NOT_AFFECTED for advisory in advisories):
            return text
    for text in unique:
        if any(judge(advisory, text, rules).answer is Answer.NOT_AFFECTED for advisory in advisories):
            return text
    return ""
