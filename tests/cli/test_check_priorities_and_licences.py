"""Tiers, deadlines and licences through the whole gate."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.osv import record, write_source
from tests.support.projects import repository, write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
NOW = datetime.now(UTC)
TODAY = NOW.strftime("%Y-%m-%dT00:00:00Z")
MEDIUM = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"}]
LOCK = {
    "name": "shop",
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "shop", "dependencies": {"free": "1.0.0", "strict": "1.0.0", "silent": "1.0.0"}},
        "node_modules/free": {"version": "1.0.0", "license": "MIT"},
        "node_modules/strict": {"version": "1.0.0", "license": "AGPL-3.0-only"},
        "node_modules/silent": {"version": "1.0.0"},
    },
}


def environment(run_paved: RunPaved, tmp_path: Path, *, exploited: bool) -> dict[str, str]:
    env = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    flaw = record("CVE-2026-1001", "shoplib", "introduced:0", "fixed:2.0", severity=MEDIUM)
    other = record("CVE-2026-1002", "free", "introduced:9.0.0", ecosystem="npm")
    source = write_source(
        tmp_path / "osv", {"PyPI": [{**flaw, "modified": TODAY}], "npm": [{**other, "modified": TODAY}]}
    )
    kev = tmp_path / "kev.json"
    listed = {
        "cveID": "CVE-2026-1001" if exploited else "CVE-2026-1009",
        "dateAdded": (NOW - timedelta(days=1)).strftime("%Y-%m-%d"),
        "dueDate": (NOW + timedelta(days=20)).strftime("%Y-%m-%d"),
        "vulnerabilityName": "Shoplib",
        "knownRansomwareCampaignUse": "Known",
    }
    catalogue = {"catalogVersion": "1", "dateReleased": TODAY, "count": 1, "vulnerabilities": [listed]}
    kev.write_text(json.dumps(catalogue))
    done = run_paved("advisories", "update", "--source", str(source), "--kev", str(kev), env=env)
    assert done.returncode == 0, done.stderr
    return env


def check(run_paved: RunPaved, root: Path, env: dict[str, str], *args: str) -> tuple[int, dict[str, Any]]:
    report = root.parent / "run.json"
    done = run_paved(
        "check", str(root), "--only", "dependencies", "--format", "json", "-o", str(report), *args, env=env
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done.returncode, json.loads(report.read_text())


def test_a_flaw_that_is_being_exploited_is_due_sooner_and_says_why(run_paved: RunPaved, tmp_path: Path) -> None:
    days = []
    for exploited in (False, True):
        base = tmp_path / str(exploited)
        base.mkdir()
        env = environment(run_paved, base, exploited=exploited)
        root = repository(base / "p", {"requirements.txt": "shoplib==1.0\n"})
        priority = check(run_paved, root, env)[1]["findings"][0]["priority"]
        days.append(priority["days"])
        assert priority["why"]
        assert priority["signals"]["known_exploited"] is exploited
    assert days[1] < days[0]


def test_damaged_signals_make_a_run_incomplete_and_never_quiet(run_paved: RunPaved, tmp_path: Path) -> None:
    env = environment(run_paved, tmp_path, exploited=True)
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n"})
    (tmp_path / "data" / "advisories" / "signals.sqlite3").write_bytes(b"no database")
    code, run = check(run_paved, root, env)
    assert code == 3
    assert any(each["scanner"] == "signals" and each.get("errors") for each in run["coverage"])


def test_a_rule_of_the_gate_may_ask_for_deadlines(run_paved: RunPaved, tmp_path: Path) -> None:
    env = environment(run_paved, tmp_path, exploited=True)
    rule = "gate:\n  rules:\n    - {id: soon, due_within: 30d, scope: all}\n"
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n", "paved.yaml": rule})
    code, run = check(run_paved, root, env)
    assert code == 1
    assert "soon" in json.dumps(run["verdict"]["reasons"])
    write(root, {"paved.yaml": rule.replace("due_within: 30d", "tiers: [no such tier]")})
    done = run_paved("check", str(root), env=env)
    assert done.returncode == 2
    assert "tier" in done.stderr


def test_licences_are_judged_where_there_is_a_policy(run_paved: RunPaved, tmp_path: Path) -> None:
    env = environment(run_paved, tmp_path, exploited=False)
    root = repository(tmp_path / "p", {"package-lock.json": json.dumps(LOCK)})
    assert check(run_paved, root, env)[1]["findings"] == []
    write(root, {"paved.yaml": "licenses: {allow: [MIT], deny: ['AGPL-*']}\n"})
    code, run = check(run_paved, root, env)
    found = {each["finding"]["component"]["name"]: each["finding"]["rule"] for each in run["findings"]}
    assert (code, found) == (1, {"strict": "licenses/deny", "silent": "licenses/unknown"})


def test_a_licence_that_was_there_before_is_not_new(run_paved: RunPaved, tmp_path: Path) -> None:
    env = environment(run_paved, tmp_path, exploited=False)
    files = {"package-lock.json": json.dumps(LOCK), "paved.yaml": "licenses: {deny: ['AGPL-*'], otherwise: allow}\n"}
    root = repository(tmp_path / "p", files)
    write(root, {"package-lock.json": json.dumps(LOCK).replace('"silent": "1.0.0"', '"silent": "1.0.1"')})
    code, run = check(run_paved, root, env, "--since", "HEAD")
    changes = {each["finding"]["rule"]: each["change"] for each in run["findings"]}
    assert (code, changes["licenses/deny"]) == (0, "old")


def test_a_bill_of_materials_needs_no_advisories(run_paved: RunPaved, tmp_path: Path) -> None:
    root = repository(tmp_path / "p", {"package-lock.json": json.dumps(LOCK)})
    done = run_paved("sbom", str(root), env={"PAVED_DATA_DIR": str(tmp_path / "none")})
    assert done.returncode == 0, done.stderr
    bill = json.loads(done.stdout)
    assert sorted(each["name"] for each in bill["components"]) == ["free", "silent", "strict"]
