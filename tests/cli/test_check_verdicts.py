"""``paved check`` as a process: verdicts, comparisons, exit codes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pavedroad.core.clock import SystemClock
from tests.support.projects import env_line, fake_secret, git, repository, write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
CLEAN = {"README.md": "# Shop\n", "src/app.py": "print('hello')\n"}
LEAKY = {**CLEAN, ".env": env_line()}


def check(run_paved: RunPaved, root: Path, *args: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """Exit code and the run of a check for secrets only."""
    report = root.parent / "run.json"
    report.unlink(missing_ok=True)
    done = run_paved("check", str(root), "--only", "secrets", "--format", "json", "-o", str(report), *args, **options)
    assert "Traceback" not in done.stderr + done.stdout
    return done.returncode, json.loads(report.read_text()) if report.exists() else {"stderr": done.stderr}


def test_a_clean_tree_passes(run_paved: RunPaved, tmp_path: Path) -> None:
    code, run = check(run_paved, repository(tmp_path / "p", CLEAN))
    assert (code, run["verdict"]["outcome"]) == (0, "pass")


def test_a_secret_fails_and_the_reason_names_rule_finding_and_appeal(run_paved: RunPaved, tmp_path: Path) -> None:
    code, run = check(run_paved, repository(tmp_path / "p", LEAKY))
    assert (code, run["verdict"]["outcome"]) == (1, "fail")
    reason = run["verdict"]["reasons"][0]
    assert reason["gate_rule"]
    assert reason["findings"] == [run["findings"][0]["finding"]["fingerprint"]]
    assert "paved waive" in reason["appeal"]


def test_exit_zero_only_changes_the_exit_code(run_paved: RunPaved, tmp_path: Path) -> None:
    code, run = check(run_paved, repository(tmp_path / "p", LEAKY), "--exit-zero")
    assert (code, run["verdict"]["outcome"]) == (0, "fail")


def test_a_folder_that_is_no_repository_is_checked_too(run_paved: RunPaved, tmp_path: Path) -> None:
    write(tmp_path / "p", LEAKY)
    assert check(run_paved, tmp_path / "p")[0] == 1


def test_an_empty_folder_is_incomplete_and_never_a_pass(run_paved: RunPaved, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    assert check(run_paved, tmp_path / "p")[0] == 3


def test_only_what_is_new_since_a_ref_fails(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    write(root, {"src/app.py": "print('changed')\n"})
    code, run = check(run_paved, root, "--since", "HEAD")
    assert (code, run["scope"]) == (0, "changes")
    write(root, {"more.env": env_line("two")})
    code, run = check(run_paved, root, "--since", "HEAD")
    new = [f["finding"]["location"]["path"] for f in run["findings"] if f["change"] == "new"]
    assert (code, new) == (1, ["more.env"])


def test_older_findings_are_counted_from_the_cache(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    check(run_paved, root)
    write(root, {"src/app.py": "print('changed')\n"})
    assert check(run_paved, root, "--since", "HEAD")[1]["older"] == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda root: git(root, "mv", ".env", "prod.env"),
        lambda root: write(root, {".env": "# a comment\n\n\n" + env_line()}),
        lambda root: write(root, {".env": env_line().replace("=", " = ")}),
    ],
    ids=["renamed", "shifted", "reformatted"],
)
def test_moving_a_secret_about_does_not_make_it_new(
    run_paved: RunPaved, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    root = repository(tmp_path / "p", LEAKY)
    before = check(run_paved, root)[1]["findings"][0]["finding"]["fingerprint"]
    change(root)
    code, run = check(run_paved, root, "--since", "HEAD")
    assert (code, [f["change"] for f in run["findings"]]) == (0, ["old"])
    assert run["findings"][0]["finding"]["fingerprint"] == before


def test_a_second_copy_of_a_known_secret_is_new(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    write(root, {"copy.env": env_line()})
    assert check(run_paved, root, "--since", "HEAD")[0] == 1


def test_two_equal_secrets_on_two_lines_stay_two_findings(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {".env": env_line(name="DB_PASSWORD") + env_line(name="API_PASSWORD")})
    marks = {f["finding"]["fingerprint"] for f in check(run_paved, root)[1]["findings"]}
    assert len(marks) == 2


def test_staged_looks_at_the_index_and_not_at_the_working_file(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    write(root, LEAKY)
    assert check(run_paved, root, "--staged")[0] == 0
    git(root, "add", ".env")
    (root / ".env").write_text("nothing here any more\n")
    code, run = check(run_paved, root, "--staged")
    assert (code, run["decision"]["control_point"]) == (1, "commit")


def test_a_baseline_stands_in_for_history(run_paved: RunPaved, tmp_path: Path) -> None:
    root = tmp_path / "p"
    write(root, LEAKY)
    check(run_paved, root)
    (tmp_path / "run.json").rename(tmp_path / "baseline.json")
    assert check(run_paved, root, "--baseline", str(tmp_path / "baseline.json"))[0] == 0
    write(root, {"new.env": env_line("two")})
    assert check(run_paved, root, "--baseline", str(tmp_path / "baseline.json"))[0] == 1


def test_history_finds_what_was_deleted_long_ago(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    first = git(root, "rev-parse", "HEAD")
    git(root, "rm", "-q", ".env")
    git(root, "commit", "-qm", "second")
    assert check(run_paved, root)[0] == 0
    code, run = check(run_paved, root, "--history")
    assert (code, run["findings"][0]["finding"]["location"]["commit"]) == (1, first)


def test_in_a_pull_request_the_merge_base_is_the_base(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    git(root, "checkout", "-qb", "fix")
    write(root, {"src/app.py": "print('fix')\n"})
    git(root, "commit", "-qam", "fix")
    env = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "fix"}
    code, run = check(run_paved, root, env=env)
    assert (code, run["scope"], run["decision"]["control_point"]) == (0, "changes", "pull-request")


def test_a_base_that_cannot_be_found_gates_everything(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    env = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "gone"}
    code, run = check(run_paved, root, env=env)
    assert code == 1
    assert any("counts as new" in note for note in run["notes"])


def test_a_shallow_clone_says_what_to_fetch(run_paved: RunPaved, tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", CLEAN)
    git(origin, "commit", "-qm", "second", "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{origin}", "p")
    done = run_paved("check", str(tmp_path / "p"), "--since", "HEAD~1")
    assert done.returncode == 2
    assert "shallow" in done.stderr
    assert "fetch-depth: 0" in done.stderr


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("--since", "no-such-ref"), "no-such-ref"),
        (("--only", "secret"), "did you mean 'secrets'"),
        (("--format", "sarf", "-o", "x"), "sarif"),
        (("--since", "HEAD", "--staged"), "at most one"),
        (("--baseline", "missing.json"), "no such baseline"),
        (("--config", "missing.yaml"), "no such configuration"),
        (("--no-such-option",), "No such option"),
    ],
)
def test_usage_errors_end_with_two_and_help(
    run_paved: RunPaved, tmp_path: Path, args: tuple[str, ...], hint: str
) -> None:
    root = repository(tmp_path / "p", CLEAN)
    done = run_paved("check", str(root), *args, cwd=root)
    assert done.returncode == 2
    assert hint in done.stderr


def test_a_missing_folder_is_a_usage_error(run_paved: RunPaved, tmp_path: Path) -> None:
    done = run_paved("check", str(tmp_path / "none"))
    assert (done.returncode, "no such file or folder" in done.stderr) == (2, True)


def test_an_unknown_setting_is_an_error_with_a_suggestion(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {**CLEAN, "paved.yaml": "version: 1\ngate:\n  ruls: []\n"})
    done = run_paved("check", str(root))
    assert done.returncode == 2
    assert "rules" in done.stderr
    assert "paved.yaml" in done.stderr


def test_two_runs_at_once_both_tell_the_truth(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    argv = [sys.executable, "-m", "pavedroad", "check", str(root), "--only", "secrets"]
    both = [subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    for process, (out, err) in zip(both, said, strict=True):
        assert process.returncode == 1, err
        assert b"FAIL" in out


def test_ctrl_c_ends_with_130_and_without_a_traceback(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {f"f{n}.txt": f"{n} words\n" * 2000 for n in range(400)})
    argv = [sys.executable, "-m", "pavedroad", "check", str(root), "--only", "secrets", "--no-cache"]
    # A rule cache of its own makes the scanner compile its rules, so there is time to interrupt.
    env = {**os.environ, "PAVED_CACHE_DIR": str(tmp_path / "cold")}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        _wait_for_worker(process.pid)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"interrupted" in err


def _wait_for_worker(parent: int) -> None:
    """Until the process has a child: its scanner was started."""
    import time

    until = time.monotonic() + 30
    while time.monotonic() < until:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        tasks = Path(f"/proc/{parent}/task").iterdir()
        if any((task / "children").read_text().strip() for task in tasks) and children.exists():
            return
        time.sleep(0.05)
    raise AssertionError("no scanner process was started")


def test_the_secret_is_in_no_output_no_cache_and_no_log(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    formats = [
        "terminal",
        "json",
        "sarif",
        "html",
        "markdown",
        "junit",
        "gitlab-secret-detection",
        "gitlab-code-quality",
    ]
    args = [part for name in formats for part in ("--format", name, "-o", str(tmp_path / "out" / name))]
    done = run_paved("check", str(root), "--only", "secrets", "-v", *args)
    assert done.returncode == 1
    secret = fake_secret().encode()
    said = (done.stdout + done.stderr).encode()
    written = [p.read_bytes() for p in (*(tmp_path / "out").iterdir(), *(root / ".paved").rglob("*")) if p.is_file()]
    assert len(written) > len(formats)
    assert all(secret not in text and secret[4:20] not in text for text in (said, *written))


def test_the_limit_on_findings_makes_the_run_incomplete_and_is_said(run_paved: RunPaved, tmp_path: Path) -> None:
    settings = "version: 1\nscan: {limits: {findings: 2}}\ngate: {modes: {secrets: warn}}\n"
    lines = "".join(env_line(str(n), f"PASSWORD_{n}") for n in range(5))
    root = repository(tmp_path / "p", {**CLEAN, ".env": lines, "paved.yaml": settings})
    code, run = check(run_paved, root)
    (coverage,) = [c for c in run["coverage"] if c["scanner"] == "secrets"]
    assert code == 3
    assert coverage["limits"][0]["limit"] == "scan.limits.findings"
    assert len([f for f in run["findings"] if f["finding"]["kind"] == "secrets"]) == 2


def test_a_waiver_is_not_called_stale_while_a_scanner_could_not_run(run_paved: RunPaved, tmp_path: Path) -> None:
    first = SystemClock().now().date()
    scope, dates = "{fingerprint: pr1-" + "0" * 32 + "}", f"created: {first}, expires: {first + timedelta(days=30)}"
    ledger = f"version: 1\nwaivers:\n  - {{id: W-1, scope: {scope}, owner: a, reason: b, ticket: c, {dates}}}\n"
    files = {"requirements.txt": "jinja2==2.10\n", ".paved/waivers.yaml": ledger}
    root = repository(tmp_path / "p", files)
    env = {"PAVED_DATA_DIR": str(tmp_path / "no-database")}
    done = run_paved("check", str(root), "--no-cache", env=env)
    assert done.returncode == 3
    assert "waivers/stale" not in done.stdout
    (root / "requirements.txt").unlink()
    assert "waivers/stale" in run_paved("check", str(root), "--no-cache", env=env).stdout
