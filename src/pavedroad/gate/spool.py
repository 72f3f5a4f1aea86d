"""Contents that come by once, kept for scanners that want them later: one nameless file on disk, gone with the run."""

import tempfile
import threading
from typing import IO, Self

from pavedroad.infra.errors import FileError


class Spool:
    """Append and read back; a context manager. Reading is safe from several threads. Raises FileError when the disk is
    full, or at ``most`` bytes."""

    def __init__(self, most: int = 16 << 30) -> None:
        self._most = most
        self._size = 0
        self._lock = threading.Lock()
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="paved-spool-")  # noqa: SIM115 - closed by close()

    def add(self, content: bytes) -> int:
        """Keep ``content``; returns its place."""
        with self._lock:
            place = self._size
            if place + len(content) > self._most:
                raise FileError(
                    f"the image's files hold more than {self._most >> 20} MiB",
                    where="image",
                    next_step="look at fewer kinds: --only dependencies",
                )
            try:
                self._file.seek(place)
                self._file.write(content)
            except OSError as error:
                raise FileError(
                    f"the image's files cannot be kept: {error.strerror}",
                    where=tempfile.gettempdir(),
                    next_step="free space there, or set TMPDIR to a folder with more",
                ) from error
            self._size += len(content)
            return place

    def read(self, place: int, size: int) -> bytes:
        """What was kept at ``place``."""
        with self._lock:
            self._file.seek(place)
            return self._file.read(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
