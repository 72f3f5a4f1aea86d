"""Updates that are killed, that meet a full disk, or that run at the same time leave a whole database behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pavedroad.advisories import Database
from pavedroad.advisories.sources import FolderSource
from pavedroad.advisories.update import update
from pavedroad.core.clock import FixedClock
from tests.support.osv import NOW, record, write_source

DB = "osv.sqlite3"
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from pavedroad.__main__ import main
sys.argv[0] = "paved"
sys.exit(main())
"""


def source(base: Path, words: str, count: int = 400) -> Path:
    records = [record(f"X-{i}", f"tank{i}", "introduced:0", details=f"{words} {i} " * 60) for i in range(count)]
    return write_source(base / "source", {"PyPI": records})


def command(base: Path) -> list[str]:
    where = ["--source", str(base / "source"), "--database", str(base / DB)]
    return [sys.executable, "-m", "pavedroad", "advisories", "update", *where]


def refresh(base: Path) -> str:
    return update(FolderSource(base / "source"), base / DB, clock=FixedClock(NOW)).digest


def digest(base: Path) -> str:
    with Database.open(base / DB) as database:
        database.verify()
        return database.digest


@pytest.mark.parametrize("size", [0, 1, 30_000, 120_000])
def test_an_update_that_is_killed_leaves_the_old_state_or_the_new_one(tmp_path: Path, size: int) -> None:
    source(tmp_path, "old words")
    old = refresh(tmp_path)
    source(tmp_path, "new words")
    process = subprocess.Popen(command(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            if any(path.stat().st_size >= size for path in tmp_path.glob(f"{DB}.*.new") if path.is_file()):
                break
        except OSError:
            continue  # it was renamed or removed while we looked
    process.kill()
    process.wait()
    found = digest(tmp_path)
    new = refresh(tmp_path)
    assert found in (old, new)
    assert old != new
    assert digest(tmp_path) == new
    assert not list(tmp_path.glob("*.new*"))


@pytest.mark.parametrize("limit", [8_192, 40_000, 100_000])
def test_a_full_disk_is_a_message_and_the_old_state_stays(tmp_path: Path, limit: int) -> None:
    source(tmp_path, "old words")
    old = refresh(tmp_path)
    source(tmp_path, "new words")
    limited = [sys.executable, "-c", LIMITED, str(limit), *command(tmp_path)[3:]]
    done = subprocess.run(limited, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3, done.stderr
    assert "check the free space" in done.stderr
    assert "Traceback" not in done.stderr
    assert digest(tmp_path) == old
    assert not list(tmp_path.glob("*.new*"))


def test_readers_see_one_whole_state_while_updates_follow_each_other(tmp_path: Path) -> None:
    """Each state has one word in all its records: a reader that saw two words saw a mix."""
    source(tmp_path, "word0", 60)
    refresh(tmp_path)
    writer = (
        "import sys; from pathlib import Path\n"
        "from tests.security.test_advisories_survive import source, refresh\n"
        "base = Path(sys.argv[1])\n"
        "for turn in range(1, 12): source(base, f'word{turn}', 60); refresh(base)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", writer, str(tmp_path)], cwd=Path(__file__).parents[2])
    seen = set()
    while process.poll() is None:
        with Database.open(tmp_path / DB) as database:
            words = {database.lookup("PyPI", f"tank{i}")[0].header.details.split()[0] for i in (0, 20, 40, 59)}
        assert len(words) == 1
        seen |= words
    assert process.returncode == 0
    assert len(seen) > 1


def test_two_updates_and_a_repair_at_once_end_well(tmp_path: Path) -> None:
    source(tmp_path, "old words", 50)
    refresh(tmp_path)
    (tmp_path / f"{DB}.delta").write_bytes(b"garbage")
    started = [subprocess.Popen(command(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    with Database.open(tmp_path / DB) as database:
        assert json.dumps([facts.records for facts in database.ecosystems()]) == "[50]"
