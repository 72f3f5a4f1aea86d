"""Coverage: what a scanner looked at, and what it did not, and why. An input of policy, never a footnote."""

import enum
from datetime import datetime

from pavedroad.core.noun import Noun


class CoverageStatus(enum.Enum):
    """``complete``: everything applicable was looked at. ``partial``: something was not, and says why. ``failed``:
    nothing can be said.
    ``not-applicable``: no such thing in this tree. ``skipped``: the user asked for it."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    SKIPPED = "skipped"


class Skipped(Noun, frozen=True, kw_only=True):
    """Files passed over for one reason. ``harmless`` says the skip leaves no gap (binary media, an ignored folder)."""

    reason: str
    count: int
    examples: tuple[str, ...] = ()
    harmless: bool = True


class ScanError(Noun, frozen=True, kw_only=True):
    """Something failed: what, where, and what to do next. Never contains file content."""

    message: str
    where: str = ""
    next_step: str = ""


class LimitHit(Noun, frozen=True, kw_only=True):
    """A bound that was reached: its setting's name, its value in words, and where."""

    limit: str
    value: str
    where: str = ""


class DataSource(Noun, frozen=True, kw_only=True):
    """Data a scanner relied on. ``as_of`` is the newest record's date or the export's date, None when unknown."""

    name: str
    as_of: datetime | None = None
    digest: str = ""
    records: int | None = None


class Isolation(Noun, frozen=True, kw_only=True):
    """How a guest was confined. A None says: not known or not applicable."""

    network: str = ""
    files: str = ""
    limits: str = ""
    environment: str = ""


class Coverage(Noun, frozen=True, kw_only=True):
    """One scanner's account of one run. ``seconds`` is wall-clock time."""

    scanner: str
    kind: str
    status: CoverageStatus
    engine_version: str = ""
    rules_digest: str = ""
    files: int = 0
    bytes: int = 0
    cached: int = 0
    seconds: float = 0.0
    skipped: tuple[Skipped, ...] = ()
    errors: tuple[ScanError, ...] = ()
    limits: tuple[LimitHit, ...] = ()
    data: tuple[DataSource, ...] = ()
    notes: tuple[str, ...] = ()
    isolation: Isolation | None = None
