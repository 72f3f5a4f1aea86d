"""What is broken, huge, hostile or in the way: a clear message or a coverage entry each, never a traceback or a
silent pass."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import env_line, git, repository, write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
CLEAN = {"README.md": "# Shop\n"}
LEAKY = {**CLEAN, ".env": env_line()}


def check(run_paved: RunPaved, root: Path, *args: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """Exit code and the run of a check for secrets only."""
    report = root.parent / "run.json"
    done = run_paved("check", str(root), "--only", "secrets", "--format", "json", "-o", str(report), *args, **options)
    assert "Traceback" not in done.stderr + done.stdout
    assert "fault of Pavedroad" not in done.stderr
    return done.returncode, json.loads(report.read_text())


def walked(run: dict[str, Any]) -> dict[str, Any]:
    (coverage,) = [c for c in run["coverage"] if c["scanner"] == "walk"]
    assert isinstance(coverage, dict)
    return coverage


@pytest.mark.parametrize(
    "text",
    [
        "gate: [unclosed\n",
        "\tx: 1\n",
        "version: 1\nversion: 1\n",
        "a: &a [*a]\n",
        "version: 2\n",
        "- a list\n",
        "gate:\n  rules:\n    - id: x\n      severity: grave\n",
        "scan:\n  limits:\n    file_size: lots\n",
        "[" * 5000,
    ],
)
def test_a_broken_configuration_ends_with_two_and_names_the_file(
    run_paved: RunPaved, tmp_path: Path, text: str
) -> None:
    root = repository(tmp_path / "p", {**CLEAN, "paved.yaml": text})
    done = run_paved("check", str(root))
    assert done.returncode == 2
    assert "paved.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_configuration_that_is_not_text_ends_with_two(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    (root / "paved.yaml").write_bytes(b"\xff\xfe\x00\x01")
    assert run_paved("check", str(root)).returncode == 2


def test_a_broken_ledger_ends_with_two(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {**CLEAN, ".paved/waivers.yaml": "waivers: [\n"})
    done = run_paved("check", str(root), "--only", "secrets")
    assert done.returncode == 2
    assert "waivers.yaml" in done.stderr


def test_a_100_mb_text_makes_the_run_incomplete_and_says_which_file(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    with (root / "dump.sql").open("wb") as stream:
        stream.writelines([b"-- words words words\n" * 50_000] * 100)
    code, run = check(run_paved, root)
    assert code == 3
    assert walked(run)["limits"][0]["where"] == "dump.sql"


def test_a_large_binary_is_passed_over_and_counted(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    with (root / "film.bin").open("wb") as stream:
        stream.truncate(100 << 20)
    code, run = check(run_paved, root)
    assert code == 0
    assert walked(run)["skipped"][0]["examples"] == ["film.bin"]


def test_a_zip_bomb_costs_nothing(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    with zipfile.ZipFile(root / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("zeros", "w") as inside:
        for _ in range(200):
            inside.write(b"0" * (1 << 20))
    assert check(run_paved, root, timeout=60)[0] == 0


def test_deeply_nested_data_files_do_not_stop_the_run(run_paved: RunPaved, tmp_path: Path) -> None:
    deep = 200_000
    files = {f"x.{end}": "[" * deep + "]" * deep for end in ("json", "yaml", "toml", "tfvars")}
    root = repository(tmp_path / "p", {**LEAKY, **files, ".docker/config.json": '{"a":' * deep})
    code, run = check(run_paved, root)
    assert code == 1
    assert any(f["finding"]["location"]["path"] == ".env" for f in run["findings"])


def test_link_loops_and_links_out_are_not_followed(run_paved: RunPaved, tmp_path: Path) -> None:
    write(tmp_path, {"outside/.env": env_line()})
    root = repository(tmp_path / "p", CLEAN)
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "file.env").symlink_to(tmp_path / "outside" / ".env")
    code, run = check(run_paved, root)
    assert (code, run.get("findings", [])) == (0, [])


def test_names_that_are_not_utf8_reach_every_report(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    with open(os.path.join(os.fsencode(root), b"caf\xe9\n.env"), "w", encoding="utf-8") as stream:  # noqa: PTH118, PTH123
        stream.write(env_line())
    formats = ["terminal", "sarif", "html", "markdown", "junit", "gitlab-secret-detection"]
    args = [part for name in formats for part in ("--format", name, "-o", str(tmp_path / "out" / name))]
    code, run = check(run_paved, root, *args)
    assert code == 1
    assert run["findings"][0]["finding"]["location"]["path"] == "caf\\xe9\n.env"


@pytest.mark.skipif(os.getuid() == 0 and shutil.which("setpriv") is None, reason="root can read everything")
def test_an_unreadable_file_makes_the_run_incomplete(tmp_path: Path) -> None:
    root = repository(tmp_path / "p", CLEAN)
    (root / "closed.env").write_text(env_line())
    (root / "closed.env").chmod(0)
    argv = [sys.executable, "-m", "pavedroad", "check", str(root), "--only", "secrets", "--no-cache"]
    env = {**os.environ, "HOME": str(tmp_path), "PAVED_CACHE_DIR": str(tmp_path / "cache")}
    if os.getuid() == 0:
        # Root without its power to read anything is as good as another user, and still owns the interpreter.
        argv = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps",
                "-dac_override,-dac_read_search", "--", *argv]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "closed.env" in done.stdout


def test_a_repository_without_commits_is_checked(run_paved: RunPaved, tmp_path: Path) -> None:
    root = tmp_path / "p"
    write(root, LEAKY)
    git(root, "init", "-q")
    assert check(run_paved, root)[0] == 1
    assert check(run_paved, root, "--history")[0] == 1
    git(root, "add", ".")
    assert check(run_paved, root, "--staged")[0] == 1
    assert run_paved("check", str(root), "--since", "HEAD").returncode == 2


def test_a_broken_repository_is_incomplete_and_says_why(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    (root / ".git" / "HEAD").write_text("nonsense\n")
    done = run_paved("check", str(root))
    assert done.returncode == 3
    assert "git" in done.stderr


def test_a_report_that_cannot_be_written_does_not_cost_the_others(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    good = tmp_path / "good.sarif"
    done = run_paved(
        "check",
        str(root),
        "--only",
        "secrets",
        "--format",
        "json",
        "-o",
        "/dev/full",
        "--format",
        "sarif",
        "-o",
        str(good),
    )
    assert done.returncode == 3
    assert "/dev/full" in done.stderr
    assert good.exists()
    assert "FAIL" in done.stdout


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB that only root can make."""
    mount = tmp_path / "small"
    mount.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=True)


def test_a_full_disk_costs_the_cache_and_not_the_verdict(run_paved: RunPaved, full_disk: Path) -> None:
    root = full_disk / "p"
    write(root, LEAKY)
    with (root / "filler.bin").open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(b"\0" * 4096):
            pass
    done = run_paved("check", str(root), "--only", "secrets")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_read_only_tree_is_checked_without_a_cache(run_paved: RunPaved, full_disk: Path) -> None:
    root = full_disk / "p"
    write(root, LEAKY)
    subprocess.run(["mount", "-o", "remount,ro", str(full_disk)], check=True)
    done = run_paved("check", str(root), "--only", "secrets")
    assert done.returncode == 1, done.stdout + done.stderr


def test_a_cache_that_git_tracks_is_not_believed(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    check(run_paved, root)
    git(root, "add", "-f", ".paved/cache/results.sqlite3")
    code, run = check(run_paved, root)
    assert code == 1
    assert any("tracked by git" in note for note in run["notes"])


def test_a_file_that_changes_kind_while_we_look_is_no_crash(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", LEAKY)
    (root / ".env").unlink()
    os.mkfifo(root / ".env")
    assert check(run_paved, root, timeout=60)[0] == 0
