"""A guest cannot reach the network or our secrets, and we hear how it ended. Each test plays the guest that tries."""

import ctypes
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pavedroad.infra.errors import GuestError
from pavedroad.infra.process import Completed, Limits, run, start

ROOT = Path(__file__).resolve().parents[2]
MIB = 1 << 20
QUICK = Limits(seconds=20, memory=512 * MIB)


def python(code: str, cwd: Path, limits: Limits = QUICK, **more: object) -> Completed:
    """Run a few lines of Python as a guest."""
    return run([sys.executable, "-I", "-c", code], cwd=cwd, limits=limits, **more)  # type: ignore[arg-type]


# --- network ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(socket_enabled: None) -> object:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    yield listener
    listener.close()


CONNECT = "import socket; socket.create_connection(('127.0.0.1', {port}), 2); print('in')"


@pytest.mark.loopback
def test_a_guest_cannot_connect_to_a_server_on_this_machine(tmp_path: Path, server: socket.socket) -> None:
    result = python(CONNECT.format(port=server.getsockname()[1]), tmp_path)
    assert result.returncode == 1
    assert b"in" not in result.stdout
    assert result.isolation.network.startswith("none")
    server.setblocking(False)
    with pytest.raises(BlockingIOError):
        server.accept()


@pytest.mark.loopback
def test_a_guest_that_was_given_the_network_can_connect(tmp_path: Path, server: socket.socket) -> None:
    result = python(CONNECT.format(port=server.getsockname()[1]), tmp_path, network=True)
    assert result.stdout == b"in\n", result.stderr
    assert result.isolation.network == "allowed"


def test_a_guest_cannot_reach_a_local_socket_file(tmp_path: Path, socket_enabled: None) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "engine.sock"))
        listener.listen()
        result = python("import socket; socket.socket(socket.AF_UNIX).connect('engine.sock'); print('in')", tmp_path)
    assert b"in" not in result.stdout


def test_a_guest_sees_no_network_interface_but_an_idle_loopback(tmp_path: Path) -> None:
    result = run(["cat", "/proc/self/net/dev"], cwd=tmp_path, limits=QUICK)
    if "own namespace refused" in result.isolation.network:
        pytest.skip(f"this kernel refuses network namespaces: {result.isolation.network}")
    names = [line.split(":")[0].strip() for line in result.stdout.decode().splitlines()[2:]]
    assert names == ["lo"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities to lose")
def test_a_guest_of_root_keeps_rights_over_files_only(tmp_path: Path) -> None:
    status = run(["cat", "/proc/self/status"], cwd=tmp_path, limits=QUICK).stdout.decode()
    values = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert int(values["CapEff"], 16) <= 0x1F
    assert values["NoNewPrivs"] == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could walk back")
def test_a_guest_of_root_cannot_walk_back_into_our_network(tmp_path: Path) -> None:
    code = (
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        f"fd = os.open('/proc/{os.getpid()}/ns/net', os.O_RDONLY)\n"
        "print('in' if libc.setns(fd, 0) == 0 else 'out')\n"
    )
    assert b"in" not in python(code, tmp_path).stdout


# A small program that forbids itself unshare (as container engines do), then runs a guest and prints the isolation.
WITHOUT_NAMESPACES = """
import ctypes, os, struct, sys
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 272 if os.uname().machine == 'x86_64' else 97), (6, 0, 0, 0x50001),
         (6, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *s) for s in steps))
program = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', len(steps), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program) == 0
from pavedroad.infra.process import Limits, run
done = run([sys.executable, '-I', '-c', "import socket; socket.socket()"], cwd='/', limits=Limits(seconds=20))
print(done.isolation.network)
print(done.returncode, b'PermissionError' in done.stderr)
"""


def test_where_namespaces_are_refused_sockets_still_are_and_the_run_says_so() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT_NAMESPACES], capture_output=True, text=True, timeout=60, check=False
    )
    assert "own namespace refused by the kernel: unshare" in result.stdout, result.stderr
    assert result.stdout.startswith("none: no sockets")
    assert result.stdout.endswith("1 True\n")


