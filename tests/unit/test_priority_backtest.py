"""The back-test on data small enough to count by hand."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from pavedroad.core import AssetFacts
from pavedroad.priority import SnapshotError, load, snapshots
from pavedroad.priority.backtest import Backtest, Inputs, Row, cves_of, run, with_findings
from pavedroad.priority.backtestreport import as_html, as_json, as_svg, as_table
from pavedroad.priority.snapshots import Epss, Facts, Kev, Vectors, read_epss, read_kev, read_vectors
from tests.support.priority_samples import MILD, WORST
from tests.support.sample_run import sample_run
from tests.support.snapshots import epss_file, kev_file, vectors_file

AT, UNTIL = date(2026, 1, 1), date(2026, 6, 30)
HIGH, LOW, BARE, OLD, NEW = (f"CVE-2025-{number:04}" for number in range(1, 6))


def inputs(**changes: object) -> Inputs:
    """Five CVEs. HIGH and BARE (without any score) are added later, OLD was in the catalogue, NEW came afterwards."""
    kev = Kev(
        released=UNTIL,
        added={
            HIGH: date(2026, 2, 1),
            BARE: date(2026, 3, 1),
            OLD: date(2025, 5, 5),
            "CVE-2026-9999": date(2026, 4, 1),
            "CVE-2025-7777": date(2026, 7, 1),
        },
    )
    epss = Epss(day=AT, model="v", scores={HIGH: 0.6, LOW: 0.02, OLD: 0.9})
    vectors = Vectors(
        facts={
            HIGH: Facts(vector=WORST, published=date(2025, 3, 1)),
            LOW: Facts(vector=MILD, published=date(2025, 3, 1)),
            BARE: Facts(published=date(2025, 12, 1)),
            NEW: Facts(vector=WORST, published=date(2026, 2, 2)),
        },
        dated=True,
    )
    return Inputs(**({"kev": kev, "epss": epss, "vectors": vectors} | changes))  # type: ignore[arg-type]


def result(asset: AssetFacts | None = None, *names: str, **changes: object) -> Backtest:
    tables = [load(name) for name in names or ("cisa-bod-26-04",)]
    return run(inputs(**changes), AT, UNTIL, tables, asset or AssetFacts(exposure="internet"))


def row(found: Backtest, name: str) -> Row:
    return next(each for each in found.rows if each.name == name)


def test_the_population_is_what_was_known_on_the_day() -> None:
    found = result()
    assert (found.population, found.additions, found.seen, found.unseen) == (3, 3, 2, 1)
    assert (found.listed_before, found.too_new) == (1, 1)


@pytest.mark.parametrize(
    ("name", "selected", "hits", "coverage", "efficiency"),
    [
        ("everything", 3, 2, 1.0, 2 / 3),
        ("KEV only", 0, 0, 0.0, None),
        ("CVSS 7 or more", 1, 1, 0.5, 1.0),
        ("CVSS 9 or more", 1, 1, 0.5, 1.0),
        ("EPSS 0.01 or more", 2, 1, 0.5, 0.5),
        ("EPSS 0.5 or more", 1, 1, 0.5, 1.0),
        ("KEV or EPSS 0.088, then CVSS 7", 1, 1, 0.5, 1.0),
        # Without vector and without word of CISA the worst is assumed, so BARE is due in three days too.
        ("cisa-bod-26-04: 3 days or sooner", 2, 2, 1.0, 1.0),
        ("cisa-bod-26-04: 60 days or sooner", 3, 2, 1.0, 2 / 3),
        ("no EPSS score on the day", 1, 1, 0.5, 1.0),
        ("no CVSS vector", 1, 1, 0.5, 1.0),
    ],
)
def test_each_strategy_counts_right(
    name: str, selected: int, hits: int, coverage: float, efficiency: float | None
) -> None:
    each = row(result(), name)
    assert (each.selected, each.hits, each.coverage) == (selected, hits, coverage)
    assert each.efficiency == pytest.approx(efficiency, abs=1e-6)
    assert each.effort == pytest.approx(selected / 3, abs=1e-6)


def test_cves_without_the_data_of_a_strategy_are_counted_beside_it() -> None:
    each = row(result(), "EPSS 0.1 or more")
    assert (each.blind, each.blind_hits) == (1, 1)


def test_exposure_changes_what_the_tables_select() -> None:
    inside = row(result(AssetFacts(exposure="internal")), "cisa-bod-26-04: 3 days or sooner")
    assert inside.selected == 0


def test_what_is_missing_is_said() -> None:
    notes = "\n".join(result(AssetFacts(), epss=None, vectors=Vectors(facts={HIGH: Facts(vector=WORST)})).notes)
    for part in ("exposure is not known", "no EPSS scores", "no dates of publication"):
        assert part in notes
    assert "no CVSS vectors" in "\n".join(result(vectors=None).notes)
    stale = Epss(day=date(2025, 12, 30), model="v", scores={HIGH: 0.5}, broken=2)
    notes = "\n".join(result(epss=stale).notes)
    assert "2 days before" in notes
    assert "2 EPSS rows could not be read" in notes


def test_without_dates_only_cves_of_a_later_year_are_surely_later() -> None:
    vectors = Vectors(facts={"CVE-2027-0001": Facts(vector=WORST), LOW: Facts(vector=MILD)})
    found = result(epss=None, vectors=vectors)
    assert (found.population, found.too_new) == (1, 1)


def test_only_the_cves_of_findings_when_a_run_is_given() -> None:
    found = result(only=frozenset({HIGH}))
    assert (found.population, found.seen, found.foreign) == (1, 1, 2)


def test_a_run_brings_its_cves_and_vectors() -> None:
    saved = sample_run()
    assert cves_of(saved) == frozenset({"CVE-2025-27516"})
    assert cves_of(None) is None
    completed = with_findings(None, saved)
    assert completed is not None
    assert set(completed.facts) == {"CVE-2025-27516"}


def test_nothing_added_later_is_no_coverage_rather_than_a_perfect_one() -> None:
    found = run(inputs(kev=Kev(released=UNTIL, added={})), AT, UNTIL, [], AssetFacts())
    assert {each.coverage for each in found.rows} == {None}
    assert "no coverage to measure" in as_table(found)


def test_reports_hold_the_same_figures_and_load_nothing() -> None:
    found = result(None, "cisa-bod-26-04", "cvss-days")
    page, table = as_html(found), as_table(found)
    for text in (page, table):
        assert "cvss-days: one month" in text
        assert "66.7 %" in text
    assert "<table>" in page
    for text in (page, as_svg(found)):
        assert 'role="img"' in text
        assert not {"src=", "href=", "url(", "<script"} & set(text.split())
    assert '"efficiency": null' in as_json(found)


# --- snapshots ------------------------------------------------------------------------------------------------------


def test_a_catalogue_is_read_and_broken_entries_are_counted(tmp_path: Path) -> None:
    path = kev_file(tmp_path / "kev.json", {HIGH: "2026-02-01", "CVE-1": "2026-02-01", LOW: "soon"})
    kev = read_kev(path)
    assert (kev.added, kev.broken, kev.released) == ({HIGH: date(2026, 2, 1)}, 2, UNTIL)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"vulnerabilities": 3}', b"\xff", b"[" * 10_000])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kev.json").write_bytes(content)
    with pytest.raises(SnapshotError, match="no KEV catalogue"):
        read_kev(tmp_path / "kev.json")


@pytest.mark.parametrize("name", ["scores.csv", "scores.csv.gz"])
def test_scores_are_read_packed_or_not(tmp_path: Path, name: str) -> None:
    path = epss_file(tmp_path / name, {HIGH: 0.5, LOW: 7.0}, AT)
    got = read_epss(path, AT)
    assert (got.scores, got.broken, got.day, got.model) == ({HIGH: 0.5}, 1, AT, "v2026.01.01")


def test_of_a_folder_the_newest_file_that_is_not_newer_counts(tmp_path: Path) -> None:
    for day in (date(2025, 12, 1), date(2025, 12, 30), date(2026, 1, 2)):
        epss_file(tmp_path / f"epss_scores-{day}.csv.gz", {HIGH: 0.5}, day)
    assert read_epss(tmp_path, AT).day == date(2025, 12, 30)
    with pytest.raises(SnapshotError, match="2020-01-01 or before"):
        read_epss(tmp_path, date(2020, 1, 1))


def test_the_day_may_come_from_the_name_of_a_file(tmp_path: Path) -> None:
    assert read_epss(epss_file(tmp_path / "epss_scores-2025-11-11.csv", {HIGH: 0.5}), AT).day == date(2025, 11, 11)
    with pytest.raises(SnapshotError, match="day of these scores"):
        read_epss(epss_file(tmp_path / "scores.csv", {HIGH: 0.5}), AT)


def test_scores_of_the_future_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="know what happened"):
        read_epss(epss_file(tmp_path / "s.csv", {HIGH: 0.5}, date(2026, 1, 2)), AT)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(b"cve,epss\n", mtime=0)[:-6], "cut off"),
        (b"\x1f\x8bjunk", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"", "day of these scores"),
        (b"#score_date:2025-01-01\nname,score\n", "'cve' is missing"),
        (b'#score_date:2025-01-01\ncve,epss\n"a', "no CSV"),
        (b"#score_date:2025-01-01\n", "empty"),
    ],
)
def test_broken_scores_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "e.csv").write_bytes(content)
    with pytest.raises(SnapshotError, match=words):
        read_epss(tmp_path / "e.csv", AT)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_TEXT", 1000)
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress(b"#score_date:2025-01-01\n" + b"x" * 100_000))
    with pytest.raises(SnapshotError, match="unpacks to more"):
        read_epss(tmp_path / "e.csv.gz", AT)


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_ROWS", 2)
    with pytest.raises(SnapshotError, match="more than 2 rows"):
        read_vectors(vectors_file(tmp_path / "v.csv", [f"{HIGH},,"] * 3))


def test_of_several_rows_of_a_cve_the_best_of_each_counts(tmp_path: Path) -> None:
    rows = [
        f"{HIGH},{MILD},2025-05-01,,,",
        f"{HIGH},{WORST},2025-04-01,public poc,yes,total",
        f"{LOW},,,,,",
        "CVE-X,,,,,",
        f"{LOW},junk,,,,",
    ]
    head = "cve,vector,published,exploitation,automatable,technical_impact"
    got = read_vectors(vectors_file(tmp_path / "v.csv", rows, head))
    assert got.facts[HIGH] == Facts(
        vector=WORST, published=date(2025, 4, 1), exploitation="poc", automatable=True, total_impact=True
    )
    assert got.facts[LOW] == Facts()
    assert (got.broken, got.dated) == (2, True)


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    for read in (read_kev, read_vectors):
        with pytest.raises(SnapshotError, match="not there"):
            read(tmp_path / "none")
