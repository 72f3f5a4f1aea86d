"""What the image door hands out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import IO, Any

import msgspec

from pavedroad.core.noun import Noun


class ImageLimits(Noun, frozen=True, kw_only=True):
    """Bounds of one image. ``file_bytes``: content of larger files is not kept. ``layer_bytes`` and ``total_bytes``
    count what comes out of decompression. ``name_bytes`` bounds all names together, which are held in memory.
    ``seconds`` is wall clock for the whole image."""

    file_bytes: int = 25 << 20
    layer_bytes: int = 64 << 30
    total_bytes: int = 128 << 30
    entries: int = 2_000_000
    name_bytes: int = 256 << 20
    layers: int = 1000
    seconds: float = 3600.0


class Layer(Noun, frozen=True, kw_only=True):
    """One layer, lowest number first. ``digest`` names the compressed blob, ``diff_id`` the plain tar, which is how the
    configuration and other tools call the layer. ``created_by`` is the instruction, where history tells."""

    number: int
    digest: str
    diff_id: str = ""
    media_type: str = ""
    size: int = 0
    created_by: str = ""

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.diff_id or self.digest


Opener = Callable[[Layer], AbstractContextManager[IO[bytes]]]


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """An image that is open for reading.

    ``name`` is stable (no tag, no digest); ``reference`` is what was asked for; ``digest`` names the manifest that was
    read. ``config`` is the image configuration (OCI image specification), already bounded, otherwise as found.
    ``open_layer`` gives the blob of a layer as stored, from its start, and may be called again.
    """

    name: str
    reference: str
    digest: str
    config: dict[str, Any]
    layers: tuple[Layer, ...]
    open_layer: Opener


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the merged file system: what is visible when the image runs.

    ``path`` is relative, without ``.`` and ``..``. ``kind`` is ``file``, ``directory``, ``symlink``, ``hardlink`` or
    ``special``. ``mode`` are permission bits with set-user-id and the like. ``target`` is where a link points, as
    written. ``content`` is None for everything but files that were asked for and are within the limit.
    """

    path: str
    kind: str
    size: int
    mode: int
    uid: int
    gid: int
    layer: Layer
    target: str = ""
    content: bytes | None = None


class Problem(Noun, frozen=True, kw_only=True):
    """Something in a layer that was not taken as it is: a path out of the image, a file over the limit ..."""

    reason: str
    path: str
    harmless: bool = False


class LayerProblem(Noun, frozen=True, kw_only=True):
    """A layer that could not be read to its end, so that the image was looked at in part."""

    layer: Layer
    message: str
    next_step: str = ""
