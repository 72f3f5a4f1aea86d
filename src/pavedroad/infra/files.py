"""Writes files whole or not at all."""

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pavedroad.infra.errors import FileError


def write_atomic(path: Path, content: bytes, *, private: bool = False) -> None:
    """Replace ``path`` by ``content``: readers see the old file or the new one, never half. Raises FileError.

    A symbolic link is followed, as shells do, only when it stays a file the user named; callers that write inside a
    scanned tree refuse links first.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise FileError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            next_step="free space, make the folder writable, or choose another file",
        ) from error


def write_out(path: Path, content: bytes) -> None:
    """Write a report where the user asked for it; devices and pipes such as /dev/stdout are written straight. Raises
    FileError."""
    if path.exists() and not path.is_file():
        try:
            path.write_bytes(content)
        except OSError as error:
            raise FileError(f"cannot be written: {error.strerror or error}", where=str(path)) from error
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"its folder cannot be made: {error.strerror or error}", where=str(path)) from error
    write_atomic(path, content)


def read_file(path: Path, max_bytes: int, *, special: bool = False) -> bytes | None:
    """The content of a file, None when there is none. Raises FileError when it is too large or cannot be read.

    A pipe or a device would keep us waiting, or never end: it is refused unless ``special``, for paths that the user
    named.
    """
    try:
        with open(path, "rb", opener=_open_special if special else _open_plain) as stream:
            content = stream.read(max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FileError(
            f"cannot be read: {error.strerror or error}",
            where=str(path),
            next_step="make it a plain file that can be read",
        ) from error
    if len(content) > max_bytes:
        raise FileError(f"has more than {max_bytes} bytes", where=str(path), next_step="make it smaller")
    return content


def _open_special(path: str, flags: int) -> int:
    return os.open(path, flags)


def _open_plain(path: str, flags: int) -> int:
    handle = os.open(path, flags | os.O_NONBLOCK)
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return handle
    os.close(handle)
    kind = "a folder" if stat.S_ISDIR(mode) else "a device, a socket or a pipe"
    raise OSError(0, f"it is {kind}, not a plain file")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` (made as needed) while two processes may want to change the same thing. Raises
    FileError."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise FileError(f"cannot be locked: {error.strerror or error}", where=str(path)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
