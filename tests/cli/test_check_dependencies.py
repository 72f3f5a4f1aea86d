"""Dependencies through the whole gate: with data, without, with old data, and in a change."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.osv import record, write_source
from tests.support.projects import repository, write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
TODAY = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
CRITICAL = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]


def flaw(**more: Any) -> dict[str, Any]:
    made: dict[str, Any] = record("CVE-2026-1", "shoplib", "introduced:0", "fixed:2.0", severity=CRITICAL, **more)
    return {**made, "modified": more.get("modified", TODAY)}


def imported(run_paved: RunPaved, tmp_path: Path, **ecosystems: dict[str, Any]) -> dict[str, str]:
    """The environment of a user whose database holds these records."""
    env = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    source = write_source(tmp_path / "osv", {name: [each] for name, each in ecosystems.items()})
    done = run_paved("advisories", "update", "--source", str(source), env=env)
    assert done.returncode == 0, done.stderr
    return env


def check(run_paved: RunPaved, root: Path, *args: str, env: dict[str, str]) -> tuple[int, dict[str, Any]]:
    report = root.parent / "run.json"
    done = run_paved(
        "check", str(root), "--only", "dependencies", "--format", "json", "-o", str(report), *args, env=env
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done.returncode, json.loads(report.read_text())


def test_a_vulnerable_version_fails_and_the_fixed_one_passes(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"})
    code, run = check(run_paved, root, env=env)
    finding = run["findings"][0]["finding"]
    assert (code, finding["rule"], finding["remediation"]["fixed_versions"]) == (1, "dependencies/CVE-2026-1", ["2.0"])
    write(root, {"requirements.txt": "shoplib==2.0\n"})
    assert check(run_paved, root, env=env)[0] == 0


def test_without_a_database_the_run_is_incomplete_and_says_how_to_get_one(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"})
    code, run = check(run_paved, root, env={"PAVED_DATA_DIR": str(tmp_path / "none")})
    assert (code, run["verdict"]["outcome"]) == (3, "incomplete")
    assert "paved advisories update" in json.dumps(run["verdict"]["reasons"])


def test_a_project_without_lock_files_needs_no_database(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {"README.md": "hello\n"})
    done = run_paved("check", str(root), env={"PAVED_DATA_DIR": str(tmp_path / "none")})
    assert done.returncode == 0, done.stdout


def test_old_data_makes_the_run_incomplete_only_where_it_judged(run_paved: RunPaved, tmp_path: Path) -> None:
    old = {**record("GO-1", "example.com/m", "introduced:0", ecosystem="Go"), "modified": "2020-01-01T00:00:00Z"}
    env = imported(run_paved, tmp_path, PyPI=flaw(), Go=old)
    python = repository(tmp_path / "python", {"requirements.txt": "shoplib==2.0\n"})
    assert check(run_paved, python, env=env)[0] == 0
    go = repository(tmp_path / "go", {"go.mod": "module example.com/a\n\ngo 1.22\n\nrequire example.com/x v1.0.0\n"})
    assert check(run_paved, go, env=env)[0] == 3


def test_a_version_bump_that_stays_vulnerable_is_not_new(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"})
    write(root, {"requirements.txt": "other==1\nshoplib==1.1\n"})
    code, run = check(run_paved, root, "--since", "HEAD", env=env)
    assert (code, [f["change"] for f in run["findings"]]) == (0, ["old"])
    write(root, {"more/requirements.txt": "shoplib==1.0\n"})
    assert check(run_paved, root, "--since", "HEAD", env=env)[0] == 1


def test_new_data_is_not_answered_from_the_cache(run_paved: RunPaved, tmp_path: Path) -> None:
    harmless = flaw(affected={"package": {"ecosystem": "PyPI", "name": "another"}})
    env = imported(run_paved, tmp_path, PyPI=harmless)
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"})
    assert check(run_paved, root, env=env)[0] == 0
    env = imported(run_paved, tmp_path, PyPI=flaw())
    assert check(run_paved, root, env=env)[0] == 1


def test_a_waiver_may_name_any_alias(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, PyPI=flaw(aliases=["GHSA-aaaa-bbbb-cccc"]))
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"})
    done = run_paved(
        "waive", "--rule", "dependencies/GHSA-aaaa-bbbb-cccc", "--component", "pkg:pypi/shoplib", "--owner", "o",
        "--reason", "not reachable", "--ticket", "T-1", "--days", "30", cwd=root, env=env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert check(run_paved, root, env=env)[0] == 0


def test_a_change_in_a_file_that_another_one_includes_is_seen(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    root = repository(tmp_path / "p", {"requirements.txt": "-r deps.in\n", "deps.in": "shoplib==2.0\n"})
    assert check(run_paved, root, env=env)[0] == 0
    write(root, {"deps.in": "shoplib==1.0\n"})
    for cache in ((), (), ("--no-cache",)):
        code, run = check(run_paved, root, "--since", "HEAD", *cache, env=env)
        assert (code, [each["change"] for each in run["findings"]]) == (1, ["new"])
    assert check(run_paved, root, env=env)[0] == 1  # the cached answer of the first run no longer holds


def test_what_an_included_file_always_brought_is_not_new(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    root = repository(tmp_path / "p", {"requirements.txt": "-r deps.in\n", "deps.in": "shoplib==1.0\n"})
    write(root, {"deps.in": "shoplib==1.0\n# a comment\n"})
    code, run = check(run_paved, root, "--since", "HEAD", env=env)
    assert (code, [each["change"] for each in run["findings"]]) == (0, ["old"])
