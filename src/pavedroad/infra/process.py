"""The one module that runs outside programs: argument lists only, confined, watched, bounded, ended as a whole tree.

Called by git, the guest tools and the scanning workers. A guest never sees our environment, never has the network
unless the caller says so, and never outlives its limits or us. How far the kernel let us go is in :class:`Isolation`,
which the caller passes on to coverage. How it works and what it cannot stop: docs/explain/adr/0007-guests.md.
"""

import contextlib
import os
import selectors
import time
from collections.abc import Mapping, Sequence

from pavedroad.core.coverage import Isolation
from pavedroad.core.noun import Noun
from pavedroad.infra._guest import CHUNK, GRACE_SECONDS, Guest, Limits
from pavedroad.infra._programs import find_program
from pavedroad.infra._reach import Reach

__all__ = ["Completed", "Guest", "Limits", "Reach", "find_program", "run", "start"]


class Completed(Noun, frozen=True, kw_only=True):
    """A guest that has ended.

    ``returncode`` is negative when a signal ended it. ``killed_by`` is empty, or the limit it ran into: ``time``,
    ``memory``, ``cpu``, ``output``. ``truncated``: stdout or stderr was longer than allowed (too much stdout also ends
    the guest). ``peak_memory`` is in bytes, sampled. ``seconds`` is wall clock, with start and end.
    """

    returncode: int
    stdout: bytes
    stderr: bytes
    isolation: Isolation
    seconds: float
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    killed_by: str = ""
    truncated: bool = False

    @property
    def timed_out(self) -> bool:
        """Whether it ran into its wall-clock limit."""
        return self.killed_by == "time"

    @property
    def ok(self) -> bool:
        """Ended by itself, with exit code 0, with all its output read."""
        return self.returncode == 0 and not self.killed_by and not self.truncated


def start(
    argv: Sequence[str],
    *,
    cwd: str | os.PathLike[str],
    limits: Limits,
    env: Mapping[str, str] | None = None,
    network: bool = False,
    strict: bool = False,
    reach: Reach | None = None,
) -> Guest:
    """Start a long-lived guest. ``env`` is added to the scrubbed environment; nothing else of ours is passed on.

    Without ``network`` the guest gets none where the kernel allows that, and ``isolation`` says what was achieved; with
    ``strict`` it is not started otherwise. ``reach`` names files it may touch beside the usual, which suffices to read
    the tree in ``cwd``. Raises GuestError.
    """
    return Guest(argv, cwd=cwd, limits=limits, env=env, network=network, strict=strict, drain=True, reach=reach)


def run(
    argv: Sequence[str],
    *,
    cwd: str | os.PathLike[str],
    limits: Limits,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    network: bool = False,
    strict: bool = False,
    reach: Reach | None = None,
) -> Completed:
    """Run a guest to its end; arguments as for :func:`start`. Raises GuestError when it cannot be started."""
    began = time.monotonic()
    guest = Guest(argv, cwd=cwd, limits=limits, env=env, network=network, strict=strict, drain=False, reach=reach)
    with guest:
        pump = _Pump(guest, stdin, limits)
        pump.until_end()
        guest.kill("time")  # its launcher has hung; as a rule all is over by now
        reason, cpu, peak = guest.ending()
        return Completed(
            returncode=guest.wait() or 0,
            stdout=bytes(pump.kept["stdout"]),
            stderr=bytes(pump.kept["stderr"]),
            isolation=guest.isolation,
            seconds=time.monotonic() - began,
            cpu_seconds=cpu,
            peak_memory=peak,
            killed_by=reason,
            truncated=pump.truncated,
        )


class _Pump:
    """Moves bytes between us and one guest without threads, keeping at most ``limits.output`` of each stream."""

    def __init__(self, guest: Guest, stdin: bytes, limits: Limits) -> None:
        self.guest, self.limits = guest, limits
        self.rest = memoryview(stdin)
        self.kept = {"stdout": bytearray(), "stderr": bytearray()}
        self.truncated = False
        self.selector = selectors.DefaultSelector()
        self.selector.register(guest.status, selectors.EVENT_READ, "status")
        self.selector.register(guest.stdout, selectors.EVENT_READ, "stdout")
        self.selector.register(guest.stderr, selectors.EVENT_READ, "stderr")
        if stdin:
            os.set_blocking(guest.stdin.fileno(), False)
            self.selector.register(guest.stdin, selectors.EVENT_WRITE, "stdin")
        else:
            guest.stdin.close()

    def until_end(self) -> None:
        """Until the guest has ended and its output is read, or it should have been ended long since."""
        end = time.monotonic() + self.limits.seconds + GRACE_SECONDS
        with self.selector:
            while any(key.data != "stdin" for key in self.selector.get_map().values()):
                ready = self.selector.select(max(0.0, end - time.monotonic()))
                if not ready and time.monotonic() >= end:
                    return
                for key, _ in ready:
                    self._serve(key.data, key.fd)
        with contextlib.suppress(OSError):
            self.guest.stdin.close()
        self.guest.wait(GRACE_SECONDS)

    def _serve(self, name: str, descriptor: int) -> None:
        if name == "stdin":
            self._feed()
        elif name != "status":
            self._read(name, descriptor)
        elif not self.guest.hear():
            self.selector.unregister(descriptor)
            self.guest.wait(GRACE_SECONDS)
            self.guest.ending()  # whoever survived a shot launcher would hold the pipes open

    def _feed(self) -> None:
        stream = self.guest.stdin
        try:
            self.rest = self.rest[os.write(stream.fileno(), self.rest[:CHUNK]) :]
        except BlockingIOError:
            return
        except OSError:  # the guest closed its stdin early: its own affair
            self.rest = self.rest[:0]
        if not self.rest:
            self.selector.unregister(stream)
            stream.close()

    def _read(self, name: str, descriptor: int) -> None:
        chunk = os.read(descriptor, CHUNK)
        if not chunk:
            self.selector.unregister(descriptor)
            return
        room = self.limits.output - len(self.kept[name])
        self.kept[name] += chunk[:room]
        if len(chunk) > room:
            self.truncated = True
            if name == "stdout":
                self.guest.kill("output")
