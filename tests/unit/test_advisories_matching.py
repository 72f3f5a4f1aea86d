"""Whether an advisory affects a version, in three answers."""

import pytest

from pavedroad.advisories.matching import Answer, judge, smallest_fix
from pavedroad.advisories.model import Advisory, Affected, Event, Header, Range
from pavedroad.advisories.versions import scheme


def advisory(*ranges: list[str], versions: tuple[str, ...] = (), ecosystem: str = "PyPI") -> Advisory:
    spans = tuple(Range(events=tuple(Event(**dict([point.split(":", 1)])) for point in points)) for points in ranges)
    affected = Affected(ranges=spans, versions=versions)
    return Advisory(source="t", ecosystem=ecosystem, package="p", header=Header(id="X-1"), affected=(affected,))


def ask(one: Advisory, version: str) -> tuple[str, str]:
    rules = scheme(one.ecosystem)
    assert rules
    judged = judge(one, version, rules)
    return judged.answer.value, judged.span


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.1", ("affected", "< 1.2")),
        ("1.2", ("not affected", "")),
        ("1.2rc1", ("affected", "< 1.2")),
        ("2.0", ("affected", ">= 2.0, < 2.3.1")),
        ("2.3.1", ("not affected", "")),
        ("2.3.post1", ("affected", ">= 2.0, < 2.3.1")),
    ],
)
def test_several_stretches_of_one_range(version: str, expected: tuple[str, str]) -> None:
    assert ask(advisory(["introduced:0", "fixed:1.2", "introduced:2.0", "fixed:2.3.1"]), version) == expected


def test_events_in_any_order_mean_the_same() -> None:
    assert ask(advisory(["fixed:2.0", "introduced:1.0"]), "1.5") == ("affected", ">= 1.0, < 2.0")


def test_last_affected_is_itself_affected() -> None:
    one = advisory(["introduced:1.0", "last_affected:1.0"])
    assert ask(one, "1.0")[0] == "affected"
    assert ask(one, "1.0.1")[0] == "not affected"


def test_a_limit_ends_a_range() -> None:
    one = advisory(["introduced:1.0", "limit:2.0"])
    assert ask(one, "1.9")[0] == "affected"
    assert ask(one, "2.0")[0] == "not affected"


def test_versions_listed_one_by_one_match_by_meaning_not_by_text() -> None:
    one = advisory(versions=("1.0", "weird version"))
    assert ask(one, "1.0.0")[0] == "affected"
    assert ask(one, "weird version")[0] == "affected"
    assert ask(one, "1.1")[0] == "not affected"


def test_a_version_that_cannot_be_ordered_is_cannot_tell() -> None:
    assert ask(advisory(["introduced:0", "fixed:2.0"]), "not-a-version")[0] == "cannot tell"


def test_a_version_that_cannot_be_ordered_is_affected_when_every_version_is() -> None:
    assert ask(advisory(["introduced:0"]), "not-a-version") == ("affected", "all versions")


def test_an_event_that_cannot_be_ordered_is_cannot_tell_and_not_clean() -> None:
    assert ask(advisory(["introduced:0", "fixed:garbage"]), "1.0")[0] == "cannot tell"


def test_a_record_without_ranges_and_versions_says_nothing_about_any_version() -> None:
    assert ask(advisory(), "1.0")[0] == "cannot tell"


def test_go_versions_match_with_and_without_v() -> None:
    one = advisory(["introduced:0", "fixed:1.8.1"], ecosystem="Go")
    assert ask(one, "v1.8.0")[0] == "affected"
    assert ask(one, "v1.8.1")[0] == "not affected"
    assert ask(one, "v1.8.1-0.20240101000000-abcdef123456")[0] == "affected"


@pytest.mark.parametrize(("version", "fix"), [("0.5", "1.2"), ("2.1", "2.3.1"), ("1.3", ""), ("bad version", "")])
def test_the_smallest_fix_lies_in_the_branch_of_the_version(version: str, fix: str) -> None:
    one = advisory(
        ["introduced:0", "fixed:1.2", "introduced:1.3", "last_affected:1.9", "introduced:2.0", "fixed:2.3.1"]
    )
    rules = scheme("PyPI")
    assert rules
    found = smallest_fix((one,), version, rules)
    assert found == (fix or ("2.3.1" if version == "1.3" else ""))


def test_a_fix_of_one_source_that_another_calls_affected_is_passed_over() -> None:
    early, late = advisory(["introduced:0", "fixed:1.1"]), advisory(["introduced:0", "fixed:1.1.2"])
    rules = scheme("PyPI")
    assert rules
    assert smallest_fix((early, late), "1.0", rules) == "1.1.2"
    assert smallest_fix((early, advisory(["introduced:0"])), "1.0", rules) == "1.1"


def test_the_three_answers_are_a_closed_list() -> None:
    assert {answer.value for answer in Answer} == {"affected", "not affected", "cannot tell"}
