"""KEV, EPSS and SSVC beside the advisories: read, dated, asked by the names of a flaw."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pavedroad.advisories.errors import CorruptSignals, NoSignals, SourceError
from pavedroad.advisories.exploitation import EPSS, KEV, SSVC, SignalsReport, SignalStore, update_signals
from pavedroad.core.clock import FixedClock
from tests.support.osv import NOW, write_zip

FILE = "signals.sqlite3"


def kev(*cves: str, released: str = "2026-02-20T10:00:00Z", **more: Any) -> bytes:
    listed = [
        {
            "cveID": cve,
            "dateAdded": "2026-01-05",
            "dueDate": "2026-01-26",
            "knownRansomwareCampaignUse": "Unknown",
            "vulnerabilityName": f"Flaw {cve}",
        }
        | more
        for cve in cves
    ]
    return json.dumps({"dateReleased": released, "count": len(listed), "vulnerabilities": listed}).encode()


def scores(*rows: str, day: str = "2026-02-21") -> bytes:
    first = f"#model_version:v2025.03.14,score_date:{day}T12:55:00Z"
    return "\n".join([first, "cve,epss,percentile", *rows, ""]).encode()


def cve_record(cve: str, *options: tuple[str, str], provider: str = "CISA-ADP", at: str = "2026-02-01") -> bytes:
    content = {"id": cve, "options": [{k: v} for k, v in options], "timestamp": f"{at}T00:00:00Z"}
    adp = {"providerMetadata": {"shortName": provider}, "metrics": [{"other": {"type": "ssvc", "content": content}}]}
    return json.dumps({"cveMetadata": {"cveId": cve}, "containers": {"cna": {}, "adp": [adp]}}).encode()


def write(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


def refresh(base: Path, *, keep_days: int = 0, **contents: Any) -> SignalsReport:
    names = {"kev": KEV, "epss": EPSS, "ssvc": SSVC}
    wanted = {names[key]: write(base / f"{key}.json", value) for key, value in contents.items()}
    return update_signals(base / FILE, clock=FixedClock(NOW), wanted=wanted, keep_days=keep_days)


def store(base: Path) -> SignalStore:
    return SignalStore.open(base / FILE)


def test_a_flaw_gets_what_is_known_with_the_dates(tmp_path: Path) -> None:
    points = cve_record(
        "CVE-2026-0001", ("Exploitation", "active"), ("Automatable", "yes"), ("Technical Impact", "total")
    )
    listed = kev("CVE-2026-0001", knownRansomwareCampaignUse="Known")
    refresh(tmp_path, kev=listed, epss=scores("CVE-2026-0001,0.91,0.998"), ssvc=points)
    with store(tmp_path) as opened:
        found = opened.signals(["GHSA-aaaa-bbbb-cccc", "CVE-2026-0001"])
        assert {fact.name for fact in opened.facts()} == {"CISA KEV", "EPSS", "CISA Vulnrichment"}
    assert (found.cve, found.known_exploited, found.known_since) == ("CVE-2026-0001", True, date(2026, 1, 5))
    assert (found.due, found.ransomware, found.kev_as_of) == (date(2026, 1, 26), True, date(2026, 2, 20))
    assert (found.epss, found.percentile, found.epss_as_of) == (0.91, 0.998, date(2026, 2, 21))
    assert (found.exploitation, found.automatable, found.total_impact) == ("active", True, True)


def test_without_a_catalogue_nobody_says_that_a_flaw_is_not_exploited(tmp_path: Path) -> None:
    refresh(tmp_path, epss=scores("CVE-2026-0001,0.1,0.5"))
    with store(tmp_path) as opened:
        assert opened.signals(["CVE-2026-0001"]).known_exploited is None
        assert opened.signals(["GHSA-x"]).known_exploited is None
    refresh(tmp_path, kev=kev("CVE-2026-0009"))
    with store(tmp_path) as opened:
        assert opened.signals(["CVE-2026-0001"]).known_exploited is False
        assert opened.signals(["CVE-2026-0001"]).epss == 0.1
        assert opened.signals(["CVE-2026-0002"]).epss is None
        assert opened.signals(["GHSA-x"]).known_exploited is False


def test_of_several_cves_an_exploited_one_speaks_else_the_likeliest(tmp_path: Path) -> None:
    refresh(
        tmp_path,
        kev=kev("CVE-2026-0003"),
        epss=scores("CVE-2026-0001,0.1,0.5", "CVE-2026-0002,0.7,0.9", "CVE-2026-0003,0.2,0.6"),
    )
    with store(tmp_path) as opened:
        assert opened.signals(["CVE-2026-0001", "CVE-2026-0002"]).cve == "CVE-2026-0002"
        assert opened.signals(["CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003"]).cve == "CVE-2026-0003"
        assert opened.signals(["CVE-2026-0008", "CVE-2026-0007"]).cve == "CVE-2026-0007"


def test_a_flaw_that_left_the_catalogue_is_no_longer_listed_and_stays_in_the_history(tmp_path: Path) -> None:
    refresh(tmp_path, kev=kev("CVE-2026-0001", "CVE-2026-0002"))
    refresh(tmp_path, kev=kev("CVE-2026-0002", released="2026-02-25T00:00:00Z"))
    with store(tmp_path) as opened:
        assert opened.signals(["CVE-2026-0001"]).known_exploited is False
        history = {each.cve: each.removed for each in opened.kev_history()}
    assert history == {"CVE-2026-0001": date(2026, 2, 25), "CVE-2026-0002": None}


def test_scores_may_be_packed_and_days_are_kept_as_asked(tmp_path: Path) -> None:
    for number in range(1, 5):
        day = scores(f"CVE-2026-0001,0.{number},0.5", day=f"2026-02-0{number}")
        refresh(tmp_path, keep_days=2, epss=gzip.compress(day))
    with store(tmp_path) as opened:
        assert opened.epss_days() == (date(2026, 2, 3), date(2026, 2, 4))
        assert opened.epss_of(date(2026, 2, 3)) == (("CVE-2026-0001", 0.3, 0.5),)
        assert opened.epss_of(date(2020, 1, 1)) == ()
        assert opened.signals(["CVE-2026-0001"]).epss == 0.4


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    refresh(tmp_path, kev=kev("CVE-2026-0001"))
    before = (tmp_path / FILE).stat().st_ino
    assert [s.name for s in refresh(tmp_path, kev=kev("CVE-2026-0001")).unchanged] == [KEV]
    assert (tmp_path / FILE).stat().st_ino == before


def test_an_older_file_does_not_take_the_place_of_a_newer_one(tmp_path: Path) -> None:
    refresh(tmp_path, kev=kev("CVE-2026-0001"), epss=scores("CVE-2026-0001,0.1,0.5"))
    with pytest.raises(SourceError, match="2026-02-20"):
        refresh(tmp_path, kev=kev("CVE-2026-0002", released="2025-01-01T00:00:00Z"))
    with pytest.raises(SourceError, match="2026-02-21"):
        refresh(tmp_path, epss=scores("CVE-2026-0001,0.1,0.5", day="2025-01-01"))
    with store(tmp_path) as opened:
        assert opened.signals(["CVE-2026-0001"]).known_exploited


def test_a_date_in_the_future_does_not_make_data_fresh(tmp_path: Path) -> None:
    refresh(tmp_path, kev=kev("CVE-2026-0001", released=f"{NOW + timedelta(days=400):%Y-%m-%dT%H:%M:%SZ}"))
    with store(tmp_path) as opened:
        assert opened.facts()[0].as_of is None


def test_decision_points_come_from_a_folder_or_a_zip_and_only_from_cisa(tmp_path: Path) -> None:
    old = cve_record("CVE-2026-0001", ("Exploitation", "none"), ("Automatable", "no"), ("Technical Impact", "partial"))
    entries = {
        "a/CVE-2026-0001.json": old,
        "a/CVE-2026-0002.json": cve_record("CVE-2026-0002", ("Exploitation", "poc"), provider="other"),
        "a/CVE-2026-0003.json": cve_record("CVE-2026-0003", ("Exploitation", "PoC"), ("Automatable", "odd")),
        "a/broken.json": b"{",
        "README.md": b"words",
    }
    for name, content in entries.items():
        write(tmp_path / "folder" / name, content)
    archive = write_zip(tmp_path / "records.zip", entries)
    for where in (tmp_path / "folder", archive):
        target = tmp_path / f"{where.name}.sqlite3"
        done = update_signals(target, clock=FixedClock(NOW), wanted={SSVC: str(where)})
        assert (done.imported[0].rows, done.imported[0].broken) == (2, 1)
        assert done.imported[0].as_of == datetime(2026, 2, 1, tzinfo=UTC)
        with SignalStore.open(target) as opened:
            first, third = opened.signals(["CVE-2026-0001"]), opened.signals(["CVE-2026-0003"])
            assert opened.signals(["CVE-2026-0002"]).exploitation is None
        assert (first.exploitation, first.automatable, first.total_impact) == ("none", False, False)
        assert (third.exploitation, third.automatable, third.total_impact) == ("poc", None, None)


@pytest.mark.parametrize(
    "contents",
    [
        {"kev": b"[]"},
        {"kev": b'{"vulnerabilities": []}'},
        {"kev": kev("CVE-2026-0001").replace(b'"count": 1', b'"count": 7')},
        {"kev": kev("nonsense")},
        {"epss": b"words\n"},
        {"epss": scores()},
        {"epss": scores("CVE-2026-0001,7,0.5", "CVE-2026-0002,nan,1")},
        {"epss": gzip.compress(scores("CVE-2026-0001,0.1,0.5"))[:-9]},
        {"epss": b"#" * 5000},
        {"ssvc": b"{}"},
    ],
)
def test_a_broken_file_is_an_error_and_the_old_one_stays(tmp_path: Path, contents: dict[str, Any]) -> None:
    refresh(tmp_path, kev=kev("CVE-2026-0009"))
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(SourceError):
        refresh(tmp_path, **contents)
    assert (tmp_path / FILE).read_bytes() == before
    assert not list(tmp_path.glob("*.new*"))


def test_a_missing_or_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoSignals, match="paved advisories update"):
        store(tmp_path)
    write(tmp_path / FILE, b"garbage" * 1000)
    with pytest.raises(CorruptSignals, match="paved advisories update"):
        store(tmp_path)
    assert refresh(tmp_path, kev=kev("CVE-2026-0001")).notes
    with store(tmp_path) as opened:
        assert opened.signals(["CVE-2026-0001"]).known_exploited
