"""Records of several sources that describe one flaw become one, and how bad it is."""

from pathlib import Path
from typing import Any

import pytest

from pavedroad.advisories import Findings, examine, scheme
from pavedroad.advisories.flaws import rank
from pavedroad.advisories.severity import base_score, rate
from pavedroad.core.severity import Severity
from tests.support.osv import CRITICAL_VECTOR, HIGH_VECTOR, open_with, record


def flaws(tmp_path: Path, version: str, *records: dict[str, Any]) -> Findings:
    rules = scheme("PyPI")
    assert rules
    with open_with(tmp_path, *records) as database:
        return examine(database.lookup("PyPI", "tank"), version, rules)


def test_records_joined_by_an_alias_are_one_flaw_named_by_its_cve(tmp_path: Path) -> None:
    found = flaws(
        tmp_path,
        "1.0",
        record("PYSEC-2026-1", "tank", "introduced:0", "fixed:1.1", aliases=["CVE-2026-0007"]),
        record("GHSA-aaaa-bbbb-cccc", "tank", "introduced:0", "fixed:1.1", aliases=["CVE-2026-0007"]),
        record("PYSEC-2026-2", "tank", "introduced:0", "fixed:1.2"),
    )
    assert [flaw.id for flaw in found.flaws] == ["CVE-2026-0007", "PYSEC-2026-2"]
    assert found.flaws[0].aliases == ("GHSA-aaaa-bbbb-cccc", "PYSEC-2026-1")
    assert found.flaws[0].notes == ()
    assert found.flaws[0].fixed == "1.1"


def test_the_name_of_a_flaw_is_the_same_whichever_source_is_there(tmp_path: Path) -> None:
    one = record("PYSEC-2026-1", "tank", "introduced:0", aliases=["CVE-2026-0007", "GHSA-aaaa-bbbb-cccc"])
    two = record("GHSA-aaaa-bbbb-cccc", "tank", "introduced:0", aliases=["CVE-2026-0007"])
    names = {
        flaws(tmp_path / str(i), "1.0", *records).flaws[0].id for i, records in enumerate([(one,), (two,), (one, two)])
    }
    assert names == {"CVE-2026-0007"}


def test_names_are_preferred_cve_by_number_then_ghsa_then_the_rest() -> None:
    names = ["PYSEC-2026-1", "GHSA-x", "CVE-2026-10000", "CVE-2026-9", "CVE-2025-99999", "GO-2026-1", "CVE-odd"]
    assert sorted(names, key=rank)[:4] == ["CVE-2025-99999", "CVE-2026-9", "CVE-2026-10000", "GHSA-x"]


def test_related_records_stay_apart(tmp_path: Path) -> None:
    found = flaws(
        tmp_path,
        "1.0",
        record("X-1", "tank", "introduced:0", related=["X-2"]),
        record("X-2", "tank", "introduced:0"),
    )
    assert len(found.flaws) == 2


def test_sources_that_disagree_are_named(tmp_path: Path) -> None:
    found = flaws(
        tmp_path,
        "1.0",
        record(
            "X-1", "tank", "introduced:0", "fixed:1.1", aliases=["CVE-2026-1"], database_specific={"severity": "LOW"}
        ),
        record(
            "X-2", "tank", "introduced:0", "fixed:1.3", aliases=["CVE-2026-1"], database_specific={"severity": "HIGH"}
        ),
        record("X-3", "tank", "introduced:2", "fixed:3", aliases=["CVE-2026-1"]),
    )
    (flaw,) = found.flaws
    text = " ".join(flaw.notes)
    assert "disagree on the affected range: X-1 says < 1.1; X-2 says < 1.3" in text
    assert "disagree on the severity" in text
    assert "X-3 does not list this version" in text
    assert flaw.rating.severity is Severity.HIGH
    assert flaw.fixed == "1.3"


def test_an_advisory_that_cannot_be_judged_is_reported_and_not_dropped(tmp_path: Path) -> None:
    found = flaws(tmp_path, "odd!version", record("X-1", "tank", "introduced:0", "fixed:1.1"))
    assert found.flaws == ()
    assert found.unknown == ("X-1",)


