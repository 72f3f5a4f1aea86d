"""One update at a time: an advisory lock on a file, let go by the kernel when its holder dies."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pavedroad.advisories.errors import AdvisoryError, UpdateRunning

POLL_SECONDS = 0.2


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise AdvisoryError(
            f"the folder of the database cannot be written: {error.strerror}",
            where=str(path.parent),
            next_step="choose another with PAVED_DATA_DIR or --database",
        ) from error


@contextmanager
def exclusive(path: Path, wait: float, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock at ``path``, waiting at most ``wait`` seconds for another holder. Raises UpdateRunning.

    ``waiting`` is called once when there is someone to wait for. The file stays: removing it would let two holders in.
    """
    descriptor = _open(path)
    try:
        deadline = time.monotonic() + wait
        if not _try_lock(descriptor):
            if waiting:
                waiting()
            while not _try_lock(descriptor):
                if time.monotonic() >= deadline:
                    raise UpdateRunning(
                        "another update is running", where=str(path), next_step="wait until it has ended"
                    )
                time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)
