"""What a stranger sees first: the bundled example fails on purpose, and the program starts fast."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import startup
from tests.support.hostile_bytes import ROOT, SHOP


@pytest.mark.slow
def test_the_example_fails_on_purpose_and_its_report_is_where_it_says(tmp_path: Path, shared_cache: Path) -> None:
    build = tmp_path / "build"
    build.mkdir()
    (build / "example").mkdir()
    shared_cache.mkdir(exist_ok=True)
    (build / "example/cache").symlink_to(shared_cache)  # compiled rules are paid for once
    env = {**os.environ, "BUILD": str(build), "VENV": sys.prefix, "CI": "true", "GITHUB_ACTIONS": "true"}
    done = subprocess.run(
        [ROOT / "scripts/run-example.sh"], env=env, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nFAIL" in done.stdout
    report = build / "leaky-shop-report.html"
    assert f"HTML report: {report}" in done.stdout
    assert b"<html" in report.read_bytes()
    shown = done.stdout + report.read_text(encoding="utf-8")
    for place in (".env", "deploy/id_ed25519", "deploy/terraform.tfvars", "web/package-lock.json", "worker/go.mod"):
        assert place in shown
    for secret in planted():
        assert secret not in shown


def planted() -> list[str]:
    """The secrets of the example, read from its own files."""
    env = dict(line.split("=", 1) for line in (SHOP / ".env").read_text().splitlines() if "=" in line)
    return [
        env["SESSION_SECRET"],
        env["SMTP_PASSWORD"],
        env["DATABASE_URL"].split(":")[2].split("@")[0],
        (SHOP / "deploy/terraform.tfvars").read_text().split('"')[-2],
        (SHOP / "deploy/id_ed25519").read_text().splitlines()[2],
    ]


def test_asking_for_the_version_keeps_the_promised_start_up_cost() -> None:
    found = startup.medians(5)
    assert found["paved --version"] / found[startup.BASELINE] <= startup.PROMISE


def test_asking_for_the_version_loads_nothing_but_the_package() -> None:
    code = (
        "import sys; sys.argv = ['paved', '--version']\n"
        "from pavedroad.__main__ import main; main()\n"
        "print(*sorted(m for m in sys.modules if m.partition('.')[0] in {'click', 'msgspec', 'pavedroad'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == "pavedroad pavedroad.__main__"
