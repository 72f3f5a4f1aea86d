"""``paved waive`` as a process: what it adds, what it refuses, and that the next check honours it."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pavedroad.core import Finding, Judged, Outcome, Run, Verdict
from pavedroad.policy import Ledger, load_ledger
from pavedroad.policy.config import WaiverPolicy
from pavedroad.reports import dump_run
from tests.support.paved_process import RunPaved
from tests.support.policy_samples import ASSET, finding, mark

WHO = ("--owner", "team", "--reason", "agreed: see ticket", "--ticket", "T-1")
HOLDS = ("--days", "30")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project outside git whose last run saw one flaw in one file, and another in two."""
    (tmp_path / "paved.yaml").write_text("version: 1\n", encoding="utf-8")
    save(tmp_path, finding("a"), finding("twice", path="x.py"), finding("twice", path="y.py"))
    return tmp_path


def save(root: Path, *findings: Finding) -> None:
    """Leave a last run as the gate does."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    run = Run(
        id="r",
        tool_version="0",
        started=at,
        finished=at,
        subject=ASSET,
        scope="tree",
        findings=tuple(Judged(finding=each) for each in findings),
        verdict=Verdict(outcome=Outcome.FAIL),
    )
    cache = root / ".paved" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "last-run.json").write_bytes(dump_run(run))


def ledger(root: Path) -> Ledger:
    """The project's ledger as the gate reads it."""
    path = root / ".paved" / "waivers.yaml"
    return load_ledger(path.read_bytes() if path.exists() else b"", str(path), WaiverPolicy())


