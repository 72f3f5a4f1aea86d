"""A broken plug-in stops the program and names its file: what silently vanishes is a false all-clear."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pavedroad.infra.errors import PluginError
from pavedroad.infra.plugins import registry
from tests.support.hostile_bytes import ROOT
from tests.support.paved_process import RunPaved

GOOD = "class P:\n    name = 'good'\nPLUGIN = P()\n"
Folder = Callable[[dict[str, str]], str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Makes a package of plug-in modules and gives its name."""

    def make(modules: dict[str, str]) -> str:
        package = tmp_path / f"plugins_{tmp_path.name}".replace("-", "_")
        package.mkdir()
        for name, text in {"__init__": "", **modules}.items():
            (package / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, package.name, raising=False)
        return package.name

    return make


def test_plug_ins_are_found_sorted_and_shared_modules_are_not_taken_for_one(folder: Folder) -> None:
    package = folder({"b": GOOD, "a": GOOD.replace("good", "aaa"), "_shared": "raise RuntimeError"})
    assert list(registry(package, "PLUGIN")) == ["aaa", "good"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def (:\n", "SyntaxError"),
        ("import no_such_module_at_all\n", "no_such_module_at_all"),
        ("raise ValueError('at import')\n", "ValueError"),
        ("OTHER = 1\n", "defines no PLUGIN"),
        ("PLUGIN = object()\n", "has no name"),
        ("class P:\n    name = ''\nPLUGIN = P()\n", "has no name"),
        ("class P:\n    name = 7\nPLUGIN = P()\n", "has no name"),
    ],
)
def test_a_broken_plug_in_is_an_error_that_names_its_file(folder: Folder, text: str, words: str) -> None:
    package = folder({"good": GOOD, "broken": text})
    with pytest.raises(PluginError, match=words) as caught:
        registry(package, "PLUGIN")
    assert f"{package}/broken" in str(caught.value)
    assert caught.value.next_step


def test_two_plug_ins_of_one_name_are_an_error(folder: Folder) -> None:
    package = folder({"one": GOOD, "two": GOOD})
    with pytest.raises(PluginError, match="two plug-ins"):
        registry(package, "PLUGIN")


@pytest.mark.parametrize(
    ("where", "command"),
    [
        ("scanning/scanners/broken.py", ("check", ".")),
        ("scanning/scanners/dependencies/parsers/broken.py", ("check", ".")),
        ("reports/formats/broken.py", ("check", ".", "--format", "json")),
        ("cli/commands/broken.py", ("broken",)),
    ],
)
def test_a_broken_plug_in_of_the_program_makes_no_run_pass(
    run_paved: RunPaved, tmp_path: Path, where: str, command: tuple[str, ...]
) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "src/pavedroad" / where).write_text('"""Broken on purpose."""\n\nimport no_such_module_at_all\n')
    project = tmp_path / "project"
    project.mkdir()
    (project / "go.mod").write_text("module x\n\ngo 1.21\n")
    (project / "notes.env").write_text("A=b\n")
    done = run_paved(*command, cwd=project, env={"PYTHONPATH": str(tmp_path / "src")})
    assert done.returncode == 3, done.stdout
    assert "broken" in done.stdout + done.stderr
    assert "no_such_module_at_all" in done.stdout + done.stderr
