"""Checks of ``paved doctor`` that need a machine other than this one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pavedroad.cli.doctor import Answer, Check, Patient, State, git, isolation
from pavedroad.core.clock import FixedClock
from pavedroad.core.coverage import Isolation
from pavedroad.infra.errors import GuestError
from pavedroad.infra.plugins import registry
from pavedroad.infra.process import Completed


def answer(check: Check, folder: Path) -> Answer:
    return check.look(Patient(folder, FixedClock(datetime(2026, 1, 1, tzinfo=UTC))))


def machine(stdout: bytes = b"", network: str = "none", returncode: int = 0, files: str = "") -> Any:
    """A stand-in for running a guest on some other machine."""

    def run(*_: Any, **__: Any) -> Completed:
        isolation = Isolation(network=network, files=files)
        return Completed(returncode=returncode, stdout=stdout, stderr=b"", isolation=isolation, seconds=0.1)

    return run


def test_a_machine_without_git_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_git(*_: Any, **__: Any) -> Completed:
        raise GuestError("the program 'git' was not found", next_step="install git")

    monkeypatch.setattr(git, "run", no_git)
    found = answer(git.CHECK, tmp_path)
    assert (found.state, found.next_step) == (State.MISSING, "install git")


@pytest.mark.parametrize(
    ("said", "code", "state"),
    [
        (b"git version 2.39.5\n", 0, State.OK),
        (b"git version 2.45.1.windows.1\n", 0, State.OK),
        (b"git version 2.7.4\n", 0, State.WARN),
        (b"?", 0, State.WRONG),
        (b"git version 2.39.5\n", 1, State.WRONG),
    ],
)
def test_versions_of_git_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes, code: int, state: State
) -> None:
    monkeypatch.setattr(git, "run", machine(said, returncode=code))
    assert answer(git.CHECK, tmp_path).state is state


@pytest.mark.parametrize(
    ("network", "state"),
    [
        ("none: own network namespace, no sockets", State.OK),
        ("none: no sockets by a system call filter (own namespace refused by the kernel: unshare)", State.OK),
        ("open: refused by the kernel: unshare; seccomp", State.WARN),
    ],
)
def test_a_machine_that_cannot_take_the_network_away_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: str, state: State
) -> None:
    monkeypatch.setattr(isolation, "run", machine(network=network))
    assert answer(isolation.CHECK, tmp_path).state is state


def test_every_check_is_named_as_its_file() -> None:
    checks = registry("pavedroad.cli.doctor", "CHECK")
    assert all(check.title for check in checks.values())
    assert set(checks) >= {"python", "git", "advisories", "tools", "isolation", "config", "key", "cache", "ci", "hooks"}


def test_a_kernel_without_landlock_is_a_warning_that_says_what_guests_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "run", machine(files="open: no Landlock in this kernel (not built in)"))
    found = answer(isolation.CHECK, tmp_path)
    assert found.state is State.WARN
    assert "they see every file that you may" in found.sentence
    assert "5.13" in found.next_step
