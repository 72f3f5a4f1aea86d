"""Live checks: a scanner may ask the world whether what it found still holds, such as whether a secret works.

Optional for a scanner. The process that looks at files never gets the network; a second process does, that gets only
the findings in question, reads a piece of their files again, and answers with plain verdicts. The engine opens a door
to the named hosts for it and to no others, and the parent writes the verdicts into the findings. Nothing is cached:
the world changes without the file.
"""

import enum
from datetime import datetime
from typing import Protocol, runtime_checkable

from pavedroad.core.identity import Observation
from pavedroad.core.noun import Noun
from pavedroad.scanning.model import Blob, Needs, ScanSettings


class Outcome(enum.Enum):
    """``active``: the provider accepted it. ``inactive``: it refused it. ``unknown``: everything else, with a
    reason."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


class Check(Noun, frozen=True, kw_only=True):
    """What was learnt about one finding. ``why`` is a phrase without anything of the file. ``host``: who was asked;
    empty when nobody was. ``at``: when the answer came, set by the engine."""

    outcome: Outcome
    why: str
    host: str = ""
    at: datetime | None = None


class Verification(Noun, frozen=True, kw_only=True):
    """What live checks of a scanner need. ``hosts``: all that may be asked, lower case. ``most``: connections of one
    run."""

    needs: Needs
    hosts: tuple[str, ...]
    most: int


class Verifier(Protocol):
    """Loaded in the process with the network. ``verify`` is called from several threads when ``threads`` is above
    1."""

    threads: int

    def verify(self, blob: Blob, asked: tuple[Observation, ...]) -> tuple[Check, ...]:
        """One check per observation of this file, in their order. May raise: that makes them all unknown."""
        ...


@runtime_checkable
class Verifies(Protocol):
    """A scanner with live checks."""

    name: str

    def verification(self, settings: ScanSettings) -> Verification | None:
        """What it needs; None when the user did not ask for live checks."""
        ...

    def open_verifier(self, settings: ScanSettings) -> Verifier:
        """Load what asks. Runs in the process with the network."""
        ...

    def told(self, observation: Observation, check: Check) -> Observation:
        """The observation with the verdict in it. Pure; keeps the anchor, so that identity does not change."""
        ...
