"""Scanner processes from outside: a crash, a hang or a bad file costs that file only."""

import os
import signal
import site
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import pytest

from pavedroad.core import Confidence, Finding, Location, RuleInfo, Severity
from pavedroad.core.identity import Observation
from pavedroad.scanning import pool as pool_module
from pavedroad.scanning.errors import ScanningError
from pavedroad.scanning.model import Blob, FileResult, Needs, Preparation, ScanSettings
from pavedroad.scanning.pool import Pool, PoolLimits
from pavedroad.scanning.protocol import Answer, Hello, Job


class ToySession:
    """Finds the word 'flaw'; other words make it misbehave."""

    threads = 2

    def scan(self, blob: Blob) -> FileResult:
        if b"crash" in blob.content:
            os.kill(os.getpid(), signal.SIGKILL)
        if b"hang" in blob.content:
            time.sleep(600)
        if blob.content.startswith(b"write "):
            Path(blob.content.split()[1].decode()).write_text("x")
        if b"raise" in blob.content:
            raise ValueError(blob.content.decode())
        if b"flaw" not in blob.content:
            return FileResult()
        finding = Finding(
            rule="toy/flaw",
            kind="toy",
            title="t",
            message="m",
            severity=Severity.HIGH,
            confidence=Confidence.HIGH,
            scanner="toy",
            location=Location(path=blob.path),
        )
        return FileResult(observations=(Observation(anchor=("flaw",), finding=finding),))


class ToyScanner:
    name = kind = title = "toy"
    needs = Needs()
    history = True

    def selects(self, path: str, size: int) -> bool:
        return True

    def prepare(self, settings: ScanSettings) -> Preparation:
        return Preparation(digest="1", engine_version="1")

    def open(self, settings: ScanSettings) -> ToySession:
        if settings.options.get("broken"):
            raise RuntimeError("it holds a secret")
        return ToySession()

    def rules(self) -> tuple[RuleInfo, ...]:
        return ()


SCANNER = ToyScanner()

# The worker looks its scanner up by module name; this stands in for `-m pavedroad.scanning.worker` and hands it ours.
_WORKER = """
import sys
sys.path.insert(0, {here!r})
import pavedroad.scanning.worker as worker
import {module} as toy
worker._find = lambda name: toy.SCANNER
sys.exit(worker.main())
"""

# What that script reads, outside the tree.
NEEDS = Needs(reads=(str(Path(__file__).parents[1]), tempfile.gettempdir()))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = Path(__file__)
    script = tmp_path / "toy_worker.py"
    script.write_text(_WORKER.format(here=str(here.parent), module=here.stem))
    monkeypatch.setattr(pool_module, "WORKER", (str(script),))
    tree = tmp_path / "tree"
    tree.mkdir()
    return tree


def settings(**options: object) -> ScanSettings:
    return ScanSettings(key=b"k", user_cache="/dev/null/none", data="/nonexistent", options=options)


def answers(root: Path, files: dict[str, str], limits: PoolLimits | None = None, workers: int = 1) -> dict[str, Answer]:
    jobs = []
    for number, (name, text) in enumerate(files.items()):
        (root / name).write_text(text)
        jobs.append(Job(number, name, name.encode(), len(text)))
    hello = Hello(scanner="toy", settings=settings(), root=bytes(root), max_bytes=1000)
    found = Pool("toy", hello, NEEDS, limits or PoolLimits()).answers(jobs, workers)
    return {jobs[answer.id].path: answer for answer in found}


def flawed(found: dict[str, Answer]) -> list[str]:
    return sorted(name for name, answer in found.items() if answer.result and answer.result.observations)


def test_every_file_gets_one_answer(root: Path) -> None:
    found = answers(root, {f"f{n}": "flaw" if n % 7 == 0 else "fine" for n in range(700)}, workers=2)
    assert len(found) == 700
    assert len(flawed(found)) == 100


def test_a_file_that_kills_the_scanner_costs_only_itself(root: Path) -> None:
    found = answers(root, {"a": "flaw", "b": "crash", "c": "flaw"})
    assert flawed(found) == ["a", "c"]
    assert "crashed on this file" in found["b"].error


def test_a_file_that_hangs_the_scanner_costs_only_itself(root: Path) -> None:
    found = answers(root, {"a": "flaw", "b": "hang"}, PoolLimits(batch_seconds=1.5))
    assert flawed(found) == ["a"]
    assert found["b"].error


def test_an_exception_is_told_by_type_and_never_by_text(root: Path) -> None:
    found = answers(root, {"a": "raise my-secret", "b": "flaw"})
    assert flawed(found) == ["b"]
    assert "ValueError" in found["a"].error
    assert "my-secret" not in found["a"].error


