"""Errors of the VEX room.

::

    PavedError
    └── VexError          a VEX document cannot be read: broken, unknown, or of a version we do not know
"""

from pavedroad.core.errors import PavedError


class VexError(PavedError):
    """A VEX document cannot be read or written as asked."""
