"""One running guest: started by the launcher, ended as a whole tree. Used through :mod:`pavedroad.infra.process`."""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pavedroad.core.coverage import Isolation
from pavedroad.core.noun import Noun
from pavedroad.infra._programs import find_program, search_path
from pavedroad.infra._reach import Reach, reachable
from pavedroad.infra.errors import GuestError

STDERR_TAIL = 64 * 1024  # bytes of a worker's complaints that are kept
START_SECONDS = 30.0  # the launcher needs 20 ms; a machine under heavy load needs more
GRACE_SECONDS = 8.0  # for the launcher to end a tree, before we end the launcher
CHUNK = 64 * 1024

_LAUNCHER = str(Path(__file__).with_name("_launch.py"))


class Limits(Noun, frozen=True, kw_only=True):
    """Budgets of one guest and everything it starts.

    ``seconds``: wall clock. ``cpu_seconds``: processor time of the whole tree; None: ``seconds`` times the processors.
    ``memory``: bytes in use by the whole tree. ``output``: bytes kept of stdout, and of stderr. ``file_size``: bytes of
    the largest file it may write. ``open_files``: descriptors per process.
    """

    seconds: float = 60.0
    cpu_seconds: float | None = None
    memory: int = 1 << 30
    output: int = 16 << 20
    file_size: int = 1 << 30
    open_files: int = 1024

    @property
    def cpu(self) -> float:
        """Processor seconds, worked out."""
        return self.cpu_seconds if self.cpu_seconds is not None else self.seconds * (os.cpu_count() or 1)

    def sentence(self) -> str:
        """For coverage."""
        return f"{self.seconds:g} s, {self.cpu:g} s of processor time, {self.memory >> 20} MiB of memory"


