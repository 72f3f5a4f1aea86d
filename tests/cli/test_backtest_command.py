"""``paved backtest`` as a process, on made data."""

import json
from datetime import date
from pathlib import Path

import pytest

from pavedroad.reports import dump_run
from tests.support.paved_process import RunPaved
from tests.support.priority_samples import WORST
from tests.support.sample_run import sample_run
from tests.support.snapshots import epss_file, kev_file, vectors_file

HIT, MISS = "CVE-2025-0001", "CVE-2025-0002"


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    """Options for a catalogue to which HIT was added, with scores and vectors of both."""
    kev = kev_file(tmp_path / "kev.json", {HIT: "2026-03-01"})
    epss = epss_file(tmp_path / "epss" / "epss_scores-2026-01-01.csv.gz", {HIT: 0.7, MISS: 0.001}, date(2026, 1, 1))
    vectors = vectors_file(tmp_path / "v.csv", [f"{HIT},{WORST},2025-02-02", f"{MISS},{WORST},2025-02-02"])
    return ["--kev", str(kev), "--epss", str(epss.parent), "--vectors", str(vectors), "--at", "2026-01-01"]


def test_the_table_shows_effort_coverage_and_efficiency(run_paved: RunPaved, data: list[str]) -> None:
    done = run_paved("backtest", *data)
    assert done.returncode == 0, done.stderr
    assert "2 CVEs in the population; 1 of them was added later." in done.stdout
    line = next(line for line in done.stdout.splitlines() if line.startswith("EPSS 0.5 or more"))
    assert line.split()[4:] == ["1", "50.0", "%", "1", "100.0", "%", "100.0", "%"]
    assert "until 2026-06-30" in done.stdout


def test_json_charts_and_choices(run_paved: RunPaved, data: list[str], tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("epss,outcome,days\nhigh,now,2\nmedium,soon,30\nlow,later,\n")
    for name in ("chart.html", "chart.svg"):
        done = run_paved(
            "backtest", *data, "--table", str(own), "--epss-cut", "0.3", "--format", "json",
            "--exposure", "internal", "--chart", str(tmp_path / name),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "<svg" in (tmp_path / name).read_text()
    names = [row["name"] for row in json.loads(done.stdout)["backtest"]["rows"]]
    assert "own: now" in names
    assert "EPSS 0.3 or more" in names
    assert not any(name.startswith("cisa") for name in names)


def test_findings_of_a_run_restrict_it(run_paved: RunPaved, data: list[str], tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    saved.write_bytes(dump_run(sample_run()))
    done = run_paved("backtest", *data, "--findings", str(saved))
    assert "1 CVE in the population; 0 of them were added later." in done.stdout
    assert "not among the findings" in done.stdout


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["--at", "2025-12-01"], "or before"),
        (["--at", "2026-06-30"], "nothing can be judged"),
        (["--chart", "x.png"], ".html or .svg"),
        (["--table", "nope"], "no decision table"),
        (["--findings", "none.json"], "no such file"),
        (["--kev", "none.json"], "not there"),
    ],
)
def test_mistakes_end_with_two_and_a_hint(run_paved: RunPaved, data: list[str], changes: list[str], words: str) -> None:
    done = run_paved("backtest", *data, *changes)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_without_scores_and_vectors_there_is_nothing_to_choose_from(run_paved: RunPaved, data: list[str]) -> None:
    done = run_paved("backtest", *data[:2], "--at", "2026-01-01")
    assert (done.returncode, "nothing to choose from" in done.stderr) == (2, True)
