"""Live checks through the gate: a second process with a door to named hosts, whose verdicts go into the findings."""

import os
import shutil
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from pavedroad.core import Confidence, Finding, Location, RuleInfo, Severity
from pavedroad.core.clock import FixedClock
from pavedroad.core.coverage import Coverage, CoverageStatus
from pavedroad.core.identity import Observation
from pavedroad.gate.plan import Planned
from pavedroad.gate.request import NoProgress
from pavedroad.gate.scan import Bench, Looked
from pavedroad.gate.sources import Side, Source
from pavedroad.gate.trees import Trees
from pavedroad.gate.verify import verify
from pavedroad.infra.walk import FileEntry
from pavedroad.scanning import pool as pool_module
from pavedroad.scanning.model import Blob, FileResult, Needs, Preparation, ScanSettings
from pavedroad.scanning.verification import Check, Outcome, Verification

NOW = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
HOST = "api.example.com"


class ToyVerifier:
    """Reads its verdict from the file; other words make it misbehave."""

    threads = 1

    def verify(self, blob: Blob, asked: tuple[Observation, ...]) -> tuple[Check, ...]:
        if b"crash" in blob.content:
            os.kill(os.getpid(), signal.SIGKILL)
        if b"raise" in blob.content:
            raise ValueError(blob.content.decode())
        if b"short" in blob.content:
            return ()
        if b"proxy" in blob.content:
            return tuple(Check(outcome=Outcome.ACTIVE, why=os.environ["https_proxy"], host=HOST) for _ in asked)
        host = "evil.example.com" if b"lie" in blob.content else HOST
        word = blob.content.split()[0].decode()
        return tuple(Check(outcome=Outcome(word), why="w" * 5000, host=host) for _ in asked)


class ToyScanner:
    name = kind = title = "toy"
    needs = Needs()
    history = True

    def selects(self, path: str, size: int) -> bool:
        return True

    def prepare(self, settings: ScanSettings) -> Preparation:
        return Preparation(digest="1", engine_version="1")

    def open(self, settings: ScanSettings) -> "ToyScanner":
        return self

    threads = 1

    def scan(self, blob: Blob) -> FileResult:
        return FileResult()

    def rules(self) -> tuple[RuleInfo, ...]:
        return ()

    def verification(self, settings: ScanSettings) -> Verification | None:
        if not settings.options.get("live"):
            return None
        return Verification(needs=Needs(network=True, seconds=60), hosts=(HOST,), most=5)

    def open_verifier(self, settings: ScanSettings) -> ToyVerifier:
        return ToyVerifier()

    def told(self, observation: Observation, check: Check) -> Observation:
        when = f"{check.at:%Y}" if check.at else "never"
        text = f"{check.outcome.value} {check.host} {when} {check.why}"
        return msgspec.structs.replace(observation, finding=msgspec.structs.replace(observation.finding, message=text))


