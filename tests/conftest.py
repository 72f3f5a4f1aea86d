"""What every test shares: an environment that says nothing about this machine, and `paved` as a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.paved_process import RunPaved

ROOT = Path(__file__).resolve().parent.parent

# Shared runners stall for seconds; a deadline per example would report the machine, not the code. CI draws the same
# examples each time, so that a red build is red again when it is looked at.
settings.register_profile(
    "paved",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
settings.load_profile("paved")

# Variables by which CI systems, git and Pavedroad itself are steered: tests set the ones they mean.
_STEERING = (
    "PAVED_", "GITHUB_", "GITLAB_", "CI_", "JENKINS_", "CIRCLE", "BUILD_", "SYSTEM_", "TF_BUILD", "CHANGE_", "GIT_",
    "BRANCH_NAME", "TRAVIS", "BITBUCKET_", "BUILDKITE", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES",
)  # fmt: skip


def _steers(name: str) -> bool:
    return name == "CI" or name.startswith(_STEERING)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One user cache for all tests and all xdist workers: compiled rules are paid for once, and shared use is tried."""
    base = tmp_path_factory.getbasetemp()
    # Below xdist each worker has a base folder of its own inside the common one.
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shared-user-cache"


@pytest.fixture(autouse=True)
def neutral_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, shared_cache: Path
) -> None:
    """No CI variables, no user configuration of git, no user data: a test sees only what it makes."""
    for name in list(os.environ):
        if _steers(name):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PAVED_CACHE_DIR", str(shared_cache))
    monkeypatch.setenv("PAVED_DATA_DIR", str(tmp_path_factory.getbasetemp() / "no-user-data"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.invalid")


@pytest.fixture
def run_paved() -> RunPaved:
    """Runs ``paved ARGS`` as a process (``cwd=``, ``env=`` added to the neutral environment) and gives what it said."""

    def run(
        *args: str, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pavedroad", *args],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )

    return run