ORDINARY_USER = """
from pavedroad.infra.process import Limits, run
done = run(['cat', '/proc/self/net/dev', '/etc/hostname'], cwd='/', limits=Limits(seconds=20))
print(done.isolation.network.split(':')[0], done.returncode, done.stdout.decode().count(':'))
print(run(['id', '-u'], cwd='/', limits=Limits(seconds=20)).stdout.decode())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_confines_guests_too() -> None:
    setpriv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    # The interpreter may live in a folder of root; reading is all that this capability gives.
    may_read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    try:
        result = subprocess.run(
            [*setpriv, *may_read, sys.executable, "-c", ORDINARY_USER],
            capture_output=True, text=True, timeout=60, check=False, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("setpriv (util-linux) is not installed")
    assert result.stdout.startswith("none 0 "), result.stderr
    assert result.stdout.rstrip().endswith("65534")


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_our_environment_does_not_reach_the_guest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "hunter" + "2")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    result = run(["env"], cwd=tmp_path, limits=QUICK, env={"GIVEN": "yes"})
    names = {line.partition("=")[0] for line in result.stdout.decode().splitlines()}
    assert names == {"PATH", "LANG", "HOME", "TMPDIR", "PAVED_GUEST", "GIVEN"}
    assert result.isolation.environment == "scrubbed; given: GIVEN"


def test_the_environment_of_the_supervisor_is_scrubbed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "hunter" + "2")
    result = python("import os; print(open(f'/proc/{os.getppid()}/environ').read())", tmp_path)
    assert b"hunter" not in result.stdout + result.stderr


def test_the_home_of_a_guest_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    code = "import os; h = os.environ['HOME']; print(h, oct(os.stat(h).st_mode)[-3:]); open(h + '/x', 'w')"
    home, mode = python(code, tmp_path).stdout.decode().split()
    assert mode == "700"
    assert not Path(home).exists()


def test_files_of_ours_that_are_open_are_closed_for_the_guest(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        result = python("import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd')))", tmp_path)
    assert result.stdout in (b"[0, 1, 2, 3]\n", b"[0, 1, 2]\n")


def test_a_program_of_the_scanned_tree_is_never_the_one_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "bin" / "uname"
    trap.parent.mkdir()
    trap.write_text("#!/bin/sh\necho trapped\n")
    trap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{trap.parent}:.:{os.environ['PATH']}")
    assert run(["uname"], cwd=tmp_path, limits=QUICK).stdout != b"trapped\n"


def test_shell_characters_in_an_argument_are_only_characters(tmp_path: Path) -> None:
    text = "$(touch made); `touch made` | & > made 'x' \"y\" \\ *"
    assert run(["printf", "%s", text], cwd=tmp_path, limits=QUICK).stdout.decode() == text
    assert not (tmp_path / "made").exists()


# --- ends and beginnings ---------------------------------------------------------------------------------------------


def test_a_guest_may_close_its_input_early(tmp_path: Path) -> None:
    result = run(["head", "-c", "1"], cwd=tmp_path, limits=QUICK, stdin=b"x" * 5_000_000)
    assert (result.stdout, result.returncode) == (b"x", 0)


def test_large_input_comes_back_whole(tmp_path: Path) -> None:
    text = os.urandom(3 * MIB)
    assert run(["cat"], cwd=tmp_path, limits=QUICK, stdin=text).stdout == text


@pytest.mark.parametrize("number", [4, 6, 9, 11, 15])
def test_a_crash_is_told_as_the_signal_it_was(tmp_path: Path, number: int) -> None:
    result = python(f"import os; os.kill(os.getpid(), {number})", tmp_path)
    assert (result.returncode, result.killed_by, result.ok) == (-number, "", False)
    assert list(tmp_path.iterdir()) == []  # no core file


def test_an_exit_code_is_told(tmp_path: Path) -> None:
    assert python("raise SystemExit(7)", tmp_path).returncode == 7


def test_a_missing_program_is_named_with_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(GuestError, match=r"'no-such-program'.*not found(?s:.*)install") as caught:
        run(["no-such-program"], cwd=tmp_path, limits=QUICK)
    assert caught.value.next_step


def test_a_file_that_is_no_program_is_an_error_not_a_crash(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x00\x01not a program")
    broken.chmod(0o755)
    with pytest.raises(GuestError, match="Exec format error"):
        run([str(broken)], cwd=tmp_path, limits=QUICK)


def test_a_missing_working_folder_is_an_error_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(GuestError):
        run(["true"], cwd=tmp_path / "absent", limits=QUICK)


def test_a_nul_byte_in_an_argument_is_an_error_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(GuestError, match="NUL"):
        run(["echo", "a\0b"], cwd=tmp_path, limits=QUICK)


def test_a_long_lived_guest_talks_and_is_ended_on_leaving(tmp_path: Path) -> None:
    code = "import sys\nprint('ready', file=sys.stderr)\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
    with start([sys.executable, "-I", "-c", code], cwd=tmp_path, limits=QUICK) as guest:
        for word in (b"one\n", b"two\n"):
            guest.stdin.write(word)
            guest.stdin.flush()
            assert guest.stdout.readline() == word.upper()
        assert guest.poll() is None
    assert guest.poll() == -9
    assert guest.stderr_tail() == "ready\n"


def test_a_long_lived_guest_keeps_only_the_end_of_its_complaints(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.write('x' * 1_000_000 + 'last words')"
    with start([sys.executable, "-I", "-c", code], cwd=tmp_path, limits=QUICK) as guest:
        guest.wait(20)
        tail = guest.stderr_tail()
    assert tail.endswith("last words")
    assert len(tail) <= 2 * 65536


def test_a_long_lived_guest_meets_its_limit_though_nobody_waits(tmp_path: Path) -> None:
    with start(["sleep", "60"], cwd=tmp_path, limits=Limits(seconds=0.4)) as guest:
        assert guest.stdout.read() == b""
        guest.wait(5)
        assert guest.ending()[0] == "time"


def test_a_guest_started_by_a_thread_that_ends_lives_on(tmp_path: Path) -> None:
    guests = []
    thread = threading.Thread(target=lambda: guests.append(start(["cat"], cwd=tmp_path, limits=QUICK)))
    thread.start()
    thread.join()
    with guests[0] as guest:
        guest.stdin.write(b"still here\n")
        guest.stdin.flush()
        assert guest.stdout.readline() == b"still here\n"


def test_a_worker_of_ours_can_import_us(tmp_path: Path) -> None:
    result = run([sys.executable, "-m", "pavedroad", "--version"], cwd=tmp_path, limits=QUICK)
    assert result.stdout.startswith(b"paved "), result.stderr


def test_no_descriptor_and_no_process_is_left_behind(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        run(["true"], cwd=tmp_path, limits=QUICK)
        with start(["cat"], cwd=tmp_path, limits=QUICK):
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert ctypes.CDLL(None).waitpid(-1, None, 1) <= 0
