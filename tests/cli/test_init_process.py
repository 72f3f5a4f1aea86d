"""``paved init`` as a process: it sets a project up and touches nothing that is there."""

import os
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pavedroad.cli.init.model import Package
from pavedroad.cli.init.proposals import platforms
from tests.support.paved_process import RunPaved

KEY = re.compile(r"^  key: ([0-9a-f]{64})$", re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git repository whose remote is on GitHub."""
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    git(root, "remote", "add", "origin", "git@github.com:team/shop.git")
    return root


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def snapshot(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file() and (".git" not in p.parts or "hooks" in p.parts))
    return {str(p.relative_to(root)): p.read_bytes() for p in files}


def test_init_writes_settings_hook_and_job_and_says_what_is_next(run_paved: RunPaved, project: Path) -> None:
    done = run_paved("init", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "\nnext: paved check\n" in done.stdout
    assert KEY.search((project / "paved.yaml").read_text())
    hook = project / ".git/hooks/pre-commit"
    assert hook.stat().st_mode & stat.S_IXUSR
    assert "check --staged" in hook.read_text()
    assert (project / ".github/workflows/paved.yml").is_file()


def test_two_projects_never_share_a_key(run_paved: RunPaved, tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        run_paved("init", cwd=tmp_path / name)
        match = KEY.search((tmp_path / name / "paved.yaml").read_text())
        assert match
        keys.add(match[1])
    assert len(keys) == 2


def test_a_second_init_changes_nothing(run_paved: RunPaved, project: Path) -> None:
    run_paved("init", cwd=project)
    before = snapshot(project)
    done = run_paved("init", cwd=project)
    assert done.stdout.count("already there:") == 3
    assert snapshot(project) == before


def test_existing_files_are_left_and_what_would_be_added_is_shown(run_paved: RunPaved, project: Path) -> None:
    (project / "paved.yaml").write_text("version: 1\n")
    (project / ".gitlab-ci.yml").write_text("build:\n  script: make\n")
    (project / ".pre-commit-config.yaml").write_text("repos: []\n")
    before = snapshot(project)
    done = run_paved("init", "--ci", "gitlab", cwd=project)
    assert snapshot(project) == before
    assert done.stdout.count("left as it is:") == 3
    for shown in ("key: ", "id: paved", "gl-secret-detection-report.json"):
        assert shown in done.stdout


def test_dry_run_shows_every_file_and_writes_none(run_paved: RunPaved, project: Path) -> None:
    before = snapshot(project)
    done = run_paved("init", "--dry-run", cwd=project)
    assert snapshot(project) == before
    assert done.stdout.count("would write") == 3
    assert "fetch-depth: 0" in done.stdout


def test_force_keeps_the_old_file_and_the_project_key(run_paved: RunPaved, project: Path) -> None:
    key = "k" * 40
    (project / "paved.yaml").write_text(f"project: {{key: {key}}}\n")
    (project / ".git/hooks").mkdir(exist_ok=True)
    (project / ".git/hooks/pre-commit").write_text("#!/bin/sh\nexit 0\n")
    done = run_paved("init", "--force", cwd=project)
    assert "replaced paved.yaml" in done.stdout
    assert f"key: {key}" in (project / "paved.yaml").read_text()
    assert (project / "paved.yaml.before-paved").read_text() == f"project: {{key: {key}}}\n"
    assert (project / ".git/hooks/pre-commit.before-paved").read_text() == "#!/bin/sh\nexit 0\n"


def test_force_never_replaces_a_file_that_holds_other_jobs(run_paved: RunPaved, project: Path) -> None:
    (project / "Jenkinsfile").write_text("pipeline {}\n")
    run_paved("init", "--force", "--ci", "jenkins", cwd=project)
    assert (project / "Jenkinsfile").read_text() == "pipeline {}\n"


def test_a_link_in_the_tree_does_not_lead_the_writing_elsewhere(
    run_paved: RunPaved, project: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / ".github").symlink_to(elsewhere)
    (project / "paved.yaml").symlink_to(elsewhere / "paved.yaml")
    done = run_paved("init", "--force", "--ci", "github", cwd=project)
    assert done.returncode == 0, done.stderr
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (".github/dependabot.yml", "GitHub Actions"),
        (".gitlab-ci.yml", "GitLab CI"),
        ("Jenkinsfile", "Jenkins"),
        (".circleci/config.yml", "CircleCI"),
        ("azure-pipelines.yml", "Azure Pipelines"),
    ],
)
def test_the_platform_is_found_by_its_files(run_paved: RunPaved, tmp_path: Path, mark: str, name: str) -> None:
    (tmp_path / mark).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / mark).write_text("x: y\n")
    assert f"job for {name}" in run_paved("init", "--dry-run", cwd=tmp_path).stdout


def test_without_a_known_platform_no_job_is_written_and_it_says_how_to_choose(
    run_paved: RunPaved, tmp_path: Path
) -> None:
    done = run_paved("init", cwd=tmp_path)
    assert "choose one with --ci NAME" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["paved.yaml"]


def test_an_unknown_platform_is_a_usage_error_that_lists_the_known_ones(run_paved: RunPaved, tmp_path: Path) -> None:
    done = run_paved("init", "--ci", "travis", cwd=tmp_path)
    assert done.returncode == 2
    assert all(name in done.stderr for name in platforms())


def test_a_path_that_is_no_folder_is_a_usage_error(run_paved: RunPaved, tmp_path: Path) -> None:
    assert run_paved("init", str(tmp_path / "absent")).returncode == 2


def test_hooks_moved_by_another_tool_are_left_and_told(run_paved: RunPaved, project: Path) -> None:
    git(project, "config", "core.hooksPath", ".husky")
    done = run_paved("init", cwd=project)
    assert "core.hooksPath names another folder" in done.stdout
    assert not (project / ".git/hooks/pre-commit").exists()


def test_a_linked_work_tree_gets_the_hook_of_its_repository(run_paved: RunPaved, project: Path, tmp_path: Path) -> None:
    git(project, "commit", "-q", "--allow-empty", "-m", "start")
    git(project, "worktree", "add", "-q", str(tmp_path / "linked"))
    run_paved("init", cwd=tmp_path / "linked")
    assert (project / ".git/hooks/pre-commit").is_file()


def _fake_paved(folder: Path, code: int) -> dict[str, str]:
    folder.mkdir()
    program = folder / "paved"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/asked\nexit {code}\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.parametrize(("code", "committed"), [(0, True), (1, False), (2, False), (3, True)])
def test_the_hook_stops_a_commit_on_fail_and_leaves_incomplete_to_ci(
    run_paved: RunPaved, project: Path, tmp_path: Path, code: int, committed: bool
) -> None:
    run_paved("init", "--ci", "none", cwd=project)
    env = _fake_paved(tmp_path / "bin", code)
    done = subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "x"], cwd=project, env=env, check=False)
    assert (done.returncode == 0) is committed
    assert (tmp_path / "bin/asked").read_text() == "check --staged --quiet\n"


def _commands(value: Any, under: str = "") -> Iterator[Any]:
    """Everything a job runs: a colon in an unquoted command would silently make it a mapping."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _commands(inner, key)
    elif isinstance(value, list):
        yield from value if under == "script" else ()
        for inner in value:
            yield from _commands(inner)
    elif under in {"run", "script", "command"}:
        yield value


@pytest.mark.parametrize("name", sorted(platforms()))
def test_every_job_fetches_the_whole_history_and_checks(name: str) -> None:
    platform = platforms()[name]
    job = platform.job(Package(arguments='"pavedroad==1.2.3"'))
    assert '"pavedroad==1.2.3"' in job
    assert re.search(r'paved"? check', job)
    assert "advisories update" in job
    assert re.search(r"fetch-depth: 0|GIT_DEPTH: \"0\"|unshallow|whole history|fetchDepth: 0", job)
    if platform.path.endswith(("yml", "yaml")):
        assert all(isinstance(command, str) for command in _commands(yaml.safe_load(job)))


def test_the_github_job_pins_its_action_and_asks_for_reading_only() -> None:
    job = yaml.safe_load(platforms()["github"].job(Package(arguments="x")))
    assert job["permissions"] == {}
    assert job["jobs"]["paved"]["permissions"] == {"contents": "read"}
    uses = [step["uses"] for step in job["jobs"]["paved"]["steps"] if "uses" in step]
    assert uses
    assert all(re.fullmatch(r"actions/checkout@[0-9a-f]{40}", use) for use in uses)
