"""What stands where a plain file, a folder or an open output should be: said in words, never waited for, never a
silent pass."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paved_process import RunPaved
from tests.support.projects import env_line, repository, write

CLEAN = {"README.md": "# Shop\n"}
LEAKY = {**CLEAN, ".env": env_line()}
ONLY = ("--only", "secrets")
SECONDS = 60.0  # a run that waits for a pipe would wait for ever
UNPRIVILEGED = "-dac_override,-dac_read_search"


def stated(done: "subprocess.CompletedProcess[str]") -> str:
    """What was said on stderr, after a look for crashes."""
    assert "Traceback" not in done.stderr + done.stdout
    assert "fault of Pavedroad" not in done.stderr
    return done.stderr


def as_nobody_special(root: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    """A check by someone who may not read everything, which root otherwise may."""
    argv = [sys.executable, "-m", "pavedroad", "check", str(root), *ONLY, "--no-cache", *args]
    if os.getuid() == 0:
        argv = ["setpriv", "--bounding-set", UNPRIVILEGED, "--inh-caps", UNPRIVILEGED, "--", *argv]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=SECONDS)


needs_less_than_root = pytest.mark.skipif(
    os.getuid() == 0 and shutil.which("setpriv") is None, reason="root can read everything, and there is no setpriv"
)


@pytest.mark.parametrize(("name", "code"), [("paved.yaml", 2), (".paved/waivers.yaml", 3), (".pavedignore", 3)])
@pytest.mark.parametrize("kind", ["pipe", "folder", "huge"])
def test_a_pipe_a_folder_or_100_mb_instead_of_a_settings_file_is_told(
    run_paved: RunPaved, tmp_path: Path, name: str, code: int, kind: str
) -> None:
    root = repository(tmp_path / "p", CLEAN)
    path = root / name
    path.parent.mkdir(exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("wb") as stream:
            stream.truncate(100 << 20)
    done = run_paved("check", str(root), *ONLY, timeout=SECONDS)
    assert name.rpartition("/")[2] in stated(done)
    assert "next: " in done.stderr
    assert done.returncode == code


def test_a_pipe_that_the_user_names_is_read(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    pipe = tmp_path / "settings"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"echo 'version: 2' > '{pipe}'"]):
        done = run_paved("check", str(root), *ONLY, "--config", str(pipe), timeout=SECONDS)
    assert (done.returncode, "version" in stated(done)) == (2, True)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', "[" * 100_000, "\xff"])
def test_a_baseline_that_is_no_run_is_a_usage_error_that_names_it(
    run_paved: RunPaved, tmp_path: Path, text: str
) -> None:
    root = repository(tmp_path / "p", LEAKY)
    (tmp_path / "base.json").write_text(text)
    done = run_paved("check", str(root), *ONLY, "--baseline", str(tmp_path / "base.json"))
    assert done.returncode == 2
    assert "base.json: the baseline cannot be used" in stated(done)


@needs_less_than_root
def test_an_unreadable_folder_that_git_does_not_track_makes_the_run_incomplete(tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    write(root, {"closed/.env": env_line()})
    (root / "closed").chmod(0)
    done = as_nobody_special(root)
    ignoring = as_nobody_special(write_ignore(root, "closed/\n"))
    (root / "closed").chmod(0o755)
    assert (done.returncode, "(closed)" in done.stdout) == (3, True), done.stdout + stated(done)
    assert ignoring.returncode == 0, ignoring.stdout


def write_ignore(root: Path, text: str) -> Path:
    (root / ".pavedignore").write_text(text)
    return root


@needs_less_than_root
@pytest.mark.parametrize("closed", [".paved", ".git", "."])
def test_a_folder_of_ours_that_cannot_be_opened_is_told(tmp_path: Path, closed: str) -> None:
    root = repository(tmp_path / "p", {**LEAKY, ".paved/waivers.yaml": "version: 1\n"})
    (root / closed).chmod(0)
    try:
        done = as_nobody_special(root)
    finally:
        (root / closed).chmod(0o755)
    assert done.returncode in {2, 3}, done.stdout
    assert stated(done)


def test_a_reader_who_leaves_does_not_change_the_verdict(tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    report = tmp_path / "run.json"
    command = '"$0" -m pavedroad check "$1" --only secrets --format terminal --format json -o - -o "$2"'
    reading, writing = os.pipe()
    os.close(reading)
    try:
        argv = ["sh", "-c", command, sys.executable, str(root), str(report)]
        done = subprocess.run(argv, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=SECONDS)
    finally:
        os.close(writing)
    assert (done.returncode, report.exists()) == (1, True), done.stderr
    assert "Broken pipe" not in done.stderr


@pytest.mark.parametrize("redirected", [">/dev/full", ">&-"])
@pytest.mark.parametrize("command", ["check . --only secrets", "doctor", "--help"])
def test_an_output_that_cannot_be_written_is_no_pass_and_no_crash(
    tmp_path: Path, redirected: str, command: str
) -> None:
    root = repository(tmp_path / "p", CLEAN)
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m pavedroad {command} {redirected}', sys.executable],
        cwd=root, capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    stated(done)
    if "check" in command or "full" in redirected:
        assert done.returncode == 3
        assert "output" in done.stderr


def test_a_base_that_cannot_be_found_is_told_where_the_verdict_is(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    env = {"GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "absent"}
    done = run_paved("check", str(root), *ONLY, env=env)
    assert "github names origin/absent as the base, but git cannot find it" in done.stdout


# Modules that a check imports, its worker among them; whoever owns the tree chooses their names.
NAMES = ("msgspec", "stat", "pavedroad", "sitecustomize", "usercustomize", "ctypes", "kingfisher", "packaging")


def _with_modules_of_its_own(root: Path, ran: Path) -> Path:
    code = f"open({str(ran)!r}, 'w').close()\n"
    files = {f"{name}.py": code for name in NAMES} | {f"{name}/__init__.py": code for name in NAMES}
    return repository(root, {**LEAKY, **files})


def test_code_of_the_scanned_tree_never_runs(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    root = _with_modules_of_its_own(tmp_path / "p", ran)
    argv = [sys.executable, "-P", "-m", "pavedroad", "check", "--no-cache", *ONLY]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 1, done.stdout + done.stderr
    assert not ran.exists()


def test_the_hook_runs_no_code_of_the_tree(run_paved: RunPaved, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    root = _with_modules_of_its_own(tmp_path / "p", ran)
    run_paved("init", str(root), "--ci", "none")
    env = {**os.environ, "PATH": "/usr/bin:/bin"}
    done = subprocess.run([root / ".git/hooks/pre-commit"], cwd=root, env=env, capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    assert not ran.exists()
