"""Reachability through the whole gate: shown, cached, usable in rules, never hiding what must not be hidden."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.test_check_dependencies import CRITICAL, check, flaw, imported
from tests.support.osv import record
from tests.support.projects import repository, write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
LENIENT = "gate:\n  rules:\n    - {id: unused, reachability: [unreachable], mode: warn}\n"
LOCK = {
    "lockfileVersion": 3,
    "packages": {"": {"dependencies": {"shoplib": "1.0.0"}}, "node_modules/shoplib": {"version": "1.0.0"}},
}


def npm_flaw(name: str = "CVE-2026-1", **more: Any) -> dict[str, Any]:
    made = record(name, "shoplib", "introduced:0", "fixed:2.0.0", ecosystem="npm", severity=CRITICAL, **more)
    return {**made, "modified": flaw()["modified"]}


def states(run: dict[str, Any]) -> list[str]:
    return [each["reach"]["state"] for each in run["findings"]]


def test_an_import_in_the_code_makes_a_package_reachable(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==1.0\n", "app/main.py": "import shoplib\n"})
    for _ in range(2):  # the second time from the cache
        code, run = check(run_paved, root, env=env)
        assert (code, states(run)) == (1, ["reachable"])
        assert run["findings"][0]["reach"]["why"] == "imported in app/main.py"
    write(root, {"app/main.py": "pass\n", "tests/test_a.py": "from shoplib import x\n"})
    assert states(check(run_paved, root, env=env)[1]) == ["potentially"]
    write(root, {"tests/test_a.py": "pass\n"})
    assert states(check(run_paved, root, env=env)[1]) == ["unknown"]


def test_a_package_that_nothing_imports_can_be_let_through_by_a_rule(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, npm=npm_flaw())
    root = repository(
        tmp_path / "p", {"package-lock.json": json.dumps(LOCK), "index.js": "require('fs')\n", "paved.yaml": LENIENT}
    )
    code, run = check(run_paved, root, env=env)
    assert (code, states(run)) == (0, ["unreachable"])
    write(root, {"src/a.ts": "import { x } from 'shoplib/sub'\n"})
    code, run = check(run_paved, root, env=env)
    assert (code, states(run)) == (1, ["reachable"])
    shown = run_paved("check", str(root), "--only", "dependencies", env=env).stdout
    assert "reachable: imported in src/a.ts" in shown


def test_a_malicious_package_blocks_whether_it_is_imported_or_not(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, npm=npm_flaw("MAL-2026-1"))
    root = repository(tmp_path / "p", {"package-lock.json": json.dumps(LOCK), "index.js": "1\n", "paved.yaml": LENIENT})
    code, run = check(run_paved, root, env=env)
    reach = run["findings"][0]["reach"]
    assert (code, reach["state"], reach["counts_as"]) == (1, "unreachable", "reachable")
    assert "malicious" in reach["why"]


def test_without_source_files_nobody_knows(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, npm=npm_flaw())
    root = repository(tmp_path / "p", {"package-lock.json": json.dumps(LOCK), "node_modules/a/b.js": "1\n"})
    code, run = check(run_paved, root, env=env)
    assert (code, states(run)) == (1, ["unknown"])


def test_where_no_package_is_found_wanting_nothing_is_looked_at(run_paved: RunPaved, tmp_path: Path) -> None:
    env = imported(run_paved, tmp_path, PyPI=flaw())
    root = repository(tmp_path / "p", {"requirements.txt": "shoplib==2.0\n", "a.py": "import shoplib\n"})
    assert check(run_paved, root, env=env)[1]["findings"] == []
