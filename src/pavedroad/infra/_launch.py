"""The small program between us and a guest: it confines the guest, watches it, and ends its whole tree.

Run by :mod:`pavedroad.infra.process` as ``python -I -S _launch.py ...``; never imported. It exists because confinement
has to happen after ``fork`` and before ``exec``, and ``preexec_fn`` is unsafe in a program with threads. It stays alive
as the guest's parent and as the *subreaper* of its tree: a daemon that forks twice and changes its session becomes our
child again, so that nothing outlives the guest.

Only C modules and ``ctypes`` are imported (``signal`` alone would cost 5 ms, ``json`` 10 ms).

Lines on the status descriptor, fields parted by tabs: ``confined NETWORK FILES`` | ``failed ERRNO TEXT`` once, then at
the end ``end REASON CPU_SECONDS PEAK_BYTES``.
"""

import _signal  # type: ignore[import-not-found]
import os
import resource
import sys
import time

# ``-I -S`` knows the standard library only; we need our own package, and nothing of it but the child's side.
sys.path.append(__file__.rpartition("/pavedroad/")[0])

from pavedroad.infra import _confine

TICK = 0.2  # seconds between two looks at the tree
LAST_WAIT = 5.0  # seconds to wait for processes that do not die of SIGKILL (stuck in the kernel)
PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
PAGE = os.sysconf("SC_PAGE_SIZE")
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as text:  # noqa: PTH123
                found += [int(child) for child in text.read().split()]
    except (OSError, ValueError):
        pass  # it ended while we looked
    return found


def _all_parents() -> dict[int, list[int]]:
    """For kernels without the ``children`` files: parent -> children, from a look at every process."""
    table: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit() and (fields := _stat(int(name))):
            table.setdefault(int(fields[1]), []).append(int(name))
    return table


def _descendants() -> list[int]:
    me = os.getpid()
    if not os.path.exists("/proc"):  # noqa: PTH110
        return []
    fast = os.path.exists(f"/proc/{me}/task/{me}/children")  # noqa: PTH110
    table = {} if fast else _all_parents()
    found: list[int] = []
    queue = [me]
    while queue:
        pid = queue.pop()
        below = _children(pid) if fast else table.get(pid, [])
        found += below
        queue += below
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name (state first); empty when it has ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as text:  # noqa: PTH123
            return text.read().rpartition(b") ")[2].decode("ascii").split()
    except (OSError, ValueError):
        return []


