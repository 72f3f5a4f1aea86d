"""The one module that runs outside programs: argument lists only, confined, watched, bounded, ended as a whole tree.

Called by git, the guest tools and the scanning workers. A guest never sees our environment, never has the network
unless the caller says so, and never outlives its limits or us. How far the kernel let us go is in :class:`Isolation`,
which the caller passes on to coverage. How it works, and what it does not protect from: docs/explain/adr/0007-guests.md.
"""

import contextlib
import os
import secrets
import selectors
import shutil
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
from pavedroad.infra.errors import GuestError

SAFE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
STDERR_TAIL = 64 * 1024  # bytes of a worker's complaints that are kept
START_SECONDS = 30.0  # the launcher needs 20 ms; a machine under heavy load needs more
GRACE_SECONDS = 8.0  # for the launcher to end a tree, before we end the launcher
CHUNK = 64 * 1024

_LAUNCHER = str(Path(__file__).with_name("_launch.py"))
# How to get the programs that we know of; the words end an error message.
_HOW_TO_GET = {"git": "install git, for example: apt-get install git"}


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


def find_program(name: str, *, cwd: str | os.PathLike[str] = "/") -> str:
    """The absolute path of a program. Raises GuestError when there is none.

    A folder of PATH inside ``cwd`` is passed over: what we scan must not choose what we run.
    """
    if os.sep in name:
        if os.access(name, os.X_OK) and Path(name).is_file():
            return os.path.abspath(name)  # noqa: PTH100 - links stay: a venv's python is one
    elif found := shutil.which(name, path=_search_path(cwd)):
        return found
    raise GuestError(
        f"the program '{name}' was not found or cannot be run",
        next_step=_HOW_TO_GET.get(
            name, f"install '{name}' and put it on the PATH; 'paved doctor' says what is missing"
        ),
    )


def _search_path(cwd: str | os.PathLike[str]) -> str:
    inside = os.path.realpath(cwd)
    folders = []
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        real = os.path.realpath(folder)
        if folder.startswith(os.sep) and (inside == "/" or os.path.commonpath([real, inside]) != inside):
            folders.append(folder)
    return os.pathsep.join([*folders, SAFE_PATH])


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
    ) -> None:
        program = [find_program(argv[0], cwd=cwd), *argv[1:]]
        if any("\0" in argument for argument in program):
            raise GuestError("an argument holds a NUL byte", where=program[0])
        self.name = Path(program[0]).name
        self._home = tempfile.mkdtemp(prefix="paved-guest-")
        self._report = ""
        self._killed = ""
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._drainer: threading.Thread | None = None
        try:
            self._process = self._launch(program, str(cwd), limits, self._environment(env or {}, cwd), network, strict)
            self.isolation = self._confinement(limits, env or {})
        except BaseException:
            shutil.rmtree(self._home, ignore_errors=True)
            raise
        self.stdin: IO[bytes] = _present(self._process.stdin)
        self.stdout: IO[bytes] = _present(self._process.stdout)
        self.stderr: IO[bytes] = _present(self._process.stderr)
        if drain:
            self._drainer = threading.Thread(target=self._drain, name=f"stderr of {self.name}", daemon=True)
            self._drainer.start()

    # --- start ---

    def _environment(self, given: Mapping[str, str], cwd: str | os.PathLike[str]) -> dict[str, str]:
        base = {
            "PATH": _search_path(cwd),
            "LANG": "C.UTF-8",
            "HOME": self._home,
            "TMPDIR": self._home,
            "PAVED_GUEST": secrets.token_hex(8),
        }
        return {**base, **given}

    def _launch(
        self, program: list[str], cwd: str, limits: Limits, env: dict[str, str], network: bool, strict: bool
    ) -> subprocess.Popen[bytes]:
        reader, writer = os.pipe()
        numbers = [writer, os.getpid(), limits.seconds, ceil(limits.cpu), limits.memory, limits.file_size]
        settings = [*map(str, numbers), str(limits.open_files), str(int(network)), str(int(strict))]
        try:
            process = subprocess.Popen(
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
            os.close(reader)
            raise GuestError(f"the program cannot be started: {error}", where=program[0]) from error
        finally:
            os.close(writer)
        self._status = reader
        os.set_blocking(reader, False)
        return process

    def _read_report(self, seconds: float, *, lines: int) -> list[list[str]]:
        """The launcher's lines so far; waits until there are ``lines``, the launcher has gone, or time is up."""
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._status, selectors.EVENT_READ)
            while self._report.count("\n") < lines and selector.select(max(0.0, end - time.monotonic())):
                chunk = os.read(self._status, 4096)
                if not chunk:
                    break
                self._report += chunk.decode("utf-8", "replace")
        return [line.split("\t") for line in self._report.splitlines()]

    def _confinement(self, limits: Limits, given: Mapping[str, str]) -> Isolation:
        first = next(iter(self._read_report(START_SECONDS, lines=1)), [""])
        if first[0] != "network":
            complaint = first[2] if first[0] == "failed" else "the launcher ended or hung"
            self._process.kill()
            _, noise = self._process.communicate()
            os.close(self._status)
            last = noise.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise GuestError(
                f"the program '{self.name}' was not started: {complaint or last}",
                next_step="'paved doctor' says what this machine allows",
            )
        kept = "scrubbed" + (f"; given: {', '.join(sorted(given))}" if given else "")
        return Isolation(network=first[1], limits=limits.sentence(), environment=kept)

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
        lines = self._read_report(0.0, lines=2)
        reason, cpu, peak = "", 0.0, 0
        if lines and lines[-1][0] == "end":
            reason, cpu, peak = lines[-1][1], float(lines[-1][2]), int(lines[-1][3])
        if not reason and self.poll() == -24:  # SIGXCPU
            reason = "cpu"
        return (self._killed or reason), cpu, peak

    def close(self) -> None:
        """End the tree, close the pipes and remove the temporary folder."""
        self.kill()
        if self._drainer is not None:
            self._drainer.join(GRACE_SECONDS)
        for stream in (self.stdin, self.stdout, self.stderr):
            with contextlib.suppress(OSError):  # a last flush into a pipe that nobody reads
                stream.close()
        if self._status >= 0:
            self._read_report(0.0, lines=2)
            os.close(self._status)
            self._status = -1
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