def test_the_start_of_a_fingerprint_is_enough_and_its_file_is_recorded(run_paved: RunPaved, project: Path) -> None:
    done = run_paved("waive", mark("a")[:12], *WHO, *HOLDS, cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    (waiver,) = ledger(project).waivers
    assert (waiver.scope.fingerprint, waiver.scope.path) == (mark("a"), "src/a.py")
    assert (waiver.owner, waiver.reason, waiver.ticket) == ("team", "agreed: see ticket", "T-1")
    assert waiver.created
    assert waiver.expires == waiver.created + timedelta(days=30)
    assert waiver.id in done.stdout
    assert "next: commit .paved/waivers.yaml" in done.stdout
    assert waiver.id == f"W-{waiver.created.year}-001"


def test_a_rule_is_waived_in_a_place_from_below_the_project(run_paved: RunPaved, project: Path) -> None:
    (project / "src").mkdir()
    done = run_paved("waive", "--rule", "code/*", "--path", "src/", *WHO, *HOLDS, "--root", "src", cwd=project)
    assert done.returncode == 0
    (waiver,) = ledger(project).waivers
    assert (waiver.scope.rule, waiver.scope.path) == ("code/*", "src/")


def test_what_people_wrote_in_the_ledger_stays(run_paved: RunPaved, project: Path) -> None:
    path = project / ".paved" / "waivers.yaml"
    path.write_text("# ours\nversion: 1\nwaivers: []  # none\n", encoding="utf-8")
    assert run_paved("waive", mark("a"), *WHO, *HOLDS, cwd=project).returncode == 0
    assert path.read_text(encoding="utf-8").startswith("# ours\nversion: 1\nwaivers:  # none\n  - id: ")


def test_the_owner_may_come_from_the_environment(run_paved: RunPaved, project: Path) -> None:
    words = ("--reason", "r", "--ticket", "t", *HOLDS)
    assert run_paved("waive", mark("a"), *words, cwd=project, env={"PAVED_OWNER": "me"}).returncode == 0
    assert ledger(project).waivers[0].owner == "me"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((mark("a"), "--reason", "r", "--ticket", "t", *HOLDS), "a waiver needs an owner"),
        ((mark("a"), "--owner", "o", "--ticket", "t", *HOLDS), "a waiver needs a reason"),
        ((mark("a"), "--owner", "o", "--reason", " ", "--ticket", "t", *HOLDS), "a waiver needs a reason"),
        ((mark("a"), "--owner", "o", "--reason", "r", *HOLDS), "a waiver needs a ticket"),
        ((mark("a"), "--owner", "o\x1b[2J", "--reason", "r", "--ticket", "t", *HOLDS), "one line of printable text"),
        ((mark("a"), *WHO), "a waiver needs an end"),
        ((mark("a"), *WHO, "--days", "366"), "366 days; the policy allows 365"),
        ((mark("a"), *WHO, "--expires", "2020-01-01"), "has passed"),
        ((mark("a"), *WHO, "--expires", "tomorrow"), "tomorrow"),
        ((mark("a"), *WHO, "--expires", "2026-12-31", *HOLDS), "say the same thing"),
        ((*WHO, *HOLDS), "either a fingerprint or a rule"),
        ((mark("a"), "--rule", "x", *WHO, *HOLDS), "either a fingerprint or a rule"),
        (("--rule", "code/a", *WHO, *HOLDS), "at least one of path, component and asset"),
        (("--rule", "*", "--path", "**", *WHO, *HOLDS), "would waive nothing"),
        (("--rule", "code/a", "--path", "[a", *WHO, *HOLDS), "opens '['"),
        (("code/a", *WHO, *HOLDS), "not a fingerprint"),
        (("pr1-", *WHO, *HOLDS), "not a fingerprint"),
        ((mark("zzz"), *WHO, *HOLDS), "the last run has no finding"),
        ((mark("twice"), *WHO, *HOLDS), "say which with --path: x.py and y.py"),
        ((mark("a"), "--path", "other.py", *WHO, *HOLDS), "did not see"),
    ],
)
def test_what_is_not_whole_is_refused_with_a_next_step_and_nothing_is_written(
    run_paved: RunPaved, project: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run_paved("waive", *arguments, cwd=project)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert not (project / ".paved" / "waivers.yaml").exists()


def test_one_of_two_places_is_chosen_by_path(run_paved: RunPaved, project: Path) -> None:
    assert run_paved("waive", mark("twice"), "--path", "y.py", *WHO, *HOLDS, cwd=project).returncode == 0
    assert ledger(project).waivers[0].scope.path == "y.py"


def test_without_a_saved_run_a_whole_fingerprint_needs_its_file(run_paved: RunPaved, tmp_path: Path) -> None:
    done = run_paved("waive", mark("a"), *WHO, *HOLDS, "--root", str(tmp_path))
    assert (done.returncode, "no run of this project is saved" in done.stderr) == (2, True)
    done = run_paved("waive", mark("a"), "--path", "src/a.py", *WHO, *HOLDS, "--root", str(tmp_path))
    assert done.returncode == 0


def test_an_exception_to_an_exception_is_refused(run_paved: RunPaved, project: Path) -> None:
    save(project, finding("stale", kind="waivers", rule="waivers/stale"))
    done = run_paved("waive", mark("stale"), *WHO, *HOLDS, cwd=project)
    assert (done.returncode, "cannot be excepted" in done.stderr) == (2, True)


@pytest.mark.parametrize("broken", ["version: 1\nwaivers: [\n", "version: 3\n", "version: 1\nwaivers: [{id: x}]\n"])
def test_a_ledger_that_cannot_be_added_to_is_left_alone(run_paved: RunPaved, project: Path, broken: str) -> None:
    path = project / ".paved" / "waivers.yaml"
    path.write_text(broken, encoding="utf-8")
    done = run_paved("waive", mark("a"), *WHO, *HOLDS, cwd=project)
    assert done.returncode == 2
    assert path.read_text(encoding="utf-8") == broken


def test_links_are_not_written_through(
    run_paved: RunPaved, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "victim"
    outside.write_text("version: 1\n", encoding="utf-8")
    (project / ".paved" / "waivers.yaml").symlink_to(outside)
    done = run_paved("waive", mark("a"), *WHO, *HOLDS, cwd=project)
    assert (done.returncode, "symbolic link" in done.stderr) == (2, True)
    assert outside.read_text(encoding="utf-8") == "version: 1\n"


def test_a_damaged_last_run_is_said_in_words(run_paved: RunPaved, project: Path) -> None:
    (project / ".paved" / "cache" / "last-run.json").write_text("{", encoding="utf-8")
    done = run_paved("waive", mark("a"), *WHO, *HOLDS, cwd=project)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_many_at_once_lose_nothing(project: Path) -> None:
    command = [sys.executable, "-m", "pavedroad", "waive", "--path", "src/", *WHO, *HOLDS]
    running = [
        subprocess.Popen([*command, "--rule", f"code/r{number}"], cwd=project, stdout=subprocess.DEVNULL)
        for number in range(6)
    ]
    assert [each.wait(timeout=120) for each in running] == [0] * 6
    waivers = ledger(project).waivers
    assert {each.scope.rule for each in waivers} == {f"code/r{number}" for number in range(6)}
    assert len({each.id for each in waivers}) == 6


def test_a_waived_finding_no_longer_fails_the_check(run_paved: RunPaved, tmp_path: Path) -> None:
    (tmp_path / "paved.yaml").write_text("version: 1\nscan: {only: [secrets]}\n", encoding="utf-8")
    (tmp_path / ".env").write_text("DB_PASSWORD=" + "Zx9k" + "Lmq82ppQ" + "\n", encoding="utf-8")
    assert run_paved("check", "-q", cwd=tmp_path).returncode == 1
    run = json.loads((tmp_path / ".paved" / "cache" / "last-run.json").read_text(encoding="utf-8"))
    marks = [each["finding"]["fingerprint"] for each in run["findings"]]
    for each in marks:
        assert run_paved("waive", each[:16], *WHO, *HOLDS, cwd=tmp_path).returncode == 0
    done = run_paved("check", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    # The same secret in another file is another risk, which nobody has agreed to.
    (tmp_path / "copy.env").write_text((tmp_path / ".env").read_text(encoding="utf-8"), encoding="utf-8")
    assert run_paved("check", "-q", cwd=tmp_path).returncode == 1
