"""What the engine and a scanner process say to each other: length-prefixed msgpack frames over two pipes."""

import struct
from typing import IO

import msgspec

from pavedroad.core.identity import Observation
from pavedroad.scanning.model import FileResult, ScanSettings
from pavedroad.scanning.verification import Check

MAX_FRAME = 512 << 20
_LENGTH = struct.Struct(">I")


class Overlays(msgspec.Struct, frozen=True, kw_only=True):
    """What a scanner's neighbours hold other than on disk: contents by path, None for files that do not exist there.

    ``base`` is for old versions, ``head`` for the rest. Without ``on_disk`` there is nothing but the overlay.
    """

    head: dict[str, bytes | None] = {}
    base: dict[str, bytes | None] = {}
    on_disk: bool = True


class Job(msgspec.Struct, frozen=True, array_like=True):
    """One file to look at. ``raw`` is its path on disk below the root; ``content`` is given instead for old
    versions. ``asked``: the findings in it to check live, for a worker that verifies. ``old``: its neighbours are
    those of the base."""

    id: int
    path: str
    raw: bytes
    size: int
    content: bytes | None = None
    asked: tuple[Observation, ...] = ()
    old: bool = False


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """The first frame to a worker. ``verify``: it is to make live checks instead of looking for flaws."""

    scanner: str
    settings: ScanSettings
    root: bytes
    max_bytes: int
    threads: int = 0
    verify: bool = False
    overlays: Overlays = Overlays()


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The first frame back. ``error`` is set when the scanner could not be opened."""

    error: str = ""
    next_step: str = ""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """The result for one job: ``digest`` of the content seen, and a result or an error. ``gone``: the file vanished.
    ``checks``: one per finding asked about. ``reads``: neighbours that were asked for, and the digest of what was
    found, empty for nothing."""

    id: int
    digest: bytes
    result: FileResult | None
    error: str = ""
    gone: bool = False
    checks: tuple[Check, ...] = ()
    reads: tuple[tuple[str, bytes], ...] = ()


def send(stream: IO[bytes], message: object) -> None:
    """Write one frame."""
    body = msgspec.msgpack.encode(message)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive_bytes(stream: IO[bytes]) -> bytes:
    """Read one frame; empty at the end of the stream. Raises ValueError for a frame that is cut off or too large."""
    header = stream.read(_LENGTH.size)
    if not header:
        return b""
    if len(header) < _LENGTH.size:
        raise ValueError("the stream ended inside a frame")
    (length,) = _LENGTH.unpack(header)
    if length > MAX_FRAME:
        raise ValueError(f"a frame of {length} bytes is over the limit")
    body = stream.read(length)
    if len(body) < length:
        raise ValueError("the stream ended inside a frame")
    return body
