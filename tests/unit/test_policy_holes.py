"""Coverage decides too: what was not looked at never passes by silence."""

from datetime import timedelta
from typing import Any

import pytest

from pavedroad.core import (
    Coverage,
    CoverageStatus,
    DataSource,
    LimitHit,
    Mode,
    Outcome,
    ScanError,
    Skipped,
)
from tests.support.policy_samples import TODAY, at, decided, looked

ERROR = ScanError(message="broken lock file", where="a.lock", next_step="write it anew")
SKIPPED = looked("iac", CoverageStatus.SKIPPED)
NOTHING = looked("iac", CoverageStatus.NOT_APPLICABLE)
WALK = looked("tree", scanner="walk")


def data(days: int | None, name: str = "OSV npm") -> Coverage:
    """A dependency scan on data of this age."""
    as_of = None if days is None else at(TODAY - timedelta(days=days))
    return looked("dependencies", data=(DataSource(name=name, as_of=as_of),))


@pytest.mark.parametrize(
    ("coverage", "compared", "outcome", "said"),
    [
        ((), True, Outcome.INCOMPLETE, "no scanner ran"),
        ((WALK,), True, Outcome.INCOMPLETE, "no scanner ran"),
        ((WALK, SKIPPED), True, Outcome.INCOMPLETE, "all were left out"),
        ((WALK, NOTHING), False, Outcome.INCOMPLETE, "nothing here that a scanner looks at"),
        ((WALK, NOTHING), True, Outcome.PASS, "the change holds nothing"),
        ((looked(), SKIPPED), True, Outcome.PASS, "iac was left out on request"),
        ((looked(), looked("iac", CoverageStatus.FAILED)), True, Outcome.INCOMPLETE, "iac could not run"),
        ((looked(errors=(ERROR,)),), True, Outcome.INCOMPLETE, "1 error: broken lock file (a.lock)"),
        ((looked(status=CoverageStatus.PARTIAL),), True, Outcome.INCOMPLETE, "does not say why"),
        (
            (looked(limits=(LimitHit(limit="files", value="9"),)),),
            True,
            Outcome.INCOMPLETE,
            "reached a limit: files, 9",
        ),
        ((looked(skipped=(Skipped(reason="not pinned", count=3, harmless=False),)),), True, Outcome.PASS, "3 things"),
        ((data(3),), True, Outcome.PASS, ""),
        ((data(8),), True, Outcome.PASS, "8 days old, the policy allows 7d"),
        ((data(31),), True, Outcome.INCOMPLETE, "31 days old, the policy allows 30d"),
        ((data(None),), True, Outcome.PASS, "nobody knows how old"),
        ((data(-9),), True, Outcome.PASS, "dated in the future"),
    ],
)
def test_default_rules_on_coverage(coverage: Any, compared: bool, outcome: Outcome, said: str) -> None:
    verdict, _ = decided(coverage=coverage, compared=compared)
    assert verdict.outcome is outcome
    assert said in " ".join(reason.sentence for reason in verdict.reasons)
    assert bool(said) is bool(verdict.reasons)


@pytest.mark.parametrize(
    ("rules", "coverage", "outcome"),
    [
        ("require: [iac]", (looked(),), Outcome.INCOMPLETE),
        ("require: [iac]", (looked(), SKIPPED), Outcome.INCOMPLETE),
        ("require: [iac]", (looked(), NOTHING), Outcome.PASS),
        ("require: ['*']", (looked(), SKIPPED), Outcome.INCOMPLETE),
        ("require: [code]", (looked(),), Outcome.PASS),
        ("on_error: warn", (looked(errors=(ERROR,)),), Outcome.PASS),
        ("on_error: warn", (looked(status=CoverageStatus.FAILED),), Outcome.INCOMPLETE),
        ("limits: warn", (looked(limits=(LimitHit(limit="files", value="9"),)),), Outcome.PASS),
        ("gaps: incomplete", (looked(skipped=(Skipped(reason="x", count=1, harmless=False),)),), Outcome.INCOMPLETE),
        ("gaps: incomplete", (looked(skipped=(Skipped(reason="x", count=1),)),), Outcome.PASS),
        ("data_max_age: {dependencies: 7d}", (data(8),), Outcome.INCOMPLETE),
        ("data_max_age: {'OSV *': 7d}", (data(8),), Outcome.INCOMPLETE),
        ("data_max_age: {other: 7d}", (data(8),), Outcome.PASS),
        ("data_max_age: {'*': {warn: 10d, incomplete: 90d}}", (data(31),), Outcome.PASS),
        ("unknown_age: incomplete", (data(None),), Outcome.INCOMPLETE),
    ],
)
def test_coverage_rules_of_ones_own(rules: str, coverage: Any, outcome: Outcome) -> None:
    verdict, _ = decided(coverage=coverage, text=f"gate: {{coverage: {{{rules}}}}}")
    assert verdict.outcome is outcome


def test_a_reason_for_incomplete_blocks_and_says_what_to_do() -> None:
    verdict, _ = decided(coverage=(looked(errors=(ERROR,)),))
    assert verdict.reasons[0].mode is Mode.BLOCK
    assert verdict.reasons[0].gate_rule == "coverage.on_error"
    assert verdict.reasons[0].appeal == "write it anew"


def test_a_file_over_the_limit_is_told_once() -> None:
    walk = looked(
        "tree",
        CoverageStatus.PARTIAL,
        scanner="walk",
        skipped=(Skipped(reason="text, larger", count=1, examples=("big.sql",), harmless=False),),
        limits=(LimitHit(limit="scan.limits.file_size", value="a text file is larger", where="big.sql"),),
    )
    verdict, _ = decided(coverage=(looked(), walk))
    assert [reason.gate_rule for reason in verdict.reasons] == ["coverage.limits"]