def start(
    argv: Sequence[str],
    *,
    cwd: str | os.PathLike[str],
    limits: Limits,
    env: Mapping[str, str] | None = None,
    network: bool = False,
    strict: bool = False,
) -> Guest:
    """Start a long-lived guest. ``env`` is added to the scrubbed environment; nothing else of ours is passed on.

    Without ``network`` the guest gets none where the kernel allows that, and ``isolation`` says what was achieved; with
    ``strict`` it is not started otherwise. Raises GuestError.
    """
    return Guest(argv, cwd=cwd, limits=limits, env=env, network=network, strict=strict, drain=True)


def run(
    argv: Sequence[str],
    *,
    cwd: str | os.PathLike[str],
    limits: Limits,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    network: bool = False,
    strict: bool = False,
) -> Completed:
    """Run a guest to its end; arguments as for :func:`start`. Raises GuestError when it cannot be started."""
    began = time.monotonic()
    guest = Guest(argv, cwd=cwd, limits=limits, env=env, network=network, strict=strict, drain=False)
    with guest:
        pump = _Pump(guest, stdin, limits)
        pump.until_end()
        guest.wait(GRACE_SECONDS)
        guest.kill("time")
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
        for name, stream in (("stdout", guest.stdout), ("stderr", guest.stderr)):
            self.selector.register(stream, selectors.EVENT_READ, name)
        if stdin:
            os.set_blocking(guest.stdin.fileno(), False)
            self.selector.register(guest.stdin, selectors.EVENT_WRITE, "stdin")
        else:
            guest.stdin.close()

    def until_end(self) -> None:
        """Until both outputs are closed, or the time is up (the launcher has ended the guest by then)."""
        end = time.monotonic() + self.limits.seconds + GRACE_SECONDS
        with self.selector:
            while any(key.data != "stdin" for key in self.selector.get_map().values()):
                ready = self.selector.select(max(0.0, end - time.monotonic()))
                if not ready and time.monotonic() >= end:
                    return
                for key, _ in ready:
                    self._feed() if key.data == "stdin" else self._read(key.data, key.fd)
        with contextlib.suppress(OSError):
            self.guest.stdin.close()

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
