"""The image door: container images from layouts, archives and registries, and root file systems, never unpacked.

Called by ``gate`` for ``paved check --image``. Layers are streams; nothing of an image is ever written to disk as a
file of its own, run, or followed. What a layer says about itself (names, sizes, links) is never believed.
"""

from pavedroad.infra.images.errors import ImageError
from pavedroad.infra.images.merge import merged
from pavedroad.infra.images.model import Entry, Image, ImageLimits, Layer, LayerProblem, Problem
from pavedroad.infra.images.opening import open_image
from pavedroad.infra.images.rootfs import root_entries

__all__ = [
    "Entry",
    "Image",
    "ImageError",
    "ImageLimits",
    "Layer",
    "LayerProblem",
    "Problem",
    "merged",
    "open_image",
    "root_entries",
]
