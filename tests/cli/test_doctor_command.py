"""``paved doctor`` as a user runs it, in good places and bad ones."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.paved_process import RunPaved
from tests.support.projects import repository, write


def ask(run_paved: RunPaved, root: Path, env: dict[str, str] | None = None) -> tuple[bool, dict[str, dict[str, Any]]]:
    """Whether it is ready, and the checks by name; the exit code says the same."""
    done = run_paved("doctor", str(root), "--json", env=env)
    report = json.loads(done.stdout)
    assert done.returncode == (0 if report["ready"] else 3), done.stderr
    return report["ready"], {check["name"]: check for check in report["checks"]}


@pytest.fixture
def data(tmp_path: Path, run_paved: RunPaved) -> dict[str, str]:
    """A data folder with a small advisory database, as an environment."""
    source = tmp_path / "mirror/PyPI"
    source.mkdir(parents=True)
    record = {
        "id": "OSV-1",
        "modified": "2020-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "shop"}, "versions": ["1.0"]}],
    }
    with zipfile.ZipFile(source / "all.zip", "w") as archive:
        archive.writestr("OSV-1.json", json.dumps(record))
    env = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    done = run_paved("advisories", "update", "--source", str(source.parent), "--ecosystem", "PyPI", env=env)
    assert done.returncode == 0, done.stderr
    return env


def test_a_fresh_machine_is_told_what_is_missing_and_how_to_get_it(run_paved: RunPaved, tmp_path: Path) -> None:
    ready, checks = ask(run_paved, repository(tmp_path / "p", {}))
    assert not ready
    assert checks["advisories"]["state"] == "missing"
    assert checks["advisories"]["next_step"] == "paved advisories update"


def test_with_everything_needed_it_is_ready_though_old_data_is_a_warning(
    run_paved: RunPaved, tmp_path: Path, data: dict[str, str]
) -> None:
    ready, checks = ask(run_paved, repository(tmp_path / "p", {}), data)
    assert ready, checks
    assert checks["advisories"]["state"] == "warn"
    assert "2020-01-01" in checks["advisories"]["sentence"]
    assert checks["python"]["state"] == checks["git"]["state"] == checks["config"]["state"] == "ok"


def test_a_project_without_dependencies_in_its_plan_needs_no_database(run_paved: RunPaved, tmp_path: Path) -> None:
    ready, checks = ask(run_paved, repository(tmp_path / "p", {"paved.yaml": "scan: {skip: [dependencies]}\n"}))
    assert ready, checks
    assert "leaves dependencies out" in checks["advisories"]["sentence"]


def test_a_damaged_database_is_wrong_not_missing(run_paved: RunPaved, tmp_path: Path, data: dict[str, str]) -> None:
    (Path(data["PAVED_DATA_DIR"]) / "advisories/osv.sqlite3").write_bytes(b"not a database")
    _, checks = ask(run_paved, repository(tmp_path / "p", {}), data)
    assert checks["advisories"]["state"] == "wrong"


def test_broken_settings_are_named_with_their_line(run_paved: RunPaved, tmp_path: Path) -> None:
    ready, checks = ask(run_paved, repository(tmp_path / "p", {"paved.yaml": "scan:\n  onyl: [secrets]\n"}))
    assert not ready
    assert checks["config"]["state"] == "wrong"
    assert "paved.yaml:2" in checks["config"]["sentence"]
    assert "only" in checks["config"]["sentence"] + checks["config"]["next_step"]


def test_a_project_key_is_found_in_settings_and_in_the_environment(run_paved: RunPaved, tmp_path: Path) -> None:
    bare, keyed = repository(tmp_path / "bare", {}), tmp_path / "keyed"
    repository(keyed, {"paved.yaml": f"project: {{key: {'k' * 40}}}\n"})
    assert ask(run_paved, bare)[1]["key"]["state"] == "warn"
    assert ask(run_paved, keyed)[1]["key"]["sentence"] == "from paved.yaml"
    assert ask(run_paved, bare, {"PAVED_HASH_KEY": "k" * 40})[1]["key"]["sentence"] == "from PAVED_HASH_KEY"


def test_hooks_are_recognised(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {})
    assert ask(run_paved, root)[1]["hooks"]["state"] == "warn"
    write(root, {".git/hooks/pre-commit": "#!/bin/sh\nexec paved check --staged\n"})
    assert ask(run_paved, root)[1]["hooks"]["state"] == "ok"
    assert ask(run_paved, root, {"CI": "true"})[1]["hooks"]["sentence"] == "not needed in CI"


def test_the_ci_platform_and_a_shallow_clone_are_told(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {"a": "1"})
    env = {"GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "main"}
    assert "github, pull-request" in ask(run_paved, root, env)[1]["ci"]["sentence"]
    repository(root, {"a": "2"})
    clone = ["git", "clone", "-q", "--depth", "1", f"file://{root}", str(tmp_path / "shallow")]
    subprocess.run(clone, check=True, capture_output=True)
    answer = ask(run_paved, tmp_path / "shallow", env)[1]["ci"]
    assert answer["state"] == "warn"
    assert "fetch-depth: 0" in answer["next_step"]


def test_a_cache_folder_behind_a_link_is_a_warning(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {})
    (root / ".paved").symlink_to(tmp_path)
    assert ask(run_paved, root)[1]["cache"]["state"] == "warn"


def test_a_user_cache_that_is_a_file_is_a_warning(run_paved: RunPaved, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    checks = ask(run_paved, repository(tmp_path / "p", {}), {"PAVED_CACHE_DIR": str(tmp_path / "file/cache")})[1]
    assert checks["cache"]["state"] == "warn"


def test_a_changed_guest_tool_stops(run_paved: RunPaved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pavedroad.infra import tools

    monkeypatch.setenv("PAVED_DATA_DIR", str(tmp_path / "data"))
    place = tools.home(tools.get("zizmor"))
    place.mkdir(parents=True)
    (place / tools.MANIFEST).write_text("{}")
    checks = ask(run_paved, tmp_path)[1]
    assert checks["tools"]["state"] == "wrong"
    assert "paved tools sync zizmor" in checks["tools"]["next_step"]


def test_the_plain_report_has_a_word_for_each_state_and_changes_nothing(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {})
    before = sorted(root.iterdir())
    done = run_paved("doctor", str(root))
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(" ")]
    assert {line.split()[0] for line in lines[:-1]} <= {"ok", "warn", "missing", "wrong"}
    assert lines[-1].startswith("not ready")
    assert sorted(root.iterdir()) == before


def test_a_folder_that_is_not_there_is_a_usage_error(run_paved: RunPaved, tmp_path: Path) -> None:
    assert run_paved("doctor", str(tmp_path / "absent")).returncode == 2