@pytest.mark.parametrize(
    ("more", "severity", "score"),
    [
        ({"severity": [{"type": "CVSS_V3", "score": HIGH_VECTOR}]}, Severity.HIGH, 7.5),
        ({"severity": [{"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}]}, Severity.HIGH, 7.5),
        ({"affected": {"severity": [{"type": "CVSS_V3", "score": CRITICAL_VECTOR}]}}, Severity.CRITICAL, 9.8),
        ({"severity": [{"type": "CVSS_V3", "score": "garbage"}]}, Severity.UNKNOWN, None),
        ({"severity": [{"type": "Ubuntu", "score": "high"}]}, Severity.HIGH, None),
        ({"severity": [{"type": "Ubuntu", "score": "negligible"}]}, Severity.INFO, None),
        ({"severity": [{"type": "Ubuntu", "score": "untriaged"}]}, Severity.UNKNOWN, None),
        ({"affected": {"severity": [{"type": "Ubuntu", "score": "medium"}]}}, Severity.MEDIUM, None),
        ({"affected": {"ecosystem_specific": {"urgency": "unimportant"}}}, Severity.INFO, None),
        ({"database_specific": {"severity": "MODERATE"}}, Severity.MEDIUM, None),
        ({"database_specific": {"severity": 7}}, Severity.UNKNOWN, None),
        ({"affected": {"database_specific": {"informational": "unmaintained"}}}, Severity.INFO, None),
        ({"affected": {"database_specific": {"informational": "unsound"}}}, Severity.LOW, None),
        ({}, Severity.UNKNOWN, None),
    ],
)
def test_severity_is_the_vector_then_the_word_then_unknown(
    tmp_path: Path, more: dict[str, Any], severity: Severity, score: float | None
) -> None:
    with open_with(tmp_path, record("X-1", "tank", "introduced:0", **more)) as database:
        (one,) = database.lookup("PyPI", "tank")
    assert (rate(one).severity, rate(one).score) == (severity, score)


def test_a_newer_cvss_goes_before_an_older_one(tmp_path: Path) -> None:
    v4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
    severity = [{"type": "CVSS_V3", "score": HIGH_VECTOR}, {"type": "CVSS_V4", "score": v4}]
    with open_with(tmp_path, record("X-1", "tank", "introduced:0", severity=severity)) as database:
        assert rate(database.lookup("PyPI", "tank")[0]).vector == v4


def test_a_malicious_package_is_malicious_whatever_else_is_said(tmp_path: Path) -> None:
    one = record("MAL-2026-1", "tank", "introduced:0", database_specific={"severity": "LOW"})
    found = flaws(tmp_path, "1.0", one)
    assert found.flaws[0].malicious
    assert found.flaws[0].rating.severity is Severity.MALICIOUS


@pytest.mark.parametrize("vector", ["", "CVSS:3.1/", "CVSS:9.9/AV:N", "\x00", "AV:N" * 60])
def test_a_vector_that_is_none_has_no_score(vector: str) -> None:
    assert base_score(vector) is None


def test_upstream_makes_no_two_flaws_one_and_gives_names_to_ask_signals_for(tmp_path: Path) -> None:
    one = record("X-CVE-2026-1", "tank", "introduced:0", upstream=["CVE-2026-1"])
    two = record("GHSA-aaaa-bbbb-cccc", "tank", "introduced:0", aliases=["CVE-2026-1"], related=["CVE-2026-2"])
    found = {flaw.id: flaw.signal_names for flaw in flaws(tmp_path, "1.0", one, two).flaws}
    assert found == {
        "X-CVE-2026-1": ("X-CVE-2026-1", "CVE-2026-1"),
        "CVE-2026-1": ("CVE-2026-1", "GHSA-aaaa-bbbb-cccc"),
    }


def test_an_erratum_passes_on_the_cves_it_calls_related(tmp_path: Path) -> None:
    one = record("ALSA-2026:1", "tank", "introduced:0", ecosystem="AlmaLinux:9", related=["CVE-2026-1", "RHSA-2026:1"])
    with open_with(tmp_path, one) as database:
        rules = scheme("PyPI")
        assert rules is not None
        (flaw,) = examine(database.lookup("AlmaLinux:9", "tank"), "1.0", rules).flaws
    assert flaw.upstream == ("CVE-2026-1",)
