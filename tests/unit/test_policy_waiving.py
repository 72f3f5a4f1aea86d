"""A waiver covers what its words say, no copy elsewhere, no day longer; and what is wrong with waivers is found."""

from datetime import date, timedelta

import msgspec
import pytest

from pavedroad.core import Judged, Severity
from pavedroad.policy import RULES, load_ledger
from pavedroad.policy.config import Inline, OverBroad, WaiverPolicy
from pavedroad.policy.waiving import WaiverOutcome
from tests.support.policy_samples import TODAY, applied, dependency, judged, mark, marked, waiver


def waived(outcome: WaiverOutcome) -> list[str]:
    """The paths of the findings that are waived."""
    return [each.finding.location.path for each in outcome.judged if each.waived]


def rules(outcome: WaiverOutcome) -> list[str]:
    """The names of the rules about exceptions that were broken."""
    return [finding.rule.removeprefix("waivers/") for finding in outcome.findings]


def test_a_fingerprint_is_waived_where_it_was() -> None:
    outcome = applied([judged("a"), judged("b")], waiver())
    assert waived(outcome) == ["src/a.py"]
    match = outcome.judged[0].waived
    assert match is not None
    assert match.waiver == "W-1"
    assert match.sentence == "agreed; owned by team, T-1, until 2027-03-01"
    assert outcome.findings == ()


def test_a_copy_elsewhere_is_not_covered() -> None:
    outcome = applied([judged("a"), judged("a", path="copy.py")], waiver())
    assert waived(outcome) == ["src/a.py"]


def test_a_renamed_file_stays_covered() -> None:
    outcome = applied([judged("a", path="new.py")], waiver(), renames={"src/a.py": "new.py"}, existing={"new.py"})
    assert waived(outcome) == ["new.py"]


def test_a_file_that_moved_long_ago_stays_covered() -> None:
    assert waived(applied([judged("a", path="new.py")], waiver())) == ["new.py"]


def test_a_copy_beside_a_renamed_file_is_not_covered() -> None:
    both = [judged("a", path="new.py"), judged("a", path="copy.py")]
    assert waived(applied(both, waiver(), renames={"src/a.py": "new.py"})) == ["new.py"]


def test_a_move_that_could_be_to_several_places_is_no_move() -> None:
    assert waived(applied([judged("a", path="b.py"), judged("a", path="c.py")], waiver())) == []


def test_a_move_beside_a_copy_with_its_own_waiver_is_a_move() -> None:
    both = [judged("a", path="b.py"), judged("a", path="c.py")]
    own = waiver("W-2", scope={"fingerprint": mark("a"), "path": "c.py"})
    assert waived(applied(both, waiver(), own)) == ["b.py", "c.py"]


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({"rule": "code/a", "path": "src/"}, True),
        ({"rule": "code/*", "path": "src/*.py"}, True),
        ({"rule": "code/b", "path": "src/"}, False),
        ({"rule": "code/a", "path": "lib/"}, False),
        ({"rule": "code/a", "asset": "example/*"}, True),
        ({"rule": "code/a", "asset": "repository:example/shop"}, True),
        ({"rule": "code/a", "asset": "example/other"}, False),
        ({"rule": "code/a", "path": "src/", "asset": "example/other"}, False),
        ({"rule": "code/a", "component": "*x*"}, False),
    ],
)
def test_a_rule_is_waived_within_all_its_patterns(scope: dict[str, str], covered: bool) -> None:
    assert bool(waived(applied([judged("a")], waiver(scope=scope)))) is covered


@pytest.mark.parametrize(
    ("rule", "component", "covered"),
    [
        ("dependencies/GHSA-1", "left-pad", True),
        ("dependencies/CVE-2026-1", "left-pad", True),
        ("dependencies/CVE-2026-*", "pkg:npm/%40s/left-pad@1.3.0", True),
        ("dependencies/GHSA-1", "pkg:npm/%40s/left-pad", True),
        ("dependencies/GHSA-1", "pkg:npm/%40s/left-pad@1.2.0", False),
        ("dependencies/GHSA-1", "left-*", True),
        ("dependencies/GHSA-1", "right-pad", False),
        ("dependencies/CVE-2026-2", "left-pad", False),
    ],
)
def test_a_component_is_waived_by_any_name_of_flaw_and_package(rule: str, component: str, covered: bool) -> None:
    found = dependency("pkg:npm/%40s/left-pad@1.3.0?arch=x#sub", "left-pad", "GHSA-1", "CVE-2026-1")
    exact = dependency("pkg:npm/%40s/left-pad@1.3.0", "left-pad", "GHSA-1", "CVE-2026-1")
    scope = {"rule": rule, "component": component}
    assert bool(waived(applied([exact], waiver(scope=scope)))) is covered
    if "@" not in component:
        assert bool(waived(applied([found], waiver(scope=scope)))) is covered


@pytest.mark.parametrize(
    ("days", "holds", "found"),
    [(0, True, ["expiring-soon"]), (14, True, ["expiring-soon"]), (15, True, []), (-1, False, ["expired"])],
)
def test_the_last_day_is_the_last_on_which_it_holds(days: int, holds: bool, found: list[str]) -> None:
    outcome = applied([judged("a")], waiver(expires=TODAY + timedelta(days=days)))
    assert bool(waived(outcome)) is holds
    assert rules(outcome) == found


