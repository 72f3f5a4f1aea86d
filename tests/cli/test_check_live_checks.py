"""`scanners.secrets.validate` through `paved check`: off, asked for without the network, and allowed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.paved_process import RunPaved
from tests.support.projects import fake_secret, repository

# Types that have no provider: these tests must ask nobody, wherever they run.
FILES = {
    ".env": f"DB_PASSWORD={fake_secret()}\n",
    "db.py": f'url = "postgres://app:{fake_secret("two")}@db.corp.example/shop"\n',
}
ASKED = "scanners:\n  secrets:\n    validate: true\n"


def check(run_paved: RunPaved, root: Path, *args: str) -> tuple[str, dict[str, Any]]:
    report = root.parent / "run.json"
    done = run_paved("check", str(root), "--only", "secrets", "--format", "json", "-o", str(report), *args)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 1
    return done.stdout + done.stderr, json.loads(report.read_text())


def live(run: dict[str, Any]) -> list[str]:
    facts = [fact for judged in run["findings"] for fact in judged["finding"]["evidence"]]
    return [fact["value"] for fact in facts if fact["name"] == "live check"]


def test_asking_for_live_checks_without_the_network_is_told_and_changes_no_verdict(
    run_paved: RunPaved, tmp_path: Path
) -> None:
    root = repository(tmp_path / "p", FILES)
    _, plain = check(run_paved, root)
    (root / "paved.yaml").write_text(ASKED)
    _, asked = check(run_paved, root)
    assert live(plain) == []
    assert live(asked) == ["unknown: the network is not allowed: use --network, or 'network: true' in paved.yaml"] * 2
    assert any("live checks were asked for" in note for note in asked["notes"])
    assert plain["verdict"]["outcome"] == asked["verdict"]["outcome"] == "fail"
    marks = [[j["finding"]["fingerprint"] for j in run["findings"]] for run in (plain, asked)]
    assert marks[0] == marks[1]


@pytest.mark.parametrize("how", ["option", "setting"])
def test_secrets_that_no_provider_knows_are_not_asked_about(run_paved: RunPaved, tmp_path: Path, how: str) -> None:
    setting = "network: true\n" if how == "setting" else ""
    root = repository(tmp_path / "p", {**FILES, "paved.yaml": setting + ASKED})
    output, run = check(run_paved, root, *(["--network"] if how == "option" else []))
    assert sorted(live(run)) == [
        "unknown: no provider can be asked about this type of secret",
        "unknown: whom to ask would come from the file itself",
    ]
    notes = next(each["notes"] for each in run["coverage"] if each["scanner"] == "secrets")
    assert "connections of live checks: none" in notes
    assert not any("connections refused" in note for note in notes)
    everything = (
        output
        + json.dumps(run)
        + "".join(file.read_bytes().decode("latin-1") for file in (root / ".paved").rglob("*") if file.is_file())
    )
    assert fake_secret() not in everything
    assert fake_secret("two") not in everything
    assert "live check" not in "".join(
        file.read_bytes().decode("latin-1") for file in (root / ".paved").rglob("results*") if file.is_file()
    )
