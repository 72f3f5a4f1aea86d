"""``plan``: which upgrades close what."""

from packaging.version import Version

from pavedroad.core import Priority, WaiverMatch
from pavedroad.priority import plan
from pavedroad.priority.standing import Standing
from pavedroad.priority.upgrades import NO_FIX, NOT_NEWER, NOT_ORDERED, STILL_THERE
from tests.support.policy_samples import judged
from tests.support.priority_samples import package


def tier(rank: int) -> Priority:
    return Priority(table="t", tier=f"tier {rank}", rank=rank)


def test_the_lowest_version_that_closes_all() -> None:
    made = plan([package("shop", "1.0", fix, number=n) for n, fix in enumerate(("1.2", "1.10", "1.9"))])
    (step,) = made.steps
    assert (step.target, len(step.closes), step.versions) == ("1.10", 3, ("1.0",))
    assert made.rest == ()


def test_a_fix_in_an_older_line_is_no_upgrade() -> None:
    made = plan([package("shop", "2.0.1", "1.2.5")])
    assert made.steps == ()
    assert [each.reason for each in made.rest] == [NOT_NEWER]


def test_between_two_fixed_lines_only_the_named_versions_count() -> None:
    """2.0.1 is above 1.2.5 and below 2.0.3: nobody says that it is fixed."""
    made = plan([package("shop", "1.0", "1.2.5", "2.0.3", number=1), package("shop", "1.0", "2.0.1", number=2)])
    assert made.steps[0].target == "2.0.3"
    assert len(made.steps[0].closes) == 2


def test_a_step_without_a_new_major_is_offered_beside_a_big_one() -> None:
    made = plan([package("shop", "1.0", "1.2.5", number=1), package("shop", "1.0", "2.0.0", number=2)])
    (step,) = made.steps
    assert step.target == "2.0.0"
    assert step.smaller is not None
    assert (step.smaller.target, step.smaller.closes) == ("1.2.5", 1)


def test_findings_without_a_fix_are_named_with_the_reason() -> None:
    made = plan([package("shop", "1.0"), package("shop", "1.0", "1.1", number=2)])
    assert [len(step.closes) for step in made.steps] == [1]
    assert [(each.package, each.reason) for each in made.rest] == [("shop", NO_FIX)]


def test_one_package_in_two_files_is_one_step() -> None:
    made = plan(
        [
            package("shop", "1.0", "1.5", found_in="a/poetry.lock"),
            package("Shop", "1.2", "1.5", found_in="b/poetry.lock"),
        ]
    )
    (step,) = made.steps
    assert step.files == ("a/poetry.lock", "b/poetry.lock")
    assert step.versions == ("1.0", "1.2")


def test_the_direct_dependency_that_brings_it_is_named() -> None:
    made = plan([package("qs", "6.0.0", "6.5.3", ecosystem="npm", direct=False, path=("app", "express", "qs"))])
    assert (made.steps[0].direct, made.steps[0].via) == (False, ("express",))


def test_one_grave_finding_goes_before_many_mild_ones() -> None:
    mild = [package("mild", "1", "2", number=n, priority=tier(3)) for n in range(9)]
    made = plan([*mild, package("grave", "1", "2", priority=tier(0)), package("zebra", "1", "2", priority=tier(3))])
    assert [step.package for step in made.steps] == ["grave", "mild", "zebra"]
    assert made.steps[1].tiers == (("tier 3", 9),)
    assert made.by_severity is False


def test_without_tiers_severity_is_taken_and_said() -> None:
    made = plan([package("shop", "1.0", "1.5")])
    assert made.by_severity
    assert made.steps[0].tiers == (("high severity", 1),)


def test_a_malicious_package_is_to_be_removed_first() -> None:
    made = plan([package("shop", "1.0", "1.5", priority=tier(0)), package("evil", "1.0", aliases=("MAL-2026-1",))])
    assert [(step.package, step.target) for step in made.steps] == [("evil", ""), ("shop", "1.5")]


