"""How bad an advisory is: CVSS vectors first, then the source's own word, else unknown. Never a guess."""

from functools import lru_cache

from pavedroad.advisories.model import Advisory
from pavedroad.core.noun import Noun
from pavedroad.core.severity import Severity

_WORDS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "negligible": Severity.INFO,  # Ubuntu: technically a flaw, no risk in practice
    "unimportant": Severity.INFO,  # Debian: does not touch the package as it is built
}

# RustSec publishes these beside vulnerabilities: no attack is known, but someone should look.
_INFORMATIONAL = {"unsound": Severity.LOW, "unmaintained": Severity.INFO, "notice": Severity.INFO}


class Rating(Noun, frozen=True, kw_only=True):
    """A severity, with the CVSS base score (0.0 to 10.0) and the vector it comes from where there is one."""

    severity: Severity = Severity.UNKNOWN
    score: float | None = None
    vector: str = ""


def _version(vector: str) -> int:
    """40, 31, 30 or 20: later versions of CVSS are preferred, as FIRST does."""
    for prefix, version in (("CVSS:4.0/", 40), ("CVSS:3.1/", 31), ("CVSS:3.0/", 30)):
        if vector.startswith(prefix):
            return version
    return 20


@lru_cache(maxsize=8192)
def base_score(vector: str) -> float | None:
    """The base score of a CVSS 2, 3.0, 3.1 or 4.0 vector; None when it is not a valid one."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    kinds = {40: CVSS4, 31: CVSS3, 30: CVSS3, 20: CVSS2}
    try:
        score = float(kinds[_version(vector)](vector).base_score)
    except (CVSSError, ValueError, KeyError, TypeError, ArithmeticError):
        return None
    return score if 0.0 <= score <= 10.0 else None


def _from_vectors(vectors: tuple[str, ...]) -> Rating | None:
    for vector in sorted(vectors, key=_version, reverse=True):
        score = base_score(vector)
        if score is not None:
            return Rating(severity=Severity.from_cvss(score), score=score, vector=vector)
    return None


def rate(advisory: Advisory) -> Rating:
    """The rating of one record. What it says about the package goes before what it says in general; a malicious package
    is that, whatever else is said: it is above every score."""
    own = tuple(vector for affected in advisory.affected for vector in affected.vectors)
    rating = _from_vectors(own) or _from_vectors(advisory.header.vectors)
    if advisory.malicious:
        return Rating(severity=Severity.MALICIOUS, score=rating.score if rating else None)
    if rating:
        return rating
    words = {affected.informational for affected in advisory.affected}
    stated = [_WORDS[affected.severity_word] for affected in advisory.affected if affected.severity_word in _WORDS]
    if stated:
        return Rating(severity=max(stated))
    if advisory.header.severity_word in _WORDS:
        return Rating(severity=_WORDS[advisory.header.severity_word])
    known = [_INFORMATIONAL[word] for word in words if word in _INFORMATIONAL]
    return Rating(severity=max(known)) if known and len(known) == len(words) else Rating()
