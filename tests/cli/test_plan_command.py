"""``paved plan`` as a process."""

import json
from pathlib import Path

import msgspec
import pytest

from pavedroad.core import Judged
from pavedroad.reports import dump_run
from tests.support.osv import record, write_source
from tests.support.paved_process import RunPaved
from tests.support.priority_samples import package
from tests.support.projects import repository
from tests.support.sample_run import sample_run


def saved(path: Path, *findings: Judged) -> Path:
    """A saved run with these findings."""
    path.write_bytes(dump_run(msgspec.structs.replace(sample_run(), findings=findings)))
    return path


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    return saved(
        tmp_path / "run.json",
        package("shop", "1.0", "1.2.5", number=1),
        package("shop", "1.0", "2.0.0", number=2),
        package("left", "1.0"),
        package("qs", "6.0.0", "6.5.3", ecosystem="npm", direct=False, path=("app", "express", "qs")),
    )


def test_the_table_says_what_closes_what_and_what_stays_open(run_paved: RunPaved, run_file: Path) -> None:
    done = run_paved("plan", "--run", str(run_file))
    assert done.returncode == 0, done.stderr
    for part in (
        "From the run of 2026-11-24 08:30 UTC",
        "2 steps close 3 of 4 package findings.",
        "PyPI shop 1.0 -> 2.0.0",
        "without a new major version: 1.2.5 closes 1 of 2",
        "npm qs 6.0.0 -> 6.5.3",
        "through express",
        "PyPI left 1.0: code/left-1.0-1 (high severity), no fixed version is known",
    ):
        assert part in done.stdout


def test_json_and_markdown_hold_the_same_steps(run_paved: RunPaved, run_file: Path) -> None:
    plan = json.loads(run_paved("plan", "--run", str(run_file), "--format", "json").stdout)
    assert [(step["package"], step["target"], len(step["closes"])) for step in plan["plan"]["steps"]] == [
        ("shop", "2.0.0", 2),
        ("qs", "6.5.3", 1),
    ]
    markdown = run_paved("plan", "--run", str(run_file), "--format", "markdown").stdout
    assert "| `PyPI shop 1.0 -> 2.0.0`; without a new major version" in markdown
    assert "### Open after all steps" in markdown


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_top_cuts_the_list_and_says_so(run_paved: RunPaved, run_file: Path, form: str) -> None:
    said = run_paved("plan", "--run", str(run_file), "--top", "1", "--format", form).stdout
    assert "shop" in said
    assert "express" not in said
    assert ('"steps_left_out": 1' if form == "json" else "and 1 more step") in said


def test_hostile_names_do_no_harm(run_paved: RunPaved, tmp_path: Path) -> None:
    evil = saved(tmp_path / "evil.json", package("a\x1b[2J|`<b>\u202e", "1.0\n", "2.0"))
    for form in ("table", "markdown", "json"):
        done = run_paved("plan", "--run", str(evil), "--format", form)
        assert done.returncode == 0, done.stderr
        assert not {"\x1b", "\u202e"} & set(done.stdout)


def test_the_last_run_of_the_project_is_taken(run_paved: RunPaved, tmp_path: Path) -> None:
    flaw = record("PYSEC-2026-1", "shoplib", "introduced:0", "fixed:2.0", aliases=["CVE-2026-1"])
    env = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    run_paved("advisories", "update", "--source", str(write_source(tmp_path / "osv", {"PyPI": [flaw]})), env=env)
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"})
    run_paved("check", str(root), "--only", "dependencies", env=env)
    done = run_paved("plan", str(root), env=env)
    assert "PyPI shoplib 1.0 -> 2.0" in done.stdout


def test_without_a_run_it_says_how_to_get_one(run_paved: RunPaved, tmp_path: Path) -> None:
    done = run_paved("plan", str(tmp_path))
    assert (done.returncode, "paved check" in done.stderr) == (2, True)
    missing = run_paved("plan", "--run", str(tmp_path / "none.json"))
    assert (missing.returncode, "no such file" in missing.stderr) == (2, True)


def test_a_file_that_is_no_run_is_refused(run_paved: RunPaved, tmp_path: Path) -> None:
    path = tmp_path / "junk.json"
    path.write_text("{}")
    done = run_paved("plan", "--run", str(path))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