def _proportional(pid: int, otherwise: int) -> int:
    """Memory in bytes with shared pages counted once over all who share them."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:  # noqa: PTH123
            for line in lines:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return otherwise


class Watch:
    """Looks at the tree: memory in bytes now and at most, processor time in seconds so far."""

    def __init__(self, memory: int, cpu: int, seconds: float) -> None:
        self.memory, self.cpu, self.deadline = memory, cpu, time.monotonic() + seconds
        self.peak = 0

    def _measure(self) -> tuple[int, float]:
        looks = {pid: fields for pid in _descendants() if (fields := _stat(pid))}
        resident = {pid: int(fields[21]) * PAGE for pid, fields in looks.items()}
        used = sum(resident.values())
        if used > self.memory and len(looks) > 1:
            used = sum(_proportional(pid, size) for pid, size in resident.items())
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        ticks = sum(int(tick) for fields in looks.values() for tick in fields[11:15])
        return used, ticks / CLOCK_TICKS + ended.ru_utime + ended.ru_stime

    def verdict(self) -> str:
        """Empty, or the limit that is used up."""
        if time.monotonic() >= self.deadline:
            return "time"
        used, cpu = self._measure()
        self.peak = max(self.peak, used)
        if used > self.memory:
            return "memory"
        return "cpu" if cpu > self.cpu else ""


def _kill(pid: int, number: int, *, group: bool = False) -> None:
    try:
        (os.killpg if group else os.kill)(pid, number)
    except OSError:
        return


def _reap(main: int) -> int | None:
    """Collect every child that has ended; the wait status of the guest itself when it is among them."""
    status = None
    while True:
        try:
            pid, raw = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status
        if pid == 0:
            return status
        if pid == main:
            status = raw


def _end_tree(main: int) -> int | None:
    """Kill everything below us: stopped first, so that a fork bomb cannot outrun the kills."""
    _kill(main, _signal.SIGKILL, group=True)
    status = None
    give_up = time.monotonic() + LAST_WAIT
    while time.monotonic() < give_up:
        stopped: set[int] = set()
        while fresh := set(_descendants()) - stopped:
            for pid in fresh:
                _kill(pid, _signal.SIGSTOP)
            stopped |= fresh
        for pid in stopped:
            _kill(pid, _signal.SIGKILL)
        ended = _reap(main)
        status = status if ended is None else ended
        if not stopped:
            break
        _signal.sigtimedwait([_signal.SIGCHLD], 0.02)
    return status


def _supervise(main: int, launcher_parent: int, watch: Watch) -> tuple[int | None, str]:
    """Until the guest ends or must end: its wait status and the reason why it was ended."""
    wake = [_signal.SIGCHLD, _signal.SIGTERM]
    looked = 0.0
    while True:
        got = _signal.sigtimedwait(wake, max(0.0, min(TICK, watch.deadline - time.monotonic())))
        if got is not None and got.si_signo == _signal.SIGTERM:
            return None, "asked"
        status = _reap(main)
        if status is not None:
            return status, ""
        if os.getppid() != launcher_parent:
            return None, "orphaned"
        if time.monotonic() - looked < TICK / 2 and time.monotonic() < watch.deadline:
            continue  # woken by a child, not by the clock
        looked = time.monotonic()
        if reason := watch.verdict():
            return None, reason


def _start(settings: list[str], rest: list[str]) -> tuple[int, str]:
    """Fork the guest; its process id and the first line it reported."""
    launcher = os.getpid()
    report, child_report = os.pipe()
    child_answer, answer = os.pipe()
    main = os.fork()
    if main == 0:
        os.close(report)
        os.close(answer)
        _confine.become_guest(settings, rest, child_report, child_answer, launcher)
    os.close(child_report)
    os.close(child_answer)
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):  # the pipes belong to the guest alone
        os.dup2(null, descriptor)
    text = b""
    while chunk := os.read(report, 4096):
        if chunk == b"m":
            os.write(answer, b"y" if _confine.map_ids(main) else b"n")
        else:
            text += chunk
    return main, text.decode("utf-8", "replace").rstrip("\n").rpartition("\n")[2]


def _leave(status: int | None) -> None:
    """End as the guest ended, so that our own parent sees its exit code or signal."""
    if status is None:
        status = int(_signal.SIGKILL)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if number not in (_signal.SIGKILL, _signal.SIGSTOP):
            _signal.signal(number, _signal.SIG_DFL)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, [])
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))


def main(arguments: list[str]) -> None:
    """``STATUS_FD PARENT SECONDS CPU MEMORY FILE_SIZE OPEN_FILES NETWORK STRICT READS WRITES PATH... PROGRAM
    ARGUMENT...``; READS and WRITES are the numbers of paths that follow."""
    status_fd, parent, seconds = int(arguments[0]), int(arguments[1]), float(arguments[2])
    settings, rest = arguments[3:11], arguments[11:]
    os.set_inheritable(status_fd, False)
    _signal.pthread_sigmask(_signal.SIG_BLOCK, [_signal.SIGCHLD, _signal.SIGTERM])
    _confine.libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    watch = Watch(int(settings[1]), int(settings[0]), seconds)
    guest, line = _start(settings, rest)
    os.write(status_fd, f"{line}\n".encode())
    status, reason = _supervise(guest, parent, watch)
    late = _end_tree(guest)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = max(watch.peak, usage.ru_maxrss * 1024)
    if os.getppid() == parent:
        os.write(status_fd, f"end\t{reason}\t{usage.ru_utime + usage.ru_stime:.3f}\t{peak}\n".encode())
    _leave(status if status is not None else late)


if __name__ == "__main__":
    main(sys.argv[1:])
