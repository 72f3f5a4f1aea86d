"""Errors of the priority room.

::

    PavedError
    ├── PriorityError
    │   └── VectorError     a text is no CVSS vector: the flaw counts as not scored, never as harmless
    └── UsageError
        ├── TableError      a decision table is incomplete, contradicts itself, or asks for what nobody knows
        └── SnapshotError   a file for the back-test cannot be used
"""

from pavedroad.core.errors import PavedError, UsageError


class PriorityError(PavedError):
    """Anything that keeps us from saying what is due when."""


class VectorError(PriorityError):
    """A text that is not a CVSS 2, 3.0, 3.1 or 4.0 vector."""


class TableError(UsageError):
    """A decision table that cannot decide. Names the row; nothing is guessed."""


class SnapshotError(UsageError):
    """A dated snapshot (KEV, EPSS, vectors) that is missing, broken or of another day than asked for."""
