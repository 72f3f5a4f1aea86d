"""VEX documents through the whole gate: heeded when named, shown, never silently."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_check_dependencies import check, flaw, imported
from tests.support.projects import repository, write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]


def statement(**more: Any) -> dict[str, Any]:
    return {
        "vulnerability": {"name": "CVE-2026-1"},
        "products": [{"@id": "pkg:pypi/shoplib"}],
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
        **more,
    }


def document(*statements: dict[str, Any]) -> str:
    return json.dumps(
        {
            "@context": "https://openvex.dev/ns/v0.2.0",
            "@id": "https://example.com/vex-1",
            "author": "Example Org",
            "timestamp": "2026-01-31T00:00:00Z",
            "version": 1,
            "statements": list(statements),
        }
    )


@pytest.fixture
def vulnerable(run_paved: RunPaved, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    return repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"}), env


def test_a_document_that_is_named_sets_the_finding_aside_and_says_by_whom(
    run_paved: RunPaved, vulnerable: tuple[Path, dict[str, str]]
) -> None:
    root, env = vulnerable
    write(root, {"vex.json": document(statement())})
    code, run = check(run_paved, root, env=env)
    assert code == 1, "a document that merely lies in the tree is not heeded"
    plain_digest = run["verdict"]["policy_digest"]
    code, run = check(run_paved, root, "--vex", str(root / "vex.json"), env=env)
    (found,) = run["findings"]
    assert code == 0
    assert "Example Org" in found["waived"]["sentence"]
    assert found["vex"]["status"] == "not_affected"
    assert any("1 of 1 statements" in note for note in run["notes"])
    assert run["verdict"]["policy_digest"] != plain_digest
    write(root, {"paved.yaml": "vex:\n  documents: [vex.json]\n"})
    assert check(run_paved, root, env=env)[0] == 0


def test_what_is_affected_is_shown_and_blocks(run_paved: RunPaved, vulnerable: tuple[Path, dict[str, str]]) -> None:
    root, env = vulnerable
    write(root, {"vex.json": document(statement(status="affected", action_statement="update"))})
    code, run = check(run_paved, root, "--vex", str(root / "vex.json"), env=env)
    assert (code, run["findings"][0]["vex"]["status"]) == (1, "affected")
    done = run_paved("check", str(root), "--only", "dependencies", "--vex", str(root / "vex.json"), env=env)
    assert "affected: update; by Example Org" in " ".join(done.stdout.split())


def test_a_part_of_another_product_says_nothing_about_ours(
    run_paved: RunPaved, vulnerable: tuple[Path, dict[str, str]]
) -> None:
    root, env = vulnerable
    other = statement(products=[{"@id": "pkg:oci/other", "subcomponents": [{"@id": "pkg:pypi/shoplib"}]}])
    write(root, {"vex.json": document(other), "paved.yaml": "vex:\n  documents: [vex.json]\n"})
    assert check(run_paved, root, env=env)[0] == 1
    write(root, {"paved.yaml": "vex:\n  documents: [vex.json]\n  products: [pkg:oci/other]\n"})
    assert check(run_paved, root, env=env)[0] == 0


@pytest.mark.parametrize("content", ["", "{}", "<bom/>", '{"@context": "https://openvex.dev/ns/v9"}'])
def test_a_document_that_cannot_be_used_is_wrong_use(
    run_paved: RunPaved, vulnerable: tuple[Path, dict[str, str]], content: str
) -> None:
    root, env = vulnerable
    write(root, {"vex.json": content})
    done = run_paved("check", str(root), "--vex", str(root / "vex.json"), env=env)
    assert done.returncode == 2
    assert "vex.json" in done.stderr
    assert run_paved("check", str(root), "--vex", str(root / "none.json"), env=env).returncode == 2