def test_unreadable_oversize_and_vanished_files_are_told_apart(root: Path) -> None:
    (root / "big").write_text("x" * 5000)
    hello = Hello(scanner="toy", settings=settings(), root=bytes(root), max_bytes=1000)
    jobs = [Job(0, "gone", b"gone", 1), Job(1, "big", b"big", 1), Job(2, "old", b"old", 4, b"flaw")]
    found = {answer.id: answer for answer in Pool("toy", hello, NEEDS, PoolLimits()).answers(jobs)}
    assert found[0].gone
    assert "larger than" in found[1].error
    assert found[2].result is not None
    assert found[2].result.observations


def test_too_many_crashes_end_the_scanner_and_every_file_is_accounted_for(root: Path) -> None:
    found = answers(root, {f"f{n}": "crash" for n in range(15)})
    assert len(found) == 15
    assert all(answer.error for answer in found.values())


def test_a_scanner_that_cannot_open_says_so_without_its_exception_text(root: Path) -> None:
    hello = Hello(scanner="toy", settings=settings(broken=True), root=bytes(root), max_bytes=1000)
    with pytest.raises(ScanningError) as caught:
        list(Pool("toy", hello, NEEDS, PoolLimits()).answers([Job(0, "a", b"a", 1)]))
    assert "RuntimeError" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_confinement_is_told(root: Path) -> None:
    (root / "a").write_text("x")
    hello = Hello(scanner="toy", settings=settings(), root=bytes(root), max_bytes=1000)
    pool = Pool("toy", hello, NEEDS, PoolLimits())
    list(pool.answers([Job(0, "a", b"a", 1)]))
    assert pool.isolation is not None
    assert pool.isolation.network


def test_a_worker_started_early_takes_the_first_jobs(root: Path) -> None:
    (root / "a").write_text("flaw")
    pool = Pool("toy", Hello(scanner="toy", settings=settings(), root=bytes(root), max_bytes=1000), NEEDS, PoolLimits())
    pool.start_early()
    (answer,) = pool.answers([Job(0, "a", b"a", 4)])
    assert answer.result is not None
    assert answer.result.observations


def test_a_worker_started_early_in_vain_leaves_nothing_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(root))
    monkeypatch.setattr("tempfile.tempdir", None)
    pool = Pool("toy", Hello(scanner="toy", settings=settings(), root=bytes(root), max_bytes=1000), NEEDS, PoolLimits())
    pool.start_early()
    pool.close()
    assert list(root.glob("paved-guest-*")) == []


def test_what_goes_wrong_early_is_told_when_its_turn_comes(root: Path) -> None:
    hello = Hello(scanner="toy", settings=settings(broken=True), root=bytes(root), max_bytes=1000)
    pool = Pool("toy", hello, NEEDS, PoolLimits())
    pool.start_early()
    with pytest.raises(ScanningError):
        list(pool.answers([Job(0, "a", b"a", 1)]))


def test_a_scanner_writes_its_own_caches_and_not_the_key_of_our_results(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    given = ScanSettings(key=b"k", user_cache=str(cache), data="/nonexistent")
    hello = Hello(scanner="toy", settings=given, root=bytes(root), max_bytes=1000)
    needs = msgspec.structs.replace(NEEDS, caches=("rules",))
    jobs = []
    for number, place in enumerate(("toy/x", "rules/x", "key", "../tree/x")):
        (root / str(number)).write_text(f"write {cache}/{place}")
        jobs.append(Job(number, str(number), str(number).encode(), 1))
    pool = Pool("toy", hello, needs, PoolLimits())
    found = {answer.id: answer.error for answer in pool.answers(jobs)}
    if pool.isolation is None or pool.isolation.files.startswith("open"):
        pytest.skip("this kernel has no Landlock, so nothing can be closed")
    refused = "the scanner failed on this file (PermissionError)"
    assert found == {0: "", 1: "", 2: refused, 3: refused}


def test_a_worker_finds_packages_in_the_user_s_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As ``pip install --user`` leaves them; a worker has another home."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert pool_module._import_path() == {}
    monkeypatch.setattr(site, "ENABLE_USER_SITE", True)
    monkeypatch.setattr(site, "USER_SITE", str(tmp_path))
    assert pool_module._import_path() == {}
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    ours = Path(pool_module.__file__).parents[2]
    assert pool_module._import_path() == {"PYTHONPATH": f"{ours}:{tmp_path}"}


def test_a_worker_runs_our_code_and_takes_no_other_folder_of_pythonpath(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/the/scanned/tree")
    assert pool_module._import_path() == {"PYTHONPATH": str(Path(pool_module.__file__).parents[2])}
