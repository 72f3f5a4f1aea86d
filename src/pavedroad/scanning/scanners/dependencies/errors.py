"""Errors of the dependencies scanner.

::

    PavedError
    └── LockfileError    a lock file is broken, or of a version we do not read: nothing in it can be judged
"""

from pavedroad.core.errors import PavedError


class LockfileError(PavedError):
    """A lock file cannot be read; says which part and what to do."""
