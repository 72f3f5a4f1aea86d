"""``paved explain`` as a process."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.osv import record, write_source
from tests.support.projects import env_line, fake_secret, repository

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def checked(run_paved: RunPaved, tmp_path: Path) -> Path:
    """A project with a leak, checked once."""
    root = repository(tmp_path / "p", {".env": env_line()})
    run_paved("check", str(root), "--only", "secrets")
    return root


def fingerprint(run_paved: RunPaved, root: Path) -> str:
    said = run_paved("check", str(root), "--only", "secrets").stdout
    return next(word.strip(",") for word in said.split() if word.startswith("pr1-"))


def test_the_start_of_a_fingerprint_shows_page_match_fix_and_history(run_paved: RunPaved, checked: Path) -> None:
    done = run_paved("explain", fingerprint(run_paved, checked), cwd=checked)
    assert done.returncode == 0
    for part in ("Why it matters", ".env:1", "fix:", "blocks the gate", "first seen"):
        assert part in done.stdout
    assert fake_secret() not in done.stdout


def test_a_rule_shows_its_page_also_without_a_run(run_paved: RunPaved, tmp_path: Path) -> None:
    done = run_paved("explain", "waivers/expired", cwd=tmp_path)
    assert (done.returncode, "waivers/expired" in done.stdout) == (0, True)


def test_an_advisory_is_found_by_any_of_its_names(run_paved: RunPaved, tmp_path: Path) -> None:
    flaw = record("PYSEC-2026-1", "shoplib", "introduced:0", "fixed:2", aliases=["CVE-2026-1"])
    env = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    run_paved("advisories", "update", "--source", str(write_source(tmp_path / "osv", {"PyPI": [flaw]})), env=env)
    done = run_paved("explain", "dependencies/CVE-2026-1", cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    assert "Flaw in shoplib" in done.stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("secrets/env-fil", "secrets/env-file"),
        ("pr1-ffffffffffff", "no finding"),
        ("pr1-", "give more of it"),
        ("nonsense", "docs/reference/rules.md"),
    ],
)
def test_unknown_names_end_with_two_and_a_hint(run_paved: RunPaved, checked: Path, name: str, hint: str) -> None:
    done = run_paved("explain", name, cwd=checked)
    assert done.returncode == 2, done.stdout + done.stderr
    assert hint in done.stderr


def test_without_a_saved_run_it_says_how_to_get_one(run_paved: RunPaved, tmp_path: Path) -> None:
    done = run_paved("explain", "pr1-ffffffffffff", cwd=tmp_path)
    assert (done.returncode, "paved check" in done.stderr) == (2, True)
