"""Errors of scanning.

::

    PavedError
    └── ScanningError     a scanner cannot run at all; the run becomes incomplete
"""

from pavedroad.core.errors import PavedError


class ScanningError(PavedError):
    """A scanner cannot run at all."""