def test_without_an_order_the_version_named_most_is_taken_and_the_rest_told() -> None:
    made = plan(
        [
            package("x", "r1", "r3", ecosystem="Strange", number=1),
            package("x", "r1", "r3", ecosystem="Strange", number=2),
            package("x", "r1", "r2", ecosystem="Strange", number=3),
        ]
    )
    assert (made.steps[0].target, len(made.steps[0].closes)) == ("r3", 2)
    assert [each.reason for each in made.rest] == [NOT_ORDERED]


def test_a_fixed_version_that_nobody_can_read_is_told() -> None:
    made = plan([package("shop", "1.0", "???")])
    assert [each.reason for each in made.rest] == [NOT_ORDERED]


def test_waived_and_other_findings_are_counted_not_planned() -> None:
    waived = package("w", "1.0", "2.0", waived=WaiverMatch(waiver="W-1", origin="ledger", sentence="s"))
    made = plan([waived, judged("code")])
    assert (made.total, made.waived, made.others, made.steps) == (0, 1, 1, ())


def test_of_two_spellings_of_one_version_the_shorter_is_written() -> None:
    made = plan([package("shop", "1.0", "2.0.0", number=1), package("shop", "1.0", "2.0", number=2)])
    assert made.steps[0].target == "2.0"
    assert len(made.steps[0].closes) == 2


def test_thousands_of_fixes_of_one_package_are_no_trouble() -> None:
    """Kernels have them. Trying every fix against every finding took minutes."""
    made = plan([package("kernel", "1.0.0", f"1.{n}.0", f"2.{n}.0", number=n) for n in range(1, 4000)])
    (step,) = made.steps
    assert (step.target, len(step.closes)) == ("2.3999.0", 3999)
    assert step.smaller is not None
    assert step.smaller.closes == 1


# --- with advisories to ask -----------------------------------------------------------------------------------------


class FakeAdvisories:
    """Flaws by name: from the first version on (included) to the fix (excluded, empty: none)."""

    def __init__(self, **flaws: tuple[str, str]) -> None:
        self.flaws = flaws

    def __call__(self, ecosystem: str, package: str, version: str) -> tuple[Standing, ...]:
        at = Version(version)
        return tuple(
            Standing(frozenset({name}), fixed)
            for name, (start, fixed) in self.flaws.items()
            if Version(start) <= at and (not fixed or at < Version(fixed))
        )


def test_a_fixed_version_with_a_flaw_of_its_own_is_passed_over() -> None:
    """The finding is fixed in 2.0, and 2.0 has another flaw that 2.0.4 fixes."""
    made = plan([package("shop", "1.0", "2.0")], FakeAdvisories(later=("2.0", "2.0.4")))
    assert (made.steps[0].target, made.steps[0].brings, made.checked) == ("2.0.4", (), True)


def test_a_flaw_that_no_version_fixes_is_told_with_the_step() -> None:
    made = plan([package("shop", "1.0", "2.0", number=n) for n in range(3)], FakeAdvisories(later=("2.0", "")))
    assert (made.steps[0].target, made.steps[0].brings, len(made.steps[0].closes)) == ("2.0", ("later",), 3)


def test_a_version_that_still_has_the_flaw_in_its_line_does_not_close_it() -> None:
    """CVE-1 is fixed in 1.4 and 2.3, CVE-2 only in 2.0: 2.0 is above 1.4, and has CVE-1."""
    run = [
        package("shop", "1.0", "1.4", number=1, aliases=("CVE-1",)),
        package("shop", "1.0", "2.0", number=2, aliases=("CVE-2",)),
    ]
    made = plan(run, FakeAdvisories(**{"CVE-1": ("2.0", "2.3")}))
    assert (made.steps[0].target, len(made.steps[0].closes), made.rest) == ("2.3", 2, ())
    never = plan(run, FakeAdvisories(**{"CVE-1": ("2.0", "")}))
    assert (never.steps[0].target, len(never.steps[0].closes)) == ("2.0", 1)
    assert [each.reason for each in never.rest] == [STILL_THERE]


def test_without_anybody_to_ask_the_plan_says_so() -> None:
    assert plan([package("shop", "1.0", "2.0")]).checked is False
