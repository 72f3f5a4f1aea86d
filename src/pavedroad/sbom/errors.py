"""Errors of the SBOM room.

::

    PavedError
    └── SbomError         a bill of materials cannot be read: broken, unknown, or of a version we do not know
"""

from pavedroad.core.errors import PavedError


class SbomError(PavedError):
    """A bill of materials cannot be read or written as asked."""
