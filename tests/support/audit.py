"""Sees what the interpreter does: sockets opened and processes started, through its audit events (PEP 578)."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any, ClassVar


class Events:
    """What happened while it was switched on. An audit hook cannot be removed, so there is one, and a switch."""

    SOCKET: ClassVar = ("socket.__new__", "socket.connect", "socket.getaddrinfo")
    PROCESS: ClassVar = ("subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system")

    def __init__(self) -> None:
        self.seen: list[str] = []

    def of(self, kinds: tuple[str, ...]) -> list[str]:
        """The events of these kinds, in order."""
        return [event for event in self.seen if event in kinds]


_WATCHERS: list[Events] = []
_HOOKED: list[bool] = []


def _hook(event: str, _arguments: tuple[Any, ...]) -> None:
    for watcher in _WATCHERS:
        if event in Events.SOCKET or event in Events.PROCESS:
            watcher.seen.append(event)


@contextlib.contextmanager
def watch() -> Iterator[Events]:
    """Collects events until the block ends."""
    if not _HOOKED:
        sys.addaudithook(_hook)
        _HOOKED.append(True)
    events = Events()
    _WATCHERS.append(events)
    try:
        yield events
    finally:
        _WATCHERS.remove(events)
