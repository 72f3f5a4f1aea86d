"""Gate rules that ask for tiers and deadlines."""

from datetime import timedelta

import pytest

from pavedroad.core import AssetFacts, Change, Judged, Mode, Priority, UsageError
from tests.support.policy_samples import TODAY, config, decided, finding


def with_due(days: int | None, tier: str = "14 days", kind: str = "code") -> Judged:
    """A finding due in so many days, None for no deadline."""
    due = TODAY + timedelta(days=days) if days is not None else None
    priority = Priority(table="t", tier=tier, rank=2, days=14 if due else None, due=due)
    return Judged(finding=finding(kind=kind), change=Change.NEW, priority=priority)


def mode(judged: Judged, condition: str) -> Mode | None:
    """What a gate with one rule says."""
    _, (after,) = decided(judged, text=f"gate: {{defaults: false, rules: [{{id: r, scope: all, {condition}}}]}}")
    return after.mode


@pytest.mark.parametrize(
    ("condition", "days", "met"),
    [
        ("overdue: true", -1, True),
        ("overdue: true", 0, False),
        ("overdue: true", None, False),
        ("overdue: false", 0, True),
        ("overdue: false", None, True),
        ("overdue: false", -1, False),
        ("due_within: 7d", 7, True),
        ("due_within: 7d", 8, False),
        ("due_within: 7d", -30, True),
        ("due_within: 1w", None, False),
        ("tiers: ['14 DAYS']", 3, True),
        ("tiers: ['3 days', '60 days']", 3, False),
        ("tiers: ['14 days'], due_within: 2d", 3, False),
    ],
)
def test_tiers_and_deadlines_are_conditions(condition: str, days: int | None, met: bool) -> None:
    assert mode(with_due(days), condition) is (Mode.BLOCK if met else None)


def test_a_finding_without_a_tier_is_told_not_passed_over() -> None:
    bare = Judged(finding=finding(), change=Change.NEW)
    verdict, _ = decided(bare, text="gate: {defaults: false, rules: [{id: r, overdue: true}]}")
    (reason,) = verdict.reasons
    assert reason.mode is Mode.WARN
    assert reason.sentence == "the rule asks for tiers or deadlines, and 1 finding has none; it was not applied to them"


def test_findings_about_the_process_have_no_deadline_and_that_is_no_gap() -> None:
    bare = Judged(finding=finding(kind="waivers"), change=Change.NEW)
    verdict, _ = decided(bare, text="gate: {defaults: false, rules: [{id: r, overdue: true}]}")
    assert verdict.reasons == ()


def test_the_policy_digest_covers_table_and_asset_only_where_rules_ask_for_tiers() -> None:
    plain = config()
    assert plain.digest() == config("asset: {exposure: internal}").digest()
    rule = "gate: {rules: [{id: r, overdue: true}]}\n"
    assert config(rule).digest() != config(rule + "asset: {exposure: internal}").digest()
    assert config(rule).digest() != config(rule + "priority: {table: cvss-days}").digest()


def test_the_asset_section_becomes_facts() -> None:
    given = config("asset: {exposure: internal, criticality: high, data: regulated}")
    assert given.asset.facts == AssetFacts(exposure="internal", criticality="high", data="regulated")


def test_words_of_the_asset_section_are_the_words_of_the_priority_room() -> None:
    from pavedroad.policy import config_schema
    from pavedroad.priority.vocabulary import FACTS

    properties = config_schema()["$defs"]["Asset"]["properties"]
    for name, words in FACTS.items():
        listed = next(each["enum"] for each in properties[name]["anyOf"] if "enum" in each)
        assert sorted(listed) == sorted(words)
    assert set(properties) == set(FACTS)


def test_a_wrong_word_names_the_words_there_are() -> None:
    with pytest.raises(UsageError, match=r"(?s)'dmz'.*partner"):
        config("asset: {exposure: dmz}")
