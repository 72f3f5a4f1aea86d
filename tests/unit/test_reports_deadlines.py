"""The words for deadlines and exploitation that every readable report shares."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.core import Judged, Signals
from pavedroad.reports.deadlines import (
    Standing,
    because,
    day_of,
    due_sentence,
    left_words,
    percent,
    pressing_words,
    signal_rows,
    standing,
    upstream_words,
)
from tests.support.sample_priorities import priority
from tests.support.sample_run import finding, sample_run

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("left", "words", "state"),
    [
        (-1, "overdue by 1 day", Standing.OVERDUE),
        (0, "due today", Standing.SOON),
        (1, "due in 1 day", Standing.SOON),
        (7, "due in 7 days", Standing.SOON),
        (8, "due in 8 days", Standing.LATER),
        (None, "no deadline", Standing.NONE),
    ],
)
def test_a_deadline_is_told_in_days_from_the_day_of_the_run(left: int | None, words: str, state: Standing) -> None:
    given_priority = priority("some", left, TODAY)
    assert left_words(given_priority, TODAY) == words
    assert standing(given_priority, TODAY) is state
    assert day_of(sample_run()) == TODAY


def test_without_a_priority_there_is_no_deadline() -> None:
    assert standing(None, TODAY) is Standing.NONE


def test_the_sentence_says_each_date_once() -> None:
    said = due_sentence(priority("3 days", 3, TODAY), TODAY)
    assert said.startswith("by 2026-11-27, in 3 days. Fix it within 3 days: not known to be exploited")
    assert said.count("2026-11-27") == 1
    assert due_sentence(priority("3 days", 3, TODAY), date(2026, 11, 27)).startswith("by 2026-11-27, today. ")


def test_a_priority_without_a_sentence_still_names_its_tier() -> None:
    assert because(priority("act", 7, TODAY, why="")) == "Tier act."


def test_what_presses_is_counted_and_the_rest_is_not() -> None:
    members = [Judged(finding=finding(), priority=priority("x", days, TODAY)) for days in (-3, -1, 5, 30)]
    assert pressing_words([*members, Judged(finding=finding())], TODAY) == "2 overdue, 1 due within 7 days"
    assert pressing_words([], TODAY) == ""


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, ""), (float("nan"), ""), (1.5, ""), (-0.1, ""), (0.0, "0.0 %"), (0.00043, "0.04 %"), (0.943, "94.3 %")],
)
def test_a_share_is_a_percentage_or_nothing(share: float | None, said: str) -> None:
    assert percent(share) == said


def test_unknown_is_said_and_is_not_the_same_as_no() -> None:
    unknown, no = Signals(), Signals(known_exploited=False, kev_as_of=TODAY)
    assert dict(signal_rows(unknown)) == {
        "CISA KEV": "unknown: no catalogue was there to ask",
        "EPSS": "no score (scores without a date)",
    }
    assert dict(signal_rows(no))["CISA KEV"] == "not listed (catalogue of 2026-11-24)"


def test_many_flaws_passed_on_are_counted() -> None:
    names = tuple(f"CVE-2026-{number:04}" for number in range(8))
    said = upstream_words(finding(upstream=names))
    assert said == "passes on CVE-2026-0000, CVE-2026-0001, CVE-2026-0002, CVE-2026-0003, CVE-2026-0004 and 3 more"


@given(st.dates(), st.dates())
def test_any_two_days_make_a_sentence_that_agrees_with_the_standing(today: date, due: date) -> None:
    made = priority("some", 0, due)
    late = standing(made, today) is Standing.OVERDUE
    assert late is (due < today)
    assert ("OVERDUE" in due_sentence(made, today)) is late
    assert (abs(due - today) < timedelta(days=1)) is (left_words(made, today) == "due today")
