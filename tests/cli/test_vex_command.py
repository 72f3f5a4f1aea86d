"""``paved vex``: from a run to documents that say what people decided, and back into the gate."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_check_dependencies import check, flaw, imported
from tests.support.projects import repository, write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
WAIVE = ("--owner", "web", "--reason", "nobody calls it", "--ticket", "W-1", "--days", "30")


@pytest.fixture
def project(run_paved: RunPaved, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    root = repository(tmp_path / "shop", {"requirements.txt": "shoplib==1.0\n"})
    assert check(run_paved, root, env=env)[0] == 1
    return root, env


def export(run_paved: RunPaved, root: Path, form: str, *args: str) -> dict[str, Any]:
    done = run_paved("vex", "export", str(root), "--format", form, "--author", "Web", "--namespace",
                     "https://example.com", *args)  # fmt: skip
    assert done.returncode == 0, done.stderr
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def waive(run_paved: RunPaved, root: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    scope = ("--rule", "dependencies/CVE-2026-1", "--component", "shoplib")
    return run_paved("waive", *scope, *WAIVE, "--root", str(root), *args)


def test_what_nobody_has_judged_is_under_investigation(
    run_paved: RunPaved, project: tuple[Path, dict[str, str]]
) -> None:
    root, _ = project
    (said,) = export(run_paved, root, "openvex")["statements"]
    assert said["status"] == "under_investigation"
    assert said["products"][0]["@id"] == "pkg:generic/shop"
    assert said["products"][0]["subcomponents"][0]["@id"] == "pkg:pypi/shoplib@1.0"
    assert export(run_paved, root, "openvex", "--decided")["statements"] == []


def test_a_waiver_is_an_accepted_risk_in_every_format(
    run_paved: RunPaved, project: tuple[Path, dict[str, str]]
) -> None:
    root, env = project
    assert waive(run_paved, root).returncode == 0
    check(run_paved, root, env=env)
    (said,) = export(run_paved, root, "openvex")["statements"]
    assert said["status"] == "affected"
    assert "The risk is accepted until" in said["action_statement"]
    (flawed,) = export(run_paved, root, "cyclonedx")["vulnerabilities"]
    assert (flawed["analysis"]["state"], flawed["analysis"]["response"]) == ("exploitable", ["will_not_fix"])
    (told,) = export(run_paved, root, "csaf")["vulnerabilities"]
    assert list(told["product_status"]) == ["known_affected"]
    assert told["remediations"][0]["category"] == "no_fix_planned"


@pytest.mark.parametrize("form", ["openvex", "cyclonedx", "csaf"])
def test_what_a_waiver_calls_not_affected_is_exported_and_heeded_again(
    run_paved: RunPaved, project: tuple[Path, dict[str, str]], form: str
) -> None:
    root, env = project
    assert waive(run_paved, root, "--because", "not-affected:component_not_present").returncode == 0
    code, run = check(run_paved, root, env=env)
    assert (code, run["waivers"][0]["because"]) == (0, "not-affected:component_not_present")
    stamp = ("--timestamp", "2026-01-31T00:00:00Z")
    assert export(run_paved, root, form, *stamp) == export(run_paved, root, form, *stamp)
    file = root.parent / "vex.json"
    file.write_text(json.dumps(export(run_paved, root, form, *stamp)))
    write(root, {".paved/waivers.yaml": "version: 1\nwaivers: []\n"})
    assert check(run_paved, root, env=env)[0] == 1
    code, run = check(run_paved, root, "--vex", str(file), env=env)
    assert (code, run["findings"][0]["vex"]["justification"]) == (0, "component_not_present")
    shown = run_paved("vex", "show", str(file))
    assert "CVE-2026-1: not_affected (component_not_present)" in shown.stdout
    assert json.loads(run_paved("vex", "show", "--json", str(file)).stdout)["statements"]


def test_wrong_use_is_told(run_paved: RunPaved, project: tuple[Path, dict[str, str]]) -> None:
    root, _ = project
    author = ("--author", "Web")
    for args, word in (
        ((), "author"),
        ((*author, "--format", "openvx"), "did you mean 'openvex'"),
        ((*author, "--product", "shop"), "package URL"),
        ((*author, "--format", "csaf"), "namespace"),
        ((*author, "--timestamp", "soon"), "no time"),
        ((*author, "--run", "none.json"), "no such file"),
    ):
        done = run_paved("vex", "export", str(root), *args)
        assert (done.returncode, word in done.stderr) == (2, True), done.stderr
    assert "choose from" in waive(run_paved, root, "--because", "not-affected:luck").stderr
    assert run_paved("vex", "show", str(root / "none")).returncode == 2
