"""A guest reads what it needs and writes its own folder; the rest of the machine's files is closed to it.

The tests that play an attacker need a kernel with Landlock and say so where they are left out. That a kernel without it
is told, and changes nothing else, is tried everywhere: a system call filter plays such a kernel.
"""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from pavedroad.infra import _confine, _landlock, _reach
from pavedroad.infra._reach import Reach, reachable
from pavedroad.infra.process import Completed, Limits, run

QUICK = Limits(seconds=20)
HERE = _landlock.abi(_confine.libc)
needs_landlock = pytest.mark.skipif(HERE == 0, reason="this kernel has no Landlock, so nothing can be closed")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a key, and beside it a project: the tree."""
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/id_ed25519").write_text("the key")
    (tmp_path / "project").mkdir()
    (tmp_path / "project/app.py").write_text("x = 1\n")
    return tmp_path


def guest(code: str, cwd: Path, reach: Reach | None = None, **more: object) -> Completed:
    return run([sys.executable, "-I", "-c", code], cwd=cwd, limits=QUICK, reach=reach, **more)  # type: ignore[arg-type]


@needs_landlock
@pytest.mark.parametrize("network", [False, True])
def test_a_guest_cannot_read_what_lies_beside_its_tree(home: Path, *, network: bool) -> None:
    done = guest("print(open('../.ssh/id_ed25519').read())", home / "project", network=network)
    assert done.isolation.files == f"confined by Landlock {HERE}"
    assert b"PermissionError" in done.stderr
    assert done.stdout == b""


@needs_landlock
@pytest.mark.parametrize(
    "code",
    [
        "os.symlink(os.path.abspath('../.ssh/id_ed25519'), tmp + '/x'); open(tmp + '/x')",
        "os.link('../.ssh/id_ed25519', tmp + '/x')",
        "os.rename('../.ssh', tmp + '/x')",
        "os.listdir('..')",
        "os.listdir('../.ssh')",
        "open('/proc/self/cwd/../.ssh/id_ed25519')",
        "subprocess.run(['/bin/cat', '../.ssh/id_ed25519'], check=True)",
        "open(f'/proc/{outside}/environ').read()",
        "open(f'/proc/{outside}/root/etc/hostname').read()",
        "os.kill(outside, 0) if signals else open('../.ssh/id_ed25519')",
    ],
)
def test_no_way_round_leads_there(home: Path, code: str) -> None:
    text = (
        f"import os, subprocess\noutside, signals = {os.getpid()}, {HERE >= 6}\n"
        f"tmp = os.environ['TMPDIR']\n{code}\nprint('in')"
    )
    done = guest(text, home / "project")
    assert b"in" not in done.stdout
    assert done.returncode == 1


@needs_landlock
@pytest.mark.parametrize("code", ["open('new', 'w')", "os.unlink('app.py')", "open('app.py', 'a')", "os.mkdir('x')",
                                  "os.truncate('app.py', 0)", "open('/tmp/of-a-guest', 'w')"])  # fmt: skip
def test_a_guest_reads_its_tree_and_writes_nothing_there(home: Path, code: str) -> None:
    tree = home / "project"
    done = guest(f"import os\nprint(open('app.py').read())\n{code}\nprint('in')", tree)
    assert done.stdout == b"x = 1\n\n", done.stderr
    assert (tree / "app.py").read_text() == "x = 1\n"
    assert [path.name for path in tree.iterdir()] == ["app.py"]


def test_a_guest_has_a_folder_of_its_own_to_write_in(home: Path) -> None:
    code = (
        "import os, tempfile, subprocess, sys\n"
        "with tempfile.TemporaryDirectory() as folder: open(folder + '/x', 'w').write('y')\n"
        "open(os.environ['HOME'] + '/z', 'w').write('w'); open(os.devnull, 'w').write('gone')\n"
        "os.rename(os.environ['HOME'] + '/z', os.environ['HOME'] + '/zz')\n"
        "subprocess.run([sys.executable, '-I', '-c', 'import ssl, sqlite3, msgspec, pavedroad'], check=True)"
    )
    done = guest(code, home / "project")
    assert done.returncode == 0, done.stderr


def test_what_a_caller_names_is_in_reach_and_a_missing_folder_to_write_is_made(home: Path) -> None:
    reach = Reach(read=(str(home / ".ssh"), str(home / "absent")), write=(str(home / "cache/rules"),))
    code = "print(open('../.ssh/id_ed25519').read()); open('../cache/rules/compiled', 'w').write('x')"
    done = guest(code, home / "project", reach)
    assert done.stdout == b"the key\n", done.stderr
    assert (home / "cache/rules/compiled").read_text() == "x"


@needs_landlock
def test_a_named_folder_to_read_is_not_one_to_write(home: Path) -> None:
    done = guest("open('../.ssh/authorized_keys', 'w')", home / "project", Reach(read=(str(home / ".ssh"),)))
    assert b"PermissionError" in done.stderr


# A small program that takes Landlock away from itself (as an old kernel, or an old container engine, does).
WITHOUT_LANDLOCK = """
import ctypes, struct, sys
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (6, 0, 0, 0x50000 | {error}), (6, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *s) for s in steps))
program = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', len(steps), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program) == 0
from pavedroad.infra.process import Limits, run
done = run([sys.executable, '-I', '-c', "print('ran')"], cwd='/', limits=Limits(seconds=20))
print(done.stdout.decode().strip(), done.isolation.network[:4], done.isolation.files)
"""


@pytest.mark.parametrize(("error", "why"), [(38, "not built in"), (95, "switched off"), (1, "Operation not permitted")])
def test_a_kernel_without_landlock_is_told_and_the_guest_runs_as_before(error: int, why: str) -> None:
    code = WITHOUT_LANDLOCK.format(error=error)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == f"ran none open: no Landlock in this kernel ({why})\n", done.stderr


# --- the rules themselves, for versions that this kernel may not have ---


@pytest.mark.parametrize(
    ("version", "size", "rights"),
    [
        (1, 8, 0x1FFF),
        (2, 8, 0x3FFF),
        (3, 8, 0x7FFF),
        (4, 16, 0x7FFF),
        (5, 16, 0xFFFF),
        (6, 24, 0xFFFF),
        (9, 24, 0xFFFF),
    ],
)
def test_each_version_is_asked_for_what_it_knows(version: int, size: int, rights: int) -> None:
    packed = _landlock.attributes(version, network=False)
    assert len(packed) == size
    assert struct.unpack_from("=Q", packed)[0] == _landlock.handled(version) == rights


def test_signals_stay_inside_and_abstract_sockets_too_unless_the_network_is_given() -> None:
    assert struct.unpack("=QQQ", _landlock.attributes(6, network=False))[2] == 3
    assert struct.unpack("=QQQ", _landlock.attributes(6, network=True))[2] == 2


@pytest.mark.parametrize("version", range(1, 8))
@pytest.mark.parametrize("write", [False, True])
def test_a_rule_gives_no_right_that_its_version_or_its_file_does_not_have(version: int, *, write: bool) -> None:
    folder = _landlock.allowed(version, write=write, folder=True)
    file = _landlock.allowed(version, write=write, folder=False)
    assert folder & ~_landlock.handled(version) == 0
    assert file & ~(folder & _landlock.OF_FILES) == 0
    assert bool(folder & _landlock.WRITE_FILE) is write
    assert folder & (_landlock.MAKE_CHAR | _landlock.MAKE_BLOCK) == 0


def test_the_usual_reach_leaves_the_home_out(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(sys, "path", [*sys.path, str(home), str(home.parent), "", str(home / "packages")])
    _reach._usual.cache_clear()
    read, write = reachable(Reach(), sys.executable, str(home / "project"), str(home / "scratch"))
    _reach._usual.cache_clear()
    inside = {path for path in read if Path(path).is_relative_to(home)}
    assert inside == {str(home / "project"), str(home / "packages")}
    assert not {"/", "/etc", "/home", "/root", "/tmp", "/var", "/dev", str(home.parent)} & {*read, *write}
    assert {path for path in write if not path.startswith("/dev/")} == {str(home / "scratch")}