class Guest:
    """A running guest: a context manager that on leaving ends its whole process tree and removes its temporary folder.

    ``stdin`` and ``stdout`` are binary files (stdin is buffered: flush it). stderr is read by a thread, and only its
    end is kept. Limits on time, memory and processor time are enforced from outside, also when nobody waits.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: str | os.PathLike[str],
        limits: Limits,
        env: Mapping[str, str] | None,
        network: bool,
        strict: bool,
        drain: bool,
        reach: Reach | None = None,
    ) -> None:
        program = [find_program(argv[0], cwd=cwd), *argv[1:]]
        if any("\0" in argument for argument in program):
            raise GuestError("an argument holds a NUL byte", where=program[0])
        self.name = Path(program[0]).name
        self._home = tempfile.mkdtemp(prefix="paved-guest-")
        self._report = b""
        self._killed = ""
        self._marker = os.urandom(8).hex()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._drainer: threading.Thread | None = None
        try:
            environment = self._environment(env or {}, cwd)
            paths = reachable(reach or Reach(), program[0], str(cwd), self._home)
            self._process = self._launch(program, str(cwd), limits, environment, paths, network=network, strict=strict)
        except BaseException:
            shutil.rmtree(self._home, ignore_errors=True)
            raise
        self.stdin: IO[bytes] = _present(self._process.stdin)
        self.stdout: IO[bytes] = _present(self._process.stdout)
        self.stderr: IO[bytes] = _present(self._process.stderr)
        try:
            self.isolation = self._confinement(limits, env or {})
        except BaseException:
            self.close()
            raise
        if drain:
            self._drainer = threading.Thread(target=self._drain, name=f"stderr of {self.name}", daemon=True)
            self._drainer.start()

    # --- start ---

    def _environment(self, given: Mapping[str, str], cwd: str | os.PathLike[str]) -> dict[str, str]:
        base = {
            "PATH": search_path(cwd),
            "LANG": "C.UTF-8",
            "HOME": self._home,
            "TMPDIR": self._home,
            "PAVED_GUEST": self._marker,
        }
        return {**base, **given}

    def _launch(
        self,
        program: list[str],
        cwd: str,
        limits: Limits,
        env: dict[str, str],
        paths: tuple[list[str], list[str]],
        *,
        network: bool,
        strict: bool,
    ) -> subprocess.Popen[bytes]:
        self.status, writer = os.pipe()
        os.set_blocking(self.status, False)
        numbers = [writer, os.getpid(), limits.seconds, ceil(limits.cpu), limits.memory, limits.file_size]
        numbers += [limits.open_files, int(network), int(strict), *map(len, paths)]
        settings = [*map(str, numbers), *paths[0], *paths[1]]
        try:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", _LAUNCHER, *settings, *program],
                cwd=cwd,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(writer,),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            os.close(self.status)
            raise GuestError(f"the program cannot be started: {error}", where=program[0]) from error
        finally:
            os.close(writer)

    def hear(self) -> bool:
        """Take what the launcher has reported; False when there is nothing, as a rule because it has gone."""
        try:
            chunk = os.read(self.status, 4096)
        except BlockingIOError:
            return False
        self._report += chunk
        return bool(chunk)

    def _lines(self) -> list[list[str]]:
        return [line.split("\t") for line in self._report.decode("utf-8", "replace").splitlines()]

    def _confinement(self, limits: Limits, given: Mapping[str, str]) -> Isolation:
        end = time.monotonic() + START_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self.status, selectors.EVENT_READ)
            while b"\n" not in self._report and selector.select(max(0.0, end - time.monotonic())) and self.hear():
                pass
        first = next(iter(self._lines()), [""])
        if first[0] != "confined":
            raise self._not_started(first)
        kept = "scrubbed" + (f"; given: {', '.join(sorted(given))}" if given else "")
        return Isolation(network=first[1], files=first[2], limits=limits.sentence(), environment=kept)

    def _not_started(self, line: list[str]) -> GuestError:
        if line[0] == "failed":
            why = line[2]
        else:
            self.kill()
            noise = self.stderr.read(CHUNK).decode("utf-8", "replace")
            why = noise.strip().rpartition("\n")[2] or "its launcher hung or was ended"
        return GuestError(
            f"the program '{self.name}' was not started: {why}",
            next_step="'paved doctor' says what this machine allows",
        )

    # --- while it runs ---

    @property
    def pid(self) -> int:
        """The process id of the supervisor; the guest is below it."""
        return self._process.pid

    def poll(self) -> int | None:
        """The exit code (negative: a signal), None while it runs."""
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, or None when it still runs after ``timeout`` seconds."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stderr_tail(self) -> str:
        """The end of what it wrote to stderr, at most 64 KiB. Complete once the guest has ended."""
        if self._drainer is not None and self.poll() is not None:
            self._drainer.join(GRACE_SECONDS)
        return b"".join(self._tail).decode("utf-8", "replace")

    def _drain(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(self.stderr.fileno(), CHUNK):
                self._tail.append(chunk)
                self._tail_size += len(chunk)
                while self._tail_size - len(self._tail[0]) >= STDERR_TAIL:
                    self._tail_size -= len(self._tail.popleft())

    # --- end ---

    def kill(self, reason: str = "asked") -> None:
        """End the whole tree now. Safe to call twice, and from another thread."""
        if self.poll() is None:
            self._killed = self._killed or reason
            self._process.terminate()  # the launcher ends the tree, then itself
            if self.wait(GRACE_SECONDS) is None:
                self._process.kill()  # the guest itself dies with it, by the kernel's hand
                self._process.wait()

    def ending(self) -> tuple[str, float, int]:
        """After the end: the limit it ran into (or empty), processor seconds of the tree, peak memory in bytes."""
        self._hear_out()
        last = self._lines()[-1]
        reason, cpu, peak = (last[1], float(last[2]), int(last[3])) if last[0] == "end" else ("", 0.0, 0)
        if not reason and self.poll() == -signal.SIGXCPU:
            reason = "cpu"
        return (self._killed or reason), cpu, peak

    def _hear_out(self) -> None:
        """Once the launcher has ended: read its last words. Without any it was shot, and may have left survivors."""
        if self.status >= 0:
            while self.hear():
                pass
            os.close(self.status)
            self.status = -1
            if not any(line[0] in {"end", "failed"} for line in self._lines()):
                _sweep(f"PAVED_GUEST={self._marker}".encode())

    def close(self) -> None:
        """End the tree, close the pipes and remove the temporary folder."""
        self.kill()
        self._hear_out()
        if self._drainer is not None:
            self._drainer.join(GRACE_SECONDS)
        for stream in (self.stdin, self.stdout, self.stderr):
            with contextlib.suppress(OSError):  # a last flush into a pipe that nobody reads
                stream.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _present(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - all three are pipes
    return stream


def _sweep(marker: bytes) -> None:
    """Kill every process that was started with this environment entry: the last resort, once the supervisor is gone."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if marker in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)