SCANNER = ToyScanner()
_WORKER = """
import sys
sys.path.insert(0, {here!r})
import pavedroad.scanning.worker as worker
import {module} as toy
worker._find = lambda name: toy.SCANNER
sys.exit(worker.main())
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tree = tmp_path / "tree"
    toy = tree / "toy"  # a process reads nothing outside the tree
    toy.mkdir(parents=True)
    shutil.copy(__file__, toy)
    script = toy / "toy_worker.py"
    script.write_text(_WORKER.format(here=str(toy), module=Path(__file__).stem))
    monkeypatch.setattr(pool_module, "WORKER", (str(script),))
    return tree


def checked(root: Path, files: dict[str, str], *, network: bool = True, live: bool = True) -> Looked:
    """The result of checking one finding in each file."""
    settings = ScanSettings(key=b"k", user_cache=str(root), data=str(root), options={"live": live}, network=network)
    sources = []
    for name, text in files.items():
        (root / name).write_text(text)
        entry = FileEntry(path=name, raw=name.encode(), size=len(text), stamp=b"")
        sources.append(Source(name, name.encode(), Side.HEAD, len(text), entry))
    found = [Observation(anchor=("a", name), finding=finding(name)) for name in files]
    coverage = Coverage(scanner="toy", kind="toy", status=CoverageStatus.COMPLETE)
    looked = Looked(coverage, {Side.HEAD: found, Side.BASE: [], Side.KNOWN: []})
    bench = Bench(
        root=root, max_bytes=1 << 20, settings=settings, trees=Trees(root, 1 << 20), cache=None, repository=None,
        progress=NoProgress(), workers=1, seconds=60, max_findings=10, pools=[], lock=threading.Lock(),
    )  # fmt: skip
    planned = Planned(SCANNER, settings, SCANNER.prepare(settings))
    return verify(planned, looked, sources, bench, FixedClock(NOW))


def finding(path: str) -> Finding:
    return Finding(
        rule="toy/flaw", kind="toy", title="t", message="as found", severity=Severity.LOW, confidence=Confidence.LOW,
        scanner="toy", location=Location(path=path),
    )  # fmt: skip


def messages(looked: Looked) -> list[str]:
    return [observation.finding.message[:40].rstrip("w").strip() for observation in looked.observations[Side.HEAD]]


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled")
class TestWithNetwork:
    def test_verdicts_come_with_host_and_time_and_are_accounted_for(self, root: Path) -> None:
        looked = checked(root, {"a": "active", "b": "inactive", "c": "unknown"})
        assert messages(looked) == [f"{word} {HOST} 2026" for word in ("active", "inactive", "unknown")]
        assert [o.anchor for o in looked.observations[Side.HEAD]] == [("a", "a"), ("a", "b"), ("a", "c")]
        assert looked.notes[0].startswith("live checks: 1 active, 1 inactive, 1 without an answer")
        assert f"findings asked about, by host: {HOST} 3" in looked.coverage.notes
        assert looked.coverage.status is CoverageStatus.COMPLETE

    def test_what_the_process_says_is_bounded(self, root: Path) -> None:
        (observation,) = checked(root, {"a": "active"}).observations[Side.HEAD]
        assert len(observation.finding.message) < 300

    @pytest.mark.parametrize("word", ["crash", "raise"])
    def test_a_check_that_dies_makes_the_run_incomplete_and_spares_the_other_files(self, root: Path, word: str) -> None:
        looked = checked(root, {"a": f"active {word} hidden-word", "b": "active"})
        assert messages(looked) == ["unknown  never the live check did not co", f"active {HOST} 2026"]
        assert looked.coverage.status is CoverageStatus.PARTIAL
        assert [error.where for error in looked.coverage.errors] == ["a"]
        assert "hidden-word" not in repr(looked)

    @pytest.mark.parametrize("word", ["short", "lie"])
    def test_answers_that_fit_no_question_are_not_believed(self, root: Path, word: str) -> None:
        assert messages(checked(root, {"a": f"active {word}"})) == ["unknown  never the live check did not co"]

    def test_the_process_is_led_to_the_door(self, root: Path) -> None:
        (observation,) = checked(root, {"a": "active proxy"}).observations[Side.HEAD]
        assert observation.finding.message.startswith(f"active {HOST} 2026 http://127.0.0.1:")


def test_without_the_network_nobody_is_asked_and_the_run_says_how_to_allow_it(root: Path) -> None:
    looked = checked(root, {"a": "active crash"}, network=False)
    assert messages(looked) == ["unknown  never the network is not allowe"]
    assert "--network" in looked.notes[0]
    assert looked.notes[0] in looked.coverage.notes
    assert looked.coverage.status is CoverageStatus.COMPLETE


def test_nothing_is_asked_that_was_not_asked_for(root: Path) -> None:
    looked = checked(root, {"a": "active crash"}, live=False)
    assert (messages(looked), looked.notes, looked.coverage.notes) == (["as found"], (), ())


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled")
def test_without_findings_no_process_is_started(root: Path) -> None:
    assert checked(root, {}).notes[0].startswith("live checks: 0 active")
