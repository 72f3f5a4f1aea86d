"""The outside of scanner processes: starts them, feeds them, and keeps what they found when one dies.

A file that kills or hangs a worker is found by trying the files of the lost batch one at a time; it becomes an error in
coverage, and every other file is still judged.
"""

import contextlib
import os
import site
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

import msgspec

from pavedroad.core.coverage import Isolation
from pavedroad.infra.errors import GuestError
from pavedroad.infra.process import Guest, Limits, Reach, start
from pavedroad.scanning.errors import ScanningError
from pavedroad.scanning.model import Needs
from pavedroad.scanning.protocol import Answer, Hello, Job, Ready, receive_bytes, send

_BATCH_BYTES = 4 << 20
_MAX_RESTARTS = 8
_EARLY_SECONDS = 10.0  # to wait for a worker that is being started while the run ends
# What follows the interpreter on a worker's command line. It is started in the scanned tree: without -P, a msgspec.py
# that lies there would be imported instead of ours.
WORKER: tuple[str, ...] = ("-P", "-m", "pavedroad.scanning.worker")
_ANSWERS = msgspec.msgpack.Decoder(list[Answer])


class PoolLimits(msgspec.Struct, frozen=True):
    """``seconds`` for the whole scanner, ``batch_seconds`` for one batch of at most ``batch_files`` files."""

    seconds: float = 900
    batch_seconds: float = 120
    batch_files: int = 256


class _Feed:
    """Hands out batches of jobs to several workers."""

    def __init__(self, jobs: Iterable[Job], most: int) -> None:
        self._jobs = iter(jobs)
        self._most = most
        self._lock = threading.Lock()
        self._retries: deque[Job] = deque()

    def take(self) -> list[Job]:
        """The next batch, empty at the end. Jobs to retry come one at a time."""
        with self._lock:
            if self._retries:
                return [self._retries.popleft()]
            batch: list[Job] = []
            size = 0
            while len(batch) < self._most and size < _BATCH_BYTES:
                job = next(self._jobs, None)
                if job is None:
                    break
                batch.append(job)
                size += job.size
            return batch

    def retry(self, batch: list[Job]) -> None:
        with self._lock:
            self._retries.extend(batch)


