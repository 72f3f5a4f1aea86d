"""A waiver: an exception with owner, reason and end date (truth 4 of the house)."""

from datetime import date

from pavedroad.core.noun import Noun
from pavedroad.core.vex import Justification

NOT_AFFECTED = "not-affected:"
BECAUSE = tuple(f"{NOT_AFFECTED}{justification.value}" for justification in Justification)


class WaiverScope(Noun, frozen=True, kw_only=True):
    """What a waiver covers: one fingerprint, or a rule together with at least one pattern.

    ``path`` next to a fingerprint is where the finding was when it was waived; it keeps the waiver from covering a copy
    elsewhere. Patterns are git-style globs for ``path`` and shell-style globs for ``component`` (purl without version
    allowed) and ``asset``.
    """

    fingerprint: str = ""
    rule: str = ""
    path: str = ""
    component: str = ""
    asset: str = ""


class Waiver(Noun, frozen=True, kw_only=True):
    """One exception. ``expires`` is the last day on which it holds (UTC). ``origin`` is ``ledger`` or
    ``inline:<tool>``. ``because`` is ``not-affected:<justification>`` for a flaw that does no harm here
    (:class:`pavedroad.core.vex.Justification`); empty: the risk is accepted."""

    id: str
    scope: WaiverScope
    owner: str = ""
    reason: str = ""
    ticket: str = ""
    created: date | None = None
    expires: date | None = None
    origin: str = "ledger"
    because: str = ""

    @property
    def justification(self) -> Justification | None:
        """Why the product is not affected, None for an accepted risk."""
        word = self.because.removeprefix(NOT_AFFECTED)
        return Justification(word) if self.because else None


class WaiverMatch(Noun, frozen=True, kw_only=True):
    """Which waiver covers a finding, and in how many words why."""

    waiver: str
    origin: str
    sentence: str
    expires: date | None = None
