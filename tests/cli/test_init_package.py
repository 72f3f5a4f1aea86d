"""What the CI job of ``paved init`` installs, and that the job's own lines really do it."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pavedroad import __version__
from pavedroad.cli.init.package import choose_package
from pavedroad.cli.init.proposals import platforms
from pavedroad.core.errors import UsageError
from tests.support import foreign_wheel
from tests.support.paved_process import RunPaved

COMMIT = "0123456789abcdef" * 2 + "01234567"
PLACE = "git+https://forge.example/team/pavedroad.git"
PUBLISHED = f'--only-binary :all: "pavedroad=={__version__}"'


def installed(tmp_path: Path, direct_url: str | None) -> dict[str, str]:
    """An environment in which Pavedroad's own installation tells this of its origin; None: nothing, as from an
    index."""
    info = tmp_path / "site" / f"pavedroad-{__version__}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: pavedroad\nVersion: {__version__}\n")
    if direct_url is not None:
        (info / "direct_url.json").write_text(direct_url)
    return {"PYTHONPATH": str(tmp_path / "site")}


def job_of(name: str, root: Path) -> str:
    return (root / platforms()[name].path).read_text()


def vcs(url: str, commit: str = COMMIT, **more: str) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}, **more})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    return root


@pytest.mark.parametrize("name", sorted(platforms()))
def test_from_an_index_the_job_installs_this_version_and_nothing_is_left_to_say(
    run_paved: RunPaved, project: Path, tmp_path: Path, name: str
) -> None:
    done = run_paved("init", "--ci", name, cwd=project, env=installed(tmp_path, None))
    assert f"install {PUBLISHED}" in job_of(name, project)
    assert "package index" not in job_of(name, project) + done.stdout
    assert done.stdout.endswith("next: paved check\n")


@pytest.mark.parametrize("name", sorted(platforms()))
@pytest.mark.parametrize(
    "origin",
    [
        json.dumps({"url": "file:///home/me/pavedroad", "dir_info": {"editable": True}}),
        json.dumps({"url": "file:///home/me/pavedroad.whl", "archive_info": {}}),
        vcs("ssh://git@forge.example/team/pavedroad.git"),
        vcs("https://user:word@forge.example/team/pavedroad.git"),
        vcs("https://forge.example/team/pavedroad.git", "main"),
        vcs('https://forge.example/"; id; "'),
        "{broken",
    ],
)
def test_from_a_folder_the_job_and_the_last_line_say_what_to_do(
    run_paved: RunPaved, project: Path, tmp_path: Path, name: str, origin: str
) -> None:
    done = run_paved("init", "--ci", name, cwd=project, env=installed(tmp_path, origin))
    assert done.returncode == 0, done.stderr
    assert f"install {PUBLISHED}" in job_of(name, project)
    assert "this job then fails where it installs" in job_of(name, project)
    last = done.stdout.splitlines()[-1]
    assert last.startswith("next: this Pavedroad did not come from a package index")
    assert "pip wheel --no-deps -w vendor" in last
    assert f"--package vendor/pavedroad-{__version__}-py3-none-any.whl" in last


def test_from_git_the_job_installs_the_same_commit(run_paved: RunPaved, project: Path, tmp_path: Path) -> None:
    origin = installed(tmp_path, vcs("https://forge.example/team/pavedroad.git"))
    done = run_paved("init", "--ci", "github", cwd=project, env=origin)
    assert f'install --only-binary :all: "{PLACE}@{COMMIT}"' in job_of("github", project)
    assert done.stdout.endswith("next: paved check\n")


@pytest.mark.parametrize("spec", ["pavedroad==1.2.3", "acme-pavedroad[x]==12.0+acme.1", f"{PLACE}@{COMMIT}"])
def test_a_named_package_is_what_the_job_installs(run_paved: RunPaved, project: Path, spec: str) -> None:
    done = run_paved("init", "--ci", "gitlab", "--package", spec, cwd=project)
    assert done.returncode == 0, done.stderr
    assert f'"{spec}"' in job_of("gitlab", project)
    assert done.stdout.endswith("next: paved check\n")


def test_a_wheel_in_the_project_is_installed_by_its_path_and_must_be_committed(
    run_paved: RunPaved, project: Path
) -> None:
    wheel = foreign_wheel.build(project / "vendor")
    done = run_paved("init", "--ci", "azure", "--package", f"vendor/{wheel.name}", cwd=project)
    assert f'install --only-binary :all: "./vendor/{wheel.name}"' in job_of("azure", project)
    assert f"next: commit vendor/{wheel.name}" in done.stdout


@pytest.mark.parametrize(
    "spec",
    [
        "", "pavedroad", "pavedroad>=1", "pavedroad==1.*", "pavedroad==1; id", 'pavedroad==1" && id #',
        "pavedroad==$(id)",        "pavedroad==`id`", "pavedroad==${{github.token}}", "pavedroad==$(Agent.Name)",
        "pavedroad==<<x>>",
        "-r evil.txt",         "--index-url=https://evil.example", "-e.",
        "pavedroad==1\nid", "pavedroad==1'''", "pavedroad==1\\", "päved==1",
        "git+https://forge.example/x.git", "git+https://forge.example/x.git@main", f"{PLACE}@{COMMIT[:12]}",
        f"git+https://me:word@forge.example/x@{COMMIT}", f"git+ssh://git@forge.example/x@{COMMIT}",
        f"git+http://forge.example/x@{COMMIT}", f"git+file:///x@{COMMIT}", f"git+https://forge.example/../x@{COMMIT}",
        "https://forge.example/pavedroad-1-py3-none-any.whl", "/abs/pavedroad-1-py3-none-any.whl", "vendor/other.whl",
        "../pavedroad-1-py3-none-any.whl", "vendor/absent-1-py3-none-any.whl", "vendor/link-1-py3-none-any.whl",
        "x" * 501,
    ],
)  # fmt: skip
def test_what_could_inject_or_change_later_or_is_not_there_is_refused_and_nothing_is_written(
    run_paved: RunPaved, project: Path, tmp_path: Path, spec: str
) -> None:
    foreign_wheel.build(project / "vendor").rename(project / "vendor" / "other.whl")
    (project / "vendor" / "link-1-py3-none-any.whl").symlink_to(foreign_wheel.build(tmp_path / "elsewhere"))
    done = run_paved("init", "--ci", "github", "--package", spec, cwd=project)
    assert done.returncode == 2
    assert "--package" in done.stderr
    assert "next: " in done.stderr
    assert not (project / "paved.yaml").exists()


@given(st.text(max_size=60) | st.text(alphabet="pavedrod=1.@:/+-[],~", max_size=60))
def test_whatever_is_named_is_refused_or_is_one_inert_word(spec: str) -> None:
    try:
        package = choose_package(Path("/nonexistent-folder-of-a-test"), spec)
    except UsageError:
        return
    assert re.fullmatch(r'--only-binary :all: "[A-Za-z0-9][\w.+@:/=,\[\]~-]*"', package.arguments, re.ASCII)


@given(st.text(max_size=80))
def test_whatever_our_installation_tells_of_its_origin_ends_as_one_inert_word(text: str) -> None:
    for origin in (text, json.dumps({"url": text, "vcs_info": {"vcs": "git", "commit_id": COMMIT}})):
        package = choose_package(Path("/nonexistent-folder-of-a-test"), None, origin=origin)
        assert re.fullmatch(r'--only-binary :all: "[A-Za-z0-9][\w.+@:/=,\[\]~-]*"', package.arguments, re.ASCII)


def lock(project: Path, text: str) -> None:
    (project / ".paved").mkdir(exist_ok=True)
    (project / ".paved/requirements.txt").write_text(text)


def test_a_file_locked_by_hash_goes_before_what_was_installed(run_paved: RunPaved, project: Path) -> None:
    lock(project, "pavedroad==1.2.3 --hash=sha256:" + "0" * 64 + "\n")
    done = run_paved("init", "--ci", "circleci", cwd=project)
    assert "--require-hashes -r .paved/requirements.txt" in job_of("circleci", project)
    assert done.stdout.endswith("next: paved check\n")


def test_two_answers_to_what_is_installed_are_a_usage_error(run_paved: RunPaved, project: Path) -> None:
    lock(project, "")
    done = run_paved("init", "--ci", "github", "--package", "pavedroad==1", cwd=project)
    assert (done.returncode, ".paved/requirements.txt" in done.stderr) == (2, True)


def test_a_lock_that_is_a_link_is_refused(run_paved: RunPaved, project: Path) -> None:
    (project / ".paved").mkdir()
    (project / ".paved/requirements.txt").symlink_to("/etc/passwd")
    assert run_paved("init", "--ci", "github", cwd=project).returncode == 2


# --- the job's own lines, run as the platform runs them ---


def _scripts(value: Any) -> list[str]:
    """Every text of shell in a job, in order."""
    if isinstance(value, dict):
        found = []
        for key, inner in value.items():
            if key in {"run", "script", "command"} and isinstance(inner, str):
                found.append(inner)
            elif key == "script" and isinstance(inner, list):
                found += inner
            else:
                found += _scripts(inner)
        return found
    return [text for inner in value for text in _scripts(inner)] if isinstance(value, list) else []


def shell_of(name: str, job: str, home: Path) -> str:
    """One script of all the job's lines; what a platform fills in is filled in."""
    texts = re.findall(r"sh '''\n(.*?)'''", job, re.DOTALL) if name == "jenkins" else _scripts(yaml.safe_load(job))
    if name == "jenkins":
        texts = texts[1:]  # the first one fetches
    text = "\n".join(texts).replace("/opt/paved", f"{home}/paved")
    return re.sub(r"\$\([A-Z]\w+\.\w+\)", str(home), text)


