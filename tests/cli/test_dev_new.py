"""``paved dev new``: every skeleton, written into a copy of the repository, passes there what any plug-in must."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pavedroad.cli.dev import known_kinds
from tests.support.hostile_bytes import ROOT
from tests.support.paved_process import RunPaved

KINDS = sorted(known_kinds())
_COPIED = ("src", "examples", "tests/contract", "tests/support", "tests/conftest.py", "pyproject.toml", "scripts")
_BEFORE: dict[Path, bytes] = {}


def in_clone(clone: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs a Python module with the clone's own package in front of the installed one."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(clone / "src"), "MYPYPATH": str(clone / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with one new plug-in of every kind."""
    root = tmp_path_factory.mktemp("clone")
    for name in _COPIED:
        source, target = ROOT / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    _BEFORE.update({file: file.read_bytes() for file in root.rglob("*") if file.is_file()})
    for kind in KINDS:
        done = in_clone(root, "pavedroad", "dev", "new", kind, f"demo-{kind}", "--root", str(root))
        assert done.returncode == 0, done.stderr
        assert "next: " in done.stdout
    return root


def plain(text: str) -> str:
    """Without case and word marks: ``DemoVersionScheme`` and ``demo-version-scheme`` are one name."""
    return text.lower().replace("-", "").replace("_", "")


def new_files(clone: Path) -> list[str]:
    files = (f.relative_to(clone) for f in clone.rglob("*demo_*") if f.is_dir() or f.suffix == ".py")
    return sorted(str(f) for f in files)


@pytest.mark.slow
def test_every_skeleton_passes_its_own_tests_and_the_contract_of_its_kind(clone: Path) -> None:
    done = in_clone(clone, "pytest", "-n0", "-k", "demo", "-p", "no:randomly", "tests")
    assert done.returncode == 0, done.stdout[-6000:]
    listed = in_clone(clone, "pytest", "-n0", "--collect-only", "-k", "demo", "tests/contract").stdout
    for kind in KINDS:
        assert plain(f"demo-{kind}") in plain(listed), f"no contract test looks at {kind}"


def test_every_skeleton_is_formatted_and_passes_ruff(clone: Path) -> None:
    for command in (("check",), ("format", "--check")):
        done = in_clone(clone, "ruff", *command, *new_files(clone))
        assert done.returncode == 0, done.stdout


def test_every_skeleton_keeps_the_house_rules(clone: Path) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/house_rules.py"], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_every_skeleton_passes_strict_types(clone: Path) -> None:
    done = in_clone(clone, "mypy", "--no-error-summary", *new_files(clone))
    assert done.returncode == 0, done.stdout


def test_the_new_plug_ins_are_there_without_editing_any_other_file(clone: Path) -> None:
    listed = in_clone(clone, "pavedroad", "--help").stdout
    assert "demo-command" in listed
    assert _BEFORE
    assert all(file.read_bytes() == content for file, content in _BEFORE.items())


@pytest.mark.parametrize("name", ["Upper", "1st", "a_b", "-x", "a--b", "class", "../up", "x" * 33, "é", "", "a b"])
def test_a_name_that_cannot_be_a_module_is_refused(run_paved: RunPaved, tmp_path: Path, name: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "pavedroad"\n')
    done = run_paved("dev", "new", "--root", str(tmp_path), "--", "format", name)
    assert done.returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["pyproject.toml"]


def test_a_taken_name_is_refused_and_nothing_is_written(run_paved: RunPaved, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "pavedroad"\n')
    page = tmp_path / "docs/explain/formats/taken.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Mine\n")
    done = run_paved("dev", "new", "format", "taken", "--root", str(tmp_path))
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert page.read_text() == "# Mine\n"
    assert not (tmp_path / "src").exists()


def test_an_unknown_kind_is_refused_with_the_list_of_kinds(run_paved: RunPaved) -> None:
    done = run_paved("dev", "new", "gadget", "x", "--root", str(ROOT))
    assert done.returncode == 2
    assert all(kind in done.stderr for kind in KINDS)


def test_outside_of_a_clone_nothing_is_written(run_paved: RunPaved, tmp_path: Path) -> None:
    done = run_paved("dev", "new", "format", "x", cwd=tmp_path)
    assert done.returncode == 2
    assert "--root" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_kinds_are_listed_with_what_they_are(run_paved: RunPaved) -> None:
    listed = run_paved("dev", "kinds").stdout
    assert [line.split()[0] for line in listed.splitlines()] == KINDS