class Pool:
    """Runs one scanner over jobs. ``answers`` may be called once; ``isolation`` is known from the first answer on.
    ``env`` is added to the scrubbed environment of its workers."""

    def __init__(
        self, module: str, hello: Hello, needs: Needs, limits: PoolLimits, env: Mapping[str, str] | None = None
    ) -> None:
        self._module = module
        self._hello = hello
        self._needs = needs
        self._limits = limits
        self._env = env
        self._deadline = time.monotonic() + limits.seconds
        self._guests: set[Guest] = set()
        self._lock = threading.Lock()
        self._restarts = 0
        self._closed = False
        self._early: Future[Guest] | None = None
        self.isolation: Isolation | None = None

    def start_early(self) -> None:
        """Start the first worker now, before there are jobs; what goes wrong is told when its turn comes."""
        self._early = early = Future[Guest]()

        def work() -> None:
            try:
                early.set_result(self._open())
            except BaseException as error:
                early.set_exception(error)

        threading.Thread(target=work, name=f"start-{self._module}", daemon=True).start()

    def answers(self, jobs: Iterable[Job], workers: int = 1) -> Iterator[Answer]:
        """One answer per job, in any order, from ``workers`` processes side by side. Raises ScanningError when the
        scanner cannot be opened at all."""
        feed = _Feed(jobs, self._limits.batch_files)
        queue: SimpleQueue[Answer | Exception | None] = SimpleQueue()
        threads = [
            threading.Thread(target=self._drive, args=(feed, queue), name=f"scan-{self._module}-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in threads:
            thread.start()
        running = len(threads)
        try:
            while running:
                item = queue.get()
                if item is None:
                    running -= 1
                elif isinstance(item, Exception):
                    raise item
                else:
                    yield item
        finally:
            self.close()
            for thread in threads:
                thread.join(timeout=5)

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            self._closed = True
            guests = list(self._guests)
            early, self._early = self._early, None
        for guest in guests:
            guest.kill()
        if early is not None:
            with contextlib.suppress(Exception):  # it was never needed, so its failure does not matter
                early.result(timeout=_EARLY_SECONDS).close()

    def _drive(self, feed: _Feed, queue: "SimpleQueue[Answer | Exception | None]") -> None:
        try:
            batch: list[Job] = []
            while not self._closed:
                batch = batch or feed.take()
                if not batch:
                    return
                batch = self._serve_until_lost(feed, queue, batch)
                if batch and self._give_up(feed, queue, batch):
                    return
                batch = []
        except Exception as error:
            queue.put(error)
        finally:
            queue.put(None)

    def _give_up(self, feed: _Feed, queue: "SimpleQueue[Answer | Exception | None]", lost: list[Job]) -> bool:
        """Deal with a lost batch. True: nothing can be saved any more."""
        with self._lock:
            self._restarts += 1
            exhausted = self._restarts > _MAX_RESTARTS or time.monotonic() > self._deadline
        if exhausted:
            while lost:
                for job in lost:
                    queue.put(Answer(job.id, b"", None, error=self._why_lost()))
                lost = feed.take()
            return True
        if len(lost) == 1:
            job = lost[0]
            queue.put(Answer(job.id, b"", None, error="the scanner was ended by its limits or crashed on this file"))
        else:
            feed.retry(lost)
        return False

    def _why_lost(self) -> str:
        if time.monotonic() > self._deadline:
            return f"not looked at: the scanner's time of {self._limits.seconds:.0f} s was over"
        return f"not looked at: the scanner crashed more than {_MAX_RESTARTS} times"

    def _serve_until_lost(
        self, feed: _Feed, queue: "SimpleQueue[Answer | Exception | None]", batch: list[Job]
    ) -> list[Job]:
        """Feed one worker until the jobs end (returns []), or it is lost (returns the batch it took with it)."""
        guest = self._started_early() or self._open()
        with guest:
            try:
                while batch and not self._closed:
                    answers = self._exchange(guest, batch)
                    if answers is None:
                        return batch
                    for answer in answers:
                        queue.put(answer)
                    batch = feed.take()
                return []
            finally:
                with self._lock:
                    self._guests.discard(guest)

    def _started_early(self) -> Guest | None:
        with self._lock:
            early, self._early = self._early, None
        return early.result() if early is not None else None

    def _open(self) -> Guest:
        """A worker that has answered our greeting."""
        guest = self._start()
        try:
            with self._lock:
                self._guests.add(guest)
                closed = self._closed
            if closed:
                guest.kill()
            self._greet(guest)
        except BaseException:
            with self._lock:
                self._guests.discard(guest)
            guest.close()
            raise
        return guest

    def _start(self) -> Guest:
        left = max(1.0, self._deadline - time.monotonic())
        limits = Limits(seconds=left, memory=self._needs.memory)
        argv = [sys.executable, *WORKER]
        root = Path(os.fsdecode(self._hello.root))
        guest = start(
            argv,
            cwd=root,
            limits=limits,
            env={**_import_path(), **(self._env or {})},
            network=self._needs.network,
            reach=self._reach(),
        )
        self.isolation = guest.isolation
        return guest

    def _reach(self) -> Reach:
        """The whole cache is not open to it: what marks our results as ours lies there too."""
        settings = self._hello.settings
        caches = dict.fromkeys((self._module, *self._needs.caches))
        return Reach(
            read=(settings.data, *self._needs.reads),
            write=tuple(os.path.join(settings.user_cache, name) for name in caches),  # noqa: PTH118
        )

    def _greet(self, guest: Guest) -> None:
        try:
            send(guest.stdin, self._hello)
            frame = receive_bytes(guest.stdout)
            ready = msgspec.msgpack.decode(frame, type=Ready) if frame else Ready(error="its process ended at once")
        except (OSError, ValueError, msgspec.DecodeError) as error:
            raise self._cannot_start("its process ended at once") from error
        if ready.error:
            raise self._cannot_start(ready.error, ready.next_step)

    def _cannot_start(self, why: str, next_step: str = "") -> ScanningError:
        return ScanningError(
            f"the scanner '{self._module}' could not be opened: {why}",
            next_step=next_step or "run 'paved doctor'; if it finds nothing, report this",
        )

    def _exchange(self, guest: Guest, batch: list[Job]) -> list[Answer] | None:
        """The answers to one batch, or None when the worker died or hung."""
        timer = threading.Timer(self._limits.batch_seconds, guest.kill)
        timer.daemon = True
        timer.start()
        try:
            send(guest.stdin, batch)
            frame = receive_bytes(guest.stdout)
            return _ANSWERS.decode(frame) if frame else None
        except (OSError, ValueError, msgspec.DecodeError, GuestError):
            return None
        finally:
            timer.cancel()


def _import_path() -> dict[str, str]:
    """Where our packages lie, if a scrubbed interpreter would not look there: the user's own folder (pip install
    --user), or PYTHONPATH. A worker must run the code that we run."""
    own = site.USER_SITE if site.ENABLE_USER_SITE and site.USER_SITE in sys.path else ""
    if not own and not os.environ.get("PYTHONPATH"):
        return {}
    here = Path(__file__).resolve().parents[2]
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(here), own)))}
