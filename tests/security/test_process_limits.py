"""A guest cannot live beyond its limits, nor leave anything behind that does. Each test plays the guest that tries."""

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pavedroad.infra.process import Completed, Limits, Reach, run

MIB = 1 << 20


def python(code: str, cwd: Path, limits: Limits) -> Completed:
    """Run a few lines of Python as a guest that may write into ``cwd``."""
    return run([sys.executable, "-I", "-c", code], cwd=cwd, limits=limits, reach=Reach(write=(str(cwd),)))


def alive(pid: int) -> bool:
    """Whether a process still runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def gone_soon(pid: int) -> bool:
    """Whether the process ends within five seconds."""
    end = time.monotonic() + 5
    while alive(pid) and time.monotonic() < end:
        threading.Event().wait(0.02)
    return not alive(pid)


def test_a_guest_that_sleeps_is_ended_at_its_time(tmp_path: Path) -> None:
    result = run(["sleep", "60"], cwd=tmp_path, limits=Limits(seconds=0.4))
    assert result.timed_out
    assert result.returncode == -9
    assert result.seconds < 5


def test_a_guest_that_closed_its_output_is_still_ended_at_its_time(tmp_path: Path) -> None:
    code = "import os, time; os.closerange(0, 3); time.sleep(60)"
    assert python(code, tmp_path, Limits(seconds=0.5)).timed_out


def test_a_guest_that_ignores_signals_is_ended(tmp_path: Path) -> None:
    code = (
        "import signal, time\n"
        "for n in set(range(1, 32)) - {9, 19}: signal.signal(n, signal.SIG_IGN)\n"
        "while 1: time.sleep(9)"
    )
    assert python(code, tmp_path, Limits(seconds=0.5)).timed_out


DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        with open('pid', 'w') as file: file.write(str(os.getpid()))
        {rest}
    os._exit(0)
while not os.path.exists('pid') or not open('pid').read(): time.sleep(0.005)
{main}
"""
LINGER = "os.execve('/bin/sleep', ['sleep', '60'], {})"


@pytest.mark.parametrize("main", ["", "time.sleep(60)"], ids=["the guest ends", "the guest is ended"])
def test_a_daemon_with_a_session_and_environment_of_its_own_does_not_outlive_the_guest(
    tmp_path: Path, main: str
) -> None:
    python(DAEMON.format(rest=LINGER, main=main), tmp_path, Limits(seconds=1))
    assert not alive(int((tmp_path / "pid").read_text()))


def test_a_fork_bomb_is_ended_as_a_whole(tmp_path: Path) -> None:
    code = (
        "import os, time\n"
        "for _ in range(6):\n"  # 64 processes, all but the first in sessions of their own
        " if os.fork() == 0: os.setsid()\n"
        "open(f'pid-{os.getpid()}', 'w').close()\n"
        "time.sleep(60)\n"
    )
    assert python(code, tmp_path, Limits(seconds=1, memory=1024 * MIB)).timed_out
    pids = [int(path.name[4:]) for path in tmp_path.glob("pid-*")]
    assert len(pids) == 64
    assert [pid for pid in pids if alive(pid)] == []


def test_a_guest_cannot_shoot_its_supervisor_or_ends_with_it(tmp_path: Path) -> None:
    """Landlock keeps signals inside from version 6 on; before it, and without it, the guest dies of its own shot."""
    shoot = "os.kill(os.getppid(), 9); time.sleep(60)"
    daemon = DAEMON.format(rest="time.sleep(60)", main=shoot)
    result = python(daemon, tmp_path, Limits(seconds=20))
    version = re.fullmatch(r"confined by Landlock (\d+)", result.isolation.files)
    if version and int(version[1]) >= 6:
        assert b"PermissionError" in result.stderr
    else:
        assert result.returncode == -9
    assert result.seconds < 10
    assert gone_soon(int((tmp_path / "pid").read_text()))


def test_a_guest_does_not_outlive_us(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pavedroad.infra.process import Limits, start\n"
        "guest = start(['sleep', '60'], cwd='/', limits=Limits(seconds=60))\n"
        "print(guest.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    ours = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert gone_soon(int(ours.stdout))


def test_a_guest_that_eats_memory_gets_no_more(tmp_path: Path) -> None:
    result = python("x = []\nwhile 1: x.append(bytearray(1 << 20))", tmp_path, Limits(seconds=20, memory=64 * MIB))
    assert not result.ok
    assert result.killed_by == "memory" or b"MemoryError" in result.stderr
    assert result.peak_memory < 400 * MIB


def test_memory_is_counted_over_the_whole_tree(tmp_path: Path) -> None:
    code = (
        "import os, time\n"
        "for _ in range(4):\n"
        " if os.fork() == 0: x = os.urandom(40 << 20); time.sleep(60)\n"
        "time.sleep(60)"
    )
    result = python(code, tmp_path, Limits(seconds=20, memory=100 * MIB))
    assert result.killed_by == "memory"


def test_a_guest_that_burns_the_processor_is_ended(tmp_path: Path) -> None:
    result = python("while 1: pass", tmp_path, Limits(seconds=20, cpu_seconds=0.5))
    assert result.killed_by == "cpu"
    assert result.seconds < 10


def test_a_flood_of_output_ends_the_guest_and_keeps_the_beginning(tmp_path: Path) -> None:
    result = run(["yes"], cwd=tmp_path, limits=Limits(seconds=20, output=10_000))
    assert (result.killed_by, result.truncated, len(result.stdout)) == ("output", True, 10_000)
    assert not result.ok


def test_a_flood_of_complaints_is_cut_but_does_not_stop_the_work(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.write('x' * 300_000); print('done')"
    result = python(code, tmp_path, Limits(seconds=20, output=10_000))
    assert (result.returncode, result.stdout, len(result.stderr)) == (0, b"done\n", 10_000)
    assert result.truncated


def test_a_guest_cannot_fill_the_disk_with_one_file(tmp_path: Path) -> None:
    command = ["head", "-c", "4000000", "/dev/zero"]
    code = f"import subprocess; print(subprocess.call({command}, stdout=open('big', 'w')))"
    result = python(code, tmp_path, Limits(seconds=20, file_size=MIB))
    assert (tmp_path / "big").stat().st_size == MIB
    assert result.stdout == b"-25\n"  # SIGXFSZ


def test_open_files_are_limited(tmp_path: Path) -> None:
    code = "x = []\nwhile 1: x.append(open('/dev/null'))"
    assert b"Too many open files" in python(code, tmp_path, Limits(seconds=20, open_files=32)).stderr
