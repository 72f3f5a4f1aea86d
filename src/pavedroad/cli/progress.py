"""A progress line on a terminal; nothing in CI logs and pipes."""

import os
import sys
import threading
import time
from types import TracebackType
from typing import Self

from pavedroad.gate.request import NoProgress

_EVERY_SECONDS = 0.1


class _Quiet(NoProgress):
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to tidy."""


class ProgressLine(_Quiet):
    """One line on stderr, redrawn at most ten times a second, erased at the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: dict[str, int] = {}
        self._total: dict[str, int] = {}
        self._drawn = 0.0
        self._began = time.monotonic()

    def started(self, scanner: str, total: int) -> None:
        """A scanner begins with ``total`` files."""
        with self._lock:
            self._done[scanner], self._total[scanner] = 0, total
            self._draw()

    def advanced(self, scanner: str, count: int) -> None:
        """``count`` more files are done."""
        with self._lock:
            self._done[scanner] += count
            self._draw()

    def finished(self, scanner: str) -> None:
        """A scanner is done."""
        with self._lock:
            self._done[scanner] = self._total.get(scanner, 0)
            self._draw()

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._drawn < _EVERY_SECONDS:
            return
        self._drawn = now
        parts = [f"{name} {self._done[name]:,}/{total:,}" for name, total in self._total.items() if total]
        text = f"checking  {'  '.join(parts)}  {now - self._began:.0f} s"
        sys.stderr.write(f"\r\x1b[2K{text[:110]}")
        sys.stderr.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Erase the line, whatever happened."""
        if self._drawn:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def choose_progress(*, quiet: bool) -> _Quiet:
    """The line on a terminal; nothing when quiet, in CI or in a pipe."""
    if quiet or os.environ.get("CI") or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return _Quiet()
    return ProgressLine()
