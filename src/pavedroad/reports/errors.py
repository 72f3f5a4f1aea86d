"""Errors of reports.

::

    PavedError
    └── ReportError    a saved run cannot be read: broken, too large, or of another schema version
"""

from pavedroad.core.errors import PavedError


class ReportError(PavedError):
    """A saved run cannot be read."""
