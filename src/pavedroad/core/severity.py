"""Severity and confidence: closed, ordered vocabularies.

``unknown`` is a value of its own (truth 5 of the house): it is never read as "none". What a gate assumes in its
place is part of the policy and is written into the reason.
"""

import enum
from functools import total_ordering


@total_ordering
class _Ordered(enum.Enum):
    """An enum ordered by declaration, lowest first, encoded by its text value."""

    @property
    def rank(self) -> int:
        """0 for the lowest level."""
        return list(type(self)).index(self)

    def __lt__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.rank < other.rank

    def __hash__(self) -> int:
        return hash(self.value)


class Severity(_Ordered):
    """How bad it is if it is true. Names follow CVSS v3.1 section 5 and its qualitative scale.

    ``malicious`` stands above that scale: the thing itself is the attack (a package published to attack whoever
    installs it), so no score says how bad it is.
    """

    UNKNOWN = "unknown"
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    MALICIOUS = "malicious"

    @staticmethod
    def from_cvss(score: float) -> "Severity":
        """The qualitative rating of a CVSS base score 0.0 to 10.0 (CVSS v3.1 table 14; v4.0 table 22 is the same)."""
        if not 0.0 <= score <= 10.0:
            raise ValueError(f"a CVSS score lies between 0.0 and 10.0, not {score}")
        for floor, severity in (
            (9.0, Severity.CRITICAL),
            (7.0, Severity.HIGH),
            (4.0, Severity.MEDIUM),
            (0.1, Severity.LOW),
        ):
            if score >= floor:
                return severity
        return Severity.INFO


class Confidence(_Ordered):
    """How sure the scanner is that it is true."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