def run_job(name: str, project: Path, home: Path) -> list[str]:
    """What ``paved`` was asked by the job; everything comes from the project, nothing from an index."""
    home.mkdir()
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "RUNNER_TEMP": str(home),
        "TMPDIR": str(home),
        "PAVED_ASKED": str(home / "asked"),
        "GITHUB_STEP_SUMMARY": str(home / "summary"),
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    script = shell_of(name, job_of(name, project), home)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=project, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (home / "asked").read_text().splitlines()


@pytest.mark.skipif(shutil.which("bash") is None, reason="the jobs run in bash")
@pytest.mark.parametrize("name", sorted(platforms()))
def test_the_lines_of_the_job_install_the_wheel_and_run_the_check(
    run_paved: RunPaved, project: Path, tmp_path: Path, name: str
) -> None:
    wheel = foreign_wheel.build(project / "vendor")
    run_paved("init", "--ci", name, "--package", f"vendor/{wheel.name}", cwd=project)
    asked = run_job(name, project, tmp_path / "home")
    assert asked[0] == "advisories update"
    assert asked[1].startswith("check --format")


@pytest.mark.skipif(shutil.which("bash") is None, reason="the jobs run in bash")
def test_the_lines_of_the_job_install_what_is_locked_by_hash(
    run_paved: RunPaved, project: Path, tmp_path: Path
) -> None:
    wheel = foreign_wheel.build(project / "vendor")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock(project, f"./vendor/{wheel.name} --hash=sha256:{digest}\n")
    run_paved("init", "--ci", "github", cwd=project)
    assert run_job("github", project, tmp_path / "home")[0] == "advisories update"
    lock(project, f"./vendor/{wheel.name} --hash=sha256:{'0' * 64}\n")
    with pytest.raises(AssertionError, match="HASHES"):
        run_job("github", project, tmp_path / "other")
