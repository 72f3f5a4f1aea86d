"""The verdict: which findings block, warn or are counted, under the defaults and under rules of one's own."""

from datetime import timedelta

import pytest

from pavedroad.core import Change, Confidence, Mode, Outcome, Remediation, Severity, WaiverMatch
from tests.support.policy_samples import TODAY, at, decided, dependency, judged, looked

BY_LEDGER = WaiverMatch(waiver="W-1", origin="ledger", sentence="agreed")
BY_COMMENT = WaiverMatch(waiver="inline:bandit:1", origin="inline:bandit", sentence="nosec")


@pytest.mark.parametrize(
    ("finding", "mode"),
    [
        (judged(kind="secrets", severity=Severity.LOW, confidence=Confidence.MEDIUM), Mode.BLOCK),
        (judged(kind="secrets", severity=Severity.HIGH, confidence=Confidence.LOW), Mode.OBSERVE),
        (judged(severity=Severity.CRITICAL), Mode.BLOCK),
        (judged(severity=Severity.HIGH), Mode.BLOCK),
        (judged(severity=Severity.UNKNOWN), Mode.BLOCK),
        (judged(severity=Severity.MEDIUM), Mode.WARN),
        (judged(severity=Severity.LOW), Mode.OBSERVE),
        (judged(kind="waivers", severity=Severity.HIGH), Mode.WARN),
        (judged(kind="waivers", severity=Severity.INFO), Mode.OBSERVE),
        (judged(severity=Severity.HIGH, change=Change.NEW), Mode.BLOCK),
        (judged(severity=Severity.HIGH, change=Change.OLD), None),
        (dependency("pkg:npm/x@1", "x", "GHSA-1", "MAL-2026-1", severity=Severity.UNKNOWN), Mode.BLOCK),
        (dependency("pkg:npm/x@1", "x", "MAL-2026-1", change=Change.OLD), Mode.BLOCK),
        (judged(severity=Severity.HIGH, waived=BY_LEDGER), None),
    ],
)
def test_the_default_gate(finding: object, mode: Mode | None) -> None:
    verdict, (after,) = decided(finding)  # type: ignore[arg-type]
    assert after.mode is mode
    assert verdict.outcome is (Outcome.FAIL if mode is Mode.BLOCK else Outcome.PASS)


def test_nothing_found_with_all_looked_at_passes() -> None:
    verdict, _ = decided()
    assert verdict.outcome is Outcome.PASS
    assert verdict.policy_digest.startswith("sha256:")


def test_older_findings_gate_when_there_is_nothing_to_compare_with() -> None:
    verdict, _ = decided(judged(change=Change.UNKNOWN), compared=False)
    assert verdict.outcome is Outcome.FAIL


def test_a_reason_names_count_worst_place_and_how_to_appeal() -> None:
    verdict, _ = decided(judged("a", change=Change.NEW), judged("b", severity=Severity.CRITICAL, change=Change.NEW))
    reason = verdict.reasons[0]
    assert reason.gate_rule == "default-high"
    assert reason.sentence.startswith("2 new findings (code) block, because ")
    assert "the worst is code/b (critical severity, high confidence) in src/b.py:3" in reason.sentence
    assert "paved explain pr1-" in reason.appeal
    assert "paved waive pr1-" in reason.appeal
    assert len(reason.findings) == 2


def test_an_assumed_severity_is_said() -> None:
    verdict, _ = decided(judged(severity=Severity.UNKNOWN))
    assert "1 of them is of unknown severity and counts as high" in verdict.reasons[0].sentence
    verdict, _ = decided(judged(severity=Severity.UNKNOWN), text="gate: {unknown_severity: low}")
    assert verdict.outcome is Outcome.PASS


def test_the_first_rule_met_decides_so_own_rules_can_weaken_the_defaults() -> None:
    text = "gate: {rules: [{id: tests, paths: ['src/a.py'], mode: observe}]}"
    verdict, (a, b) = decided(judged("a"), judged("b"), text=text)
    assert (a.mode, b.mode) == (Mode.OBSERVE, Mode.BLOCK)
    assert verdict.reasons[0].gate_rule == "default-high"


