"""`paved advisories` as a process."""

import subprocess
import sys
from pathlib import Path

from pavedroad.advisories import Database
from tests.support.osv import record, write_source
from tests.support.paved_process import RunPaved


def source(base: Path) -> Path:
    return write_source(
        base / "source",
        {
            "PyPI": [record("X-1", "tank", "introduced:0")],
            "npm": [record("N-1", "tank", "introduced:0", ecosystem="npm")],
        },
    )


def test_update_then_status_tell_what_is_there(tmp_path: Path, run_paved: RunPaved) -> None:
    env = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    done = run_paved("advisories", "update", "--source", str(source(tmp_path)), env=env)
    assert done.returncode == 0
    assert "imported PyPI: 1 records, newest of 2026-02-20" in done.stdout
    assert done.stderr == ""
    status = run_paved("advisories", "status", env=env)
    assert status.returncode == 0
    for text in ("PyPI", "npm", "2026-02-20", "sha256", str(tmp_path / "source" / "npm" / "all.zip")):
        assert text in status.stdout


def test_a_second_update_says_that_nothing_changed(tmp_path: Path, run_paved: RunPaved) -> None:
    arguments = ("advisories", "update", "--source", str(source(tmp_path)), "--database", str(tmp_path / "osv.sqlite3"))
    assert run_paved(*arguments).returncode == 0
    assert "unchanged PyPI: 1 records" in run_paved(*arguments).stdout


def test_only_the_named_ecosystem_is_imported(tmp_path: Path, run_paved: RunPaved) -> None:
    target = tmp_path / "osv.sqlite3"
    done = run_paved(
        "advisories", "update", "--source", str(source(tmp_path)), "--ecosystem", "npm", "--database", str(target)
    )
    assert done.returncode == 0
    with Database.open(target) as database:
        assert [facts.name for facts in database.ecosystems()] == ["npm"]


def test_status_without_a_database_ends_with_3_and_the_next_step(tmp_path: Path, run_paved: RunPaved) -> None:
    done = run_paved("advisories", "status", "--database", str(tmp_path / "absent"))
    assert done.returncode == 3
    assert "paved advisories update" in done.stderr


def test_broken_records_are_counted_and_can_be_listed(tmp_path: Path, run_paved: RunPaved) -> None:
    broken = record("X-2", "tank", "vanished:1")
    write_source(tmp_path / "source", {"PyPI": [record("X-1", "tank", "introduced:0"), broken]})
    target = str(tmp_path / "osv.sqlite3")
    done = run_paved("advisories", "update", "--source", str(tmp_path / "source"), "--database", target)
    assert "1 broken" in done.stdout
    listed = run_paved("advisories", "status", "--broken", "--database", target)
    assert "broken PyPI X-2.json: a range event is of an unknown kind" in listed.stdout


def test_a_bad_source_is_a_message_and_not_a_traceback(tmp_path: Path, run_paved: RunPaved) -> None:
    for bad in (str(tmp_path), str(tmp_path / "absent"), "http://192.0.2.1/", "ftp://example.org/x"):
        done = run_paved("advisories", "update", "--source", bad, "--database", str(tmp_path / "osv.sqlite3"))
        assert done.returncode == 3
        assert "next:" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "osv.sqlite3").exists()


def test_two_updates_at_once_both_end_well(tmp_path: Path) -> None:
    where, target = str(source(tmp_path)), str(tmp_path / "osv.sqlite3")
    command = [sys.executable, "-m", "pavedroad", "advisories", "update", "--source", where, "--database", target]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with Database.open(target) as database:
        assert [facts.name for facts in database.ecosystems()] == ["PyPI", "npm"]
