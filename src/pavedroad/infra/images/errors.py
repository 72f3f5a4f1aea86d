"""Errors of the image door.

::

    InfraError
    └── ImageError          the image cannot be read as a whole: absent, refused, or not what its digest says
        └── LayerError      one layer cannot be read; the others can
"""

from pavedroad.infra.errors import InfraError


class ImageError(InfraError):
    """The image cannot be read."""


class LayerError(ImageError):
    """One layer cannot be read to its end."""
