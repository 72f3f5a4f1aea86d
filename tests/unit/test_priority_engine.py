"""What is due when, and the sentence why."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pavedroad.core import AssetFacts, Component, Evidence, Judged, Severity
from pavedroad.priority import load, plan, rank_run, table_names
from pavedroad.priority.engine import urgency
from tests.support.policy_samples import finding, judged
from tests.support.priority_samples import MILD, TODAY, WORST, flaw, package, priority, signals

INTERNET = AssetFacts(exposure="internet", criticality="high", environment="production", data="internal")
INTERNAL = AssetFacts(exposure="internal", criticality="high", environment="production", data="internal")
KEV = {"known_exploited": True, "known_since": TODAY - timedelta(days=2), "exploitation": "active"}


def test_what_is_exploited_exposed_and_total_is_due_in_three_days_with_forensics() -> None:
    known = signals(**KEV, automatable=True, total_impact=True)
    got = priority(known=known, facts=INTERNET, seen=TODAY)
    assert got.tier == "3 days & forensic investigation"
    assert (got.days, got.due, got.rank, got.assumed, got.advice) == (3, date(2026, 11, 27), 0, (), "")
    assert got.why == (
        "Fix it within 3 days and look for traces of an attack before you patch, by 2026-11-27 (counted from "
        "2026-11-24): known to be exploited since 2026-11-22, reachable from the internet, attacks can be automated, "
        "it gives total control."
    )


def test_what_is_neither_exploited_nor_exposed_has_no_deadline() -> None:
    got = priority(known=signals(), facts=INTERNAL)
    assert (got.tier, got.days, got.due, got.start) == ("fix on system upgrade", None, None, None)


def test_missing_exposure_is_assumed_to_be_the_internet_and_said() -> None:
    got = priority(known=signals())
    assert got.tier == "60 days"
    assert any("exposure of the asset is not known" in text and "assumed yes" in text for text in got.assumed)
    assert "reachable from the internet (assumed)" in got.why
    assert got.advice == (
        "were asset.exposure in paved.yaml partner, internal or isolated, the tier would be 'fix on system upgrade' "
        "instead of '60 days'"
    )


@pytest.mark.parametrize("environment", ["development", "staging"])
def test_outside_production_missing_exposure_is_assumed_internal_and_said_too(environment: str) -> None:
    got = priority(known=signals(), facts=AssetFacts(environment=environment))
    assert got.tier == "fix on system upgrade"
    assert any(environment in text and "assumed no" in text for text in got.assumed)


def test_the_next_fact_is_named_when_exposure_is_known() -> None:
    facts = AssetFacts(exposure="internet")
    assert priority(known=signals(), facts=facts, table="cisa-coordinator").advice == ""  # nothing is milder
    assert "asset.criticality" in priority(known=signals(**KEV), facts=facts, table="ssvc-deployer").advice


def test_a_word_we_do_not_know_is_unknown_not_no() -> None:
    got = priority(known=signals(), facts=AssetFacts(exposure="dmz"))
    assert got.tier == "60 days"
    assert got.assumed


def test_without_a_catalogue_not_exploited_is_an_assumption() -> None:
    got = priority(known=None, facts=INTERNET)
    assert any(text.startswith("kev: no catalogue") for text in got.assumed)
    assert "not known to be exploited (assumed)" in got.why


def test_when_cisa_is_silent_the_vector_is_asked_and_said() -> None:
    silent = signals(automatable=None, total_impact=None)
    worst = priority(flaw(vectors=(WORST,)), silent, INTERNET)
    mild = priority(flaw(vectors=(MILD,)), silent, INTERNET)
    assert (worst.tier, mild.tier) == ("3 days", "60 days")
    assert sum("derived from the CVSS vector" in text for text in worst.assumed) == 2
    none_at_all = priority(flaw(severity=Severity.UNKNOWN), silent, INTERNET)
    assert none_at_all.tier == "3 days"


def test_the_score_is_that_of_this_asset_and_named() -> None:
    got = priority(flaw(vectors=(WORST,)), signals(), INTERNAL)
    assert got.score is not None
    assert got.score < 9.8
    assert got.score_name == "CVSS-BTE 3.1"


# --- the clock ------------------------------------------------------------------------------------------------------


def test_the_clock_starts_when_we_first_saw_it() -> None:
    got = priority(known=signals(), facts=INTERNET, seen=TODAY - timedelta(days=50))
    assert got.due == TODAY + timedelta(days=10)


def test_a_first_sighting_that_nobody_knows_is_assumed_to_be_today() -> None:
    got = priority(known=signals(), facts=INTERNET, seen=None)
    assert got.start == TODAY
    assert any(text.startswith("first seen") for text in got.assumed)


def test_a_sighting_in_the_future_does_not_push_the_deadline_back() -> None:
    assert priority(known=signals(), facts=INTERNET, seen=TODAY + timedelta(days=900)).start == TODAY


def test_a_later_catalogue_entry_starts_a_stricter_clock() -> None:
    known = signals(known_exploited=True, known_since=TODAY - timedelta(days=1))
    got = priority(known=known, facts=INTERNET, seen=TODAY - timedelta(days=20))
    assert (got.tier, got.start) == ("14 days", TODAY - timedelta(days=1))
    assert got.due == TODAY + timedelta(days=13)


def test_a_later_catalogue_entry_never_extends_the_deadline_there_was() -> None:
    known = signals(known_exploited=True, known_since=TODAY - timedelta(days=1))
    got = priority(known=known, facts=INTERNET, seen=TODAY - timedelta(days=58))
    assert got.tier == "14 days"
    assert got.due == TODAY + timedelta(days=2)  # the 60 days from the first sighting end before


def test_an_earlier_catalogue_entry_does_not_make_it_overdue_at_first_sight() -> None:
    known = signals(known_exploited=True, known_since=TODAY - timedelta(days=400))
    assert priority(known=known, facts=INTERNET, seen=TODAY).due == TODAY + timedelta(days=14)


def test_a_deadline_that_moves_is_told() -> None:
    before = priority(known=signals(), seen=TODAY - timedelta(days=1))
    after = priority(known=signals(), facts=INTERNAL, seen=TODAY - timedelta(days=1), previous=before)
    assert f"it was due on {before.due} and has no deadline any more" in after.why
    earlier = priority(known=signals(automatable=True), seen=TODAY - timedelta(days=1), previous=before)
    assert "is now due earlier" in earlier.why


def test_the_end_of_the_calendar_is_no_crash() -> None:
    assert priority(known=signals(), facts=INTERNET, seen=date.max, today=date.max).due == date.max


# --- findings without a CVE -----------------------------------------------------------------------------------------


def test_a_secret_that_still_works_counts_as_exploited() -> None:
    live = finding("key", kind="secrets", evidence=(Evidence(name="live check", value="active: accepted"),))
    dead = finding("key", kind="secrets", evidence=(Evidence(name="live check", value="inactive: refused"),))
    assert priority(live, facts=INTERNET).tier == "3 days & forensic investigation"
    assert "proven to work" in priority(live, facts=INTERNET).why
    assert priority(dead, facts=INTERNET).tier == "3 days"


def test_a_malicious_package_is_under_attack_already() -> None:
    bad = package("evil", "1.0", aliases=("MAL-2026-1",)).finding
    got = priority(bad, facts=INTERNAL)
    assert got.tier == "3 days & forensic investigation"


@pytest.mark.parametrize(
    ("changes", "tier"),
    [
        ({"severity": Severity.HIGH, "cwe": (78,)}, "3 days"),
        ({"severity": Severity.MEDIUM, "cwe": (78,)}, "14 days"),
        ({"severity": Severity.HIGH}, "14 days"),
        ({"severity": Severity.LOW}, "60 days"),
        ({"severity": Severity.UNKNOWN}, "3 days"),
    ],
)
def test_code_is_judged_by_weakness_and_severity(changes: dict[str, object], tier: str) -> None:
    got = priority(finding("code", **changes), facts=INTERNET)
    assert got.tier == tier
    assert not any(text.startswith("kev") for text in got.assumed)  # no catalogue lists our own code


def test_a_package_flaw_without_cve_says_that_the_catalogue_could_not_know() -> None:
    about = finding("GHSA-x", kind="dependencies", component=Component(purl="pkg:pypi/a@1", name="a"))
    assert any("has no CVE" in text for text in priority(about, facts=INTERNET).assumed)


# --- order ----------------------------------------------------------------------------------------------------------


def order(about: object = None, **changes: object) -> float:
    facts = changes.pop("facts", INTERNET)
    leverage = changes.pop("leverage", 1)
    return priority(about, signals(**changes), facts, leverage=leverage).order  # type: ignore[arg-type]


def test_epss_goes_before_score_before_criticality_before_leverage() -> None:
    strong, weak = flaw(vectors=(WORST,)), flaw(vectors=(MILD,))
    assert order(weak, epss=0.02) > order(strong, epss=0.01, leverage=900)
    assert order(strong) > order(weak, leverage=900)
    critical = AssetFacts(exposure="internet", criticality="critical")
    low = AssetFacts(exposure="internet", criticality="low")
    assert order(facts=critical) > order(facts=low, leverage=900)
    assert order(leverage=3) > order(leverage=2)


def test_no_score_yet_and_a_public_exploit_are_not_pushed_down() -> None:
    assert order(epss=None) > order(epss=0.04)
    assert order(epss=0.001, exploitation="poc") > order(epss=0.04)
    assert order(epss=float("nan")) == order(epss=None)


def test_what_is_exploited_counts_as_certain() -> None:
    assert order(epss=0.001, known_exploited=True) > order(epss=0.99)


def test_a_run_is_ranked_by_tier_then_deadline_then_order() -> None:
    seen = datetime(2026, 11, 20, tzinfo=UTC)
    run = [
        judged("waiver", kind="waivers"),
        Judged(finding=flaw(1, vectors=(MILD,)), first_seen=seen),
        Judged(finding=flaw(2, vectors=(WORST,)), first_seen=seen),
        Judged(finding=flaw(3, vectors=(WORST,)), first_seen=seen - timedelta(days=1)),
    ]
    ranked = rank_run(run, lambda _: signals(automatable=None, total_impact=None), INTERNET, load(""), TODAY)
    assert [each.finding.rule[-4:] for each in ranked] == ["0003", "0002", "0001", "iver"]
    assert ranked[-1].priority is None
    assert urgency(ranked[0]) < urgency(ranked[1])


def test_in_a_run_an_upgrade_that_closes_more_goes_first() -> None:
    run = [
        package("alone", "1.0", "2.0"),
        package("many", "1.0", "1.5", number=1),
        package("many", "1.0", "2.0", number=2),
    ]
    ranked = rank_run(run, lambda _: signals(), INTERNET, load(""), TODAY)
    assert [each.finding.component.name for each in ranked if each.finding.component] == ["many", "many", "alone"]


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("table", table_names())
def test_every_severity_has_an_answer_in_every_table(severity: Severity, table: str) -> None:
    assert priority(finding("code", severity=severity), table=table).tier
    assert plan([package("shop", "1.0", "2.0", severity=severity)]).steps


def test_a_package_of_malicious_severity_is_under_attack_whatever_its_name() -> None:
    bad = package("evil", "1.0", severity=Severity.MALICIOUS).finding
    assert priority(bad, facts=INTERNAL).tier == "3 days & forensic investigation"
    assert priority(bad, table="cvss-days").tier == "one month"
    assert plan([Judged(finding=bad)]).steps[0].target == ""
