"""A waiver: an exception with owner, reason and end date (truth 4 of the house)."""

from datetime import date

from pavedroad.core.noun import Noun


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
    ``inline:<tool>``."""

    id: str
    scope: WaiverScope
    owner: str = ""
    reason: str = ""
    ticket: str = ""
    created: date | None = None
    expires: date | None = None
    origin: str = "ledger"


class WaiverMatch(Noun, frozen=True, kw_only=True):
    """Which waiver covers a finding, and in how many words why."""

    waiver: str
    origin: str
    sentence: str
    expires: date | None = None
