"""Layers as bounded, verified streams: what is read is counted and digested; a wrong digest is an error at the end."""

import hashlib
import io
import time
import zlib
from typing import IO

from pavedroad.infra.images.errors import LayerError

CHUNK = 1 << 18
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


class Verified(io.RawIOBase):
    """Passes bytes on and digests them. :meth:`finish` reads the rest and raises LayerError unless size and digest are
    as told. ``size`` below 0 and an empty ``digest`` are not checked."""

    def __init__(self, source: IO[bytes], digest: str, size: int, most: int, deadline: float) -> None:
        self._source = source
        self._wanted = digest
        self._size = size
        self._most = most
        self._deadline = deadline
        self._hash = _hasher(digest)
        self.seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._source.read(len(buffer))
        self.seen += len(chunk)
        if self.seen > self._most:
            raise LayerError(f"the layer has more than {self._most} bytes", next_step="raise the limit on purpose")
        if time.monotonic() > self._deadline:
            raise LayerError("reading the image took too long", next_step="raise scan.limits.seconds")
        if self._hash is not None:
            self._hash.update(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def finish(self) -> None:
        """Read to the end and compare."""
        while self.read(CHUNK):
            pass
        if 0 <= self._size != self.seen:
            raise LayerError(f"the layer has {self.seen} bytes where {self._size} were promised")
        if self._hash is not None and self._hash.hexdigest() != self._wanted.partition(":")[2]:
            raise LayerError(f"the layer is not what its digest {self._wanted[:19]} says", next_step="fetch it again")


def _hasher(digest: str) -> "hashlib._Hash | None":
    algorithm = digest.partition(":")[0]
    if not digest:
        return None
    if algorithm not in ("sha256", "sha512"):
        raise LayerError(f"a digest of a kind that is not known here: {algorithm[:20]}")
    return hashlib.new(algorithm)


class _Gunzip(io.RawIOBase):
    """gzip without trusting its trailer's length; several members in a row are one stream, as gzip(1) has it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._inflate = zlib.decompressobj(wbits=31)
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ended:
            chunk = self._next(len(buffer))
            if chunk:
                buffer[: len(chunk)] = chunk
                return len(chunk)
        return 0

    def _next(self, most: int) -> bytes:
        if self._inflate.eof:
            if not self._more():
                self._ended = True
                return b""
            self._inflate = zlib.decompressobj(wbits=31)
        packed = self._rest or self._source.read(CHUNK)
        if not packed:
            raise LayerError("the compressed layer ends too early", next_step="fetch it again")
        try:
            chunk = self._inflate.decompress(packed, most)
        except zlib.error as error:
            raise LayerError(f"the layer is not valid gzip: {error}", next_step="fetch it again") from error
        self._rest = self._inflate.unconsumed_tail or self._inflate.unused_data
        return chunk

    def _more(self) -> bool:
        """Whether another member follows; zero bytes of padding do not count."""
        rest = self._rest or self._source.read(CHUNK)
        rest = rest.lstrip(b"\0")
        self._rest = rest
        return bool(rest)


def unpacked(source: io.RawIOBase) -> IO[bytes]:
    """The plain tar of a layer, by what its first bytes say: media types lie. Raises LayerError for zstd."""
    buffered = io.BufferedReader(source, CHUNK)
    head = buffered.peek(4)[:4]
    if head.startswith(_ZSTD):
        raise LayerError(
            "the layer is compressed with zstd, which is not read here",
            next_step="convert the image: skopeo copy --dest-compress-format gzip",
        )
    if head.startswith(_GZIP):
        return io.BufferedReader(_Gunzip(buffered), CHUNK)
    return buffered