def test_an_expired_waiver_says_what_it_covered() -> None:
    outcome = applied([judged("a")], waiver(expires=date(2026, 11, 20)))
    assert "it covered 1 finding that now count again" in outcome.findings[0].message
    assert outcome.findings[0].severity is Severity.MEDIUM


def test_a_waiver_from_the_future_does_not_hold_yet() -> None:
    outcome = applied([judged("a")], waiver(created=TODAY + timedelta(days=3), expires=TODAY + timedelta(days=60)))
    assert waived(outcome) == []
    assert rules(outcome) == ["invalid"]


def test_an_unused_waiver_is_stale_only_when_everything_was_looked_at() -> None:
    assert rules(applied([judged("b")], waiver())) == ["stale"]
    assert rules(applied([judged("b")], waiver(), complete=False)) == []


@pytest.mark.parametrize(
    ("scope", "broad"),
    [
        ({"rule": "*", "path": "src/"}, True),
        ({"rule": "*/*", "path": "src/"}, True),
        ({"rule": "code/a", "path": "**"}, True),
        ({"rule": "code/a", "path": "**/*"}, True),
        ({"rule": "code/a", "asset": "*"}, True),
        ({"rule": "code/*", "asset": "example/shop"}, True),
        ({"rule": "code/a", "asset": "example/shop"}, False),
        ({"rule": "code/*", "path": "src/"}, False),
        ({"rule": "code/a", "path": "**", "asset": "example/shop"}, False),
        ({"fingerprint": mark("a"), "path": "src/a.py"}, False),
    ],
)
def test_a_waiver_for_nearly_everything_waives_nothing_unless_policy_says_so(
    scope: dict[str, str], broad: bool
) -> None:
    refused = applied([judged("a")], waiver(scope=scope))
    assert bool(waived(refused)) is not broad
    assert ("over-broad" in rules(refused)) is broad
    honoured = applied([judged("a")], waiver(scope=scope), policy=WaiverPolicy(over_broad=OverBroad.HONOUR))
    assert waived(honoured)
    assert ("over-broad" in rules(honoured)) is broad


def test_the_first_waiver_in_force_counts() -> None:
    ended = waiver("W-0", expires=date(2026, 11, 20))
    outcome = applied([judged("a")], ended, waiver("W-1"), waiver("W-2"))
    match = outcome.judged[0].waived
    assert match is not None
    assert match.waiver == "W-1"


def test_comments_of_other_tools_are_waivers_without_owner() -> None:
    many = [marked("a", line=3), marked("b", path="src/a.py", line=2), marked("c", tool="semgrep", path="src/a.py")]
    outcome = applied(many)
    assert {each.origin for each in outcome.waivers} == {"inline:bandit", "inline:semgrep"}
    assert all(not each.owner and each.expires is None for each in outcome.waivers)
    assert rules(outcome) == ["unowned", "unowned"], "one per file and tool"
    assert "2 findings carry a suppression comment of bandit" in outcome.findings[0].message
    assert outcome.findings[0].location.region is not None
    assert outcome.findings[0].location.region.start_line == 2


def test_comments_waive_nothing_where_policy_refuses_them() -> None:
    outcome = applied([marked()], policy=WaiverPolicy(inline=Inline.REFUSE))
    assert waived(outcome) == []
    assert rules(outcome) == ["unowned"]
    assert len(outcome.waivers) == 1


def test_the_ledger_goes_before_a_comment() -> None:
    outcome = applied([marked("a")], waiver())
    match = outcome.judged[0].waived
    assert match is not None
    assert match.origin == "ledger"


def test_a_hygiene_finding_keeps_its_fingerprint_when_the_ledger_is_rearranged() -> None:
    def prints(*waivers: str) -> dict[str, str]:
        outcome = applied([judged("z")], *(waiver(name) for name in waivers))
        return {finding.message[:3]: finding.fingerprint for finding in outcome.findings}

    assert prints("W-1", "W-2") == prints("W-2", "W-1")


def test_broken_entries_are_findings_at_their_line() -> None:
    from pavedroad.policy import apply_waivers
    from tests.support.policy_samples import ASSET

    ledger = load_ledger(b"version: 1\nwaivers:\n  - id: W-7\n", where="w.yaml", policy=WaiverPolicy())
    outcome = apply_waivers(
        [], ledger, today=TODAY, policy=WaiverPolicy(), asset=ASSET, renames={}, existing_paths=(), complete=True
    )
    (finding,) = outcome.findings
    assert (finding.rule, finding.kind, finding.location.path) == ("waivers/unowned", "waivers", "w.yaml")
    assert finding.location.region is not None
    assert finding.location.region.start_line == 3


def test_every_hygiene_rule_has_a_page() -> None:
    assert {rule.id for rule in RULES} == {
        f"waivers/{name}"
        for name in ("expired", "unowned", "over-broad", "stale", "invalid", "expires-too-late", "expiring-soon")
    }
    assert all("## What to do" in rule.page for rule in RULES)


def test_many_findings_and_waivers_take_no_time_to_match() -> None:
    import time

    many: list[Judged] = [judged(f"n{number}") for number in range(5000)]
    scopes = [{"rule": f"code/n{number}*", "path": f"src/n{number}*"} for number in range(500)]
    waivers = [waiver(f"W-{number}", scope=scope) for number, scope in enumerate(scopes)]
    start = time.perf_counter()
    outcome = applied(many, *waivers)
    assert time.perf_counter() - start < 30
    assert len(waived(outcome)) == 5000
    assert msgspec.json.encode(outcome.waivers)