def test_without_the_defaults_only_own_rules_count() -> None:
    verdict, (a,) = decided(judged(severity=Severity.CRITICAL), text="gate: {defaults: false}")
    assert (verdict.outcome, a.mode) == (Outcome.PASS, None)


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        ("kinds: [code]", True),
        ("kinds: [iac]", False),
        ("rules: ['code/*']", True),
        ("rules: ['iac/*']", False),
        ("severity: high", True),
        ("severity: critical", False),
        ("confidence: high", True),
        ("fixable: true", True),
        ("fixable: false", False),
        ("scope: old", False),
        ("scope: all", True),
        ("paths: ['src/']", True),
        ("paths: ['lib/']", False),
        ("older_than: 9d", True),
        ("older_than: 10d", False),
    ],
)
def test_a_rule_is_met_when_every_condition_holds(rule: str, met: bool) -> None:
    finding = judged(
        change=Change.NEW,
        first_seen=at(TODAY - timedelta(days=10)),
        remediation=Remediation(text="move up", fixed_versions=("2",)),
    )
    _, (after,) = decided(finding, text=f"gate: {{defaults: false, rules: [{{id: mine, {rule}}}]}}")
    assert (after.mode is Mode.BLOCK) is met


def test_aliases_name_a_finding_too() -> None:
    finding = dependency("pkg:pypi/x@1", "x", "GHSA-aaaa", "CVE-2026-1", severity=Severity.LOW)
    _, (after,) = decided(finding, text="gate: {rules: [{id: mine, rules: ['dependencies/CVE-2026-1']}]}")
    assert after.mode is Mode.BLOCK


def test_an_age_that_nobody_knows_is_told_and_not_guessed() -> None:
    text = "gate: {defaults: false, rules: [{id: aged, older_than: 30d}]}"
    verdict, (after,) = decided(judged(), text=text)
    assert (verdict.outcome, after.mode) == (Outcome.PASS, None)
    assert "nobody knows when it was first seen" in verdict.reasons[0].sentence


@pytest.mark.parametrize(
    ("branch", "mode"),
    [("main", Mode.WARN), ("release/1/2", Mode.BLOCK), ("spike/x", Mode.OBSERVE), ("", Mode.WARN)],
)
def test_modes_per_kind_and_branch_cap_the_rules(branch: str, mode: Mode) -> None:
    text = """
gate:
  modes: {code: warn}
  branches:
    - {match: "release/*", modes: {"*": block}}
    - {match: "spike/*", modes: {code: observe}}
"""
    verdict, (after,) = decided(judged(), text=text, branch=branch)
    assert after.mode is mode
    if mode is Mode.WARN:
        assert "the mode for code on this branch weakens it" in verdict.reasons[0].sentence


def test_a_mode_never_makes_a_rule_stronger() -> None:
    _, (after,) = decided(judged(severity=Severity.MEDIUM), text="gate: {modes: {code: block}}")
    assert after.mode is Mode.WARN


def test_a_failing_finding_is_certain_whatever_was_not_looked_at() -> None:
    from pavedroad.core import CoverageStatus

    verdict, _ = decided(judged(), coverage=(looked(status=CoverageStatus.FAILED),))
    assert verdict.outcome is Outcome.FAIL
    assert [reason.outcome for reason in verdict.reasons] == [Outcome.FAIL, Outcome.INCOMPLETE]


@pytest.mark.parametrize(
    ("inline", "severity", "waived"),
    [
        ("warnings", Severity.HIGH, False),
        ("warnings", Severity.MEDIUM, True),
        ("honour", Severity.HIGH, True),
        ("refuse", Severity.MEDIUM, False),
    ],
)
def test_comments_of_other_tools_waive_as_far_as_policy_lets_them(
    inline: str, severity: Severity, waived: bool
) -> None:
    finding = judged(severity=severity, waived=BY_COMMENT)
    _, (after,) = decided(finding, text=f"waivers: {{inline: {inline}}}")
    assert (after.waived is not None) is waived
    assert (after.mode is None) is waived


def test_reasons_stay_short_and_harmless_with_many_hostile_findings() -> None:
    many = [judged(f"n{number}", path="a\x1b[2J\n" + "x" * 5000) for number in range(300)]
    verdict, _ = decided(*many)
    reason = verdict.reasons[0]
    assert len(reason.findings) == 20
    assert len(reason.sentence) < 1000
    assert reason.sentence.isprintable()


def test_what_is_waived_is_counted_by_name() -> None:
    verdict, _ = decided(judged(waived=BY_LEDGER))
    assert verdict.reasons[0].sentence == "1 finding is waived, by W-1"
