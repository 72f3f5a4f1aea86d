"""What must hold for every input: no pass by silence, order does not matter, waivers cover no more than they say."""

import contextlib
import string
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from pavedroad.core import (
    Change,
    Confidence,
    Coverage,
    CoverageStatus,
    Judged,
    LimitHit,
    Mode,
    Outcome,
    ScanError,
    Severity,
    Skipped,
    UsageError,
    WaiverMatch,
)
from pavedroad.policy import load_config, load_ledger
from pavedroad.policy.config import WaiverPolicy
from pavedroad.policy.globs import name_glob, path_glob
from pavedroad.policy.waiverfile import append_waiver
from tests.support.policy_samples import applied, decided, judged, looked, mark, waiver

KINDS = ("code", "secrets", "iac", "waivers")
TEXTS = (
    "",
    "gate: {modes: {code: warn}}",
    "gate: {defaults: false, rules: [{id: x, severity: low, scope: all}]}",
    "gate: {coverage: {on_error: warn, limits: warn, gaps: warn}}",
    "gate: {coverage: {require: [code]}}",
    "waivers: {inline: honour}",
)
MATCHES = (
    None,
    WaiverMatch(waiver="W-1", origin="ledger", sentence="agreed"),
    WaiverMatch(waiver="i", origin="inline:bandit", sentence="nosec"),
)

findings = st.builds(
    lambda name, kind, severity, confidence, change, waived: judged(
        name, kind=kind, severity=severity, confidence=confidence, change=change, waived=waived
    ),
    st.sampled_from("abcde"),
    st.sampled_from(KINDS),
    st.sampled_from(list(Severity)),
    st.sampled_from(list(Confidence)),
    st.sampled_from(list(Change)),
    st.sampled_from(MATCHES),
)
coverages = st.builds(
    lambda kind, status, errors, limits, gaps: looked(
        kind,
        status,
        errors=(ScanError(message="broken"),) * errors,
        limits=(LimitHit(limit="files", value="9"),) * limits,
        skipped=(Skipped(reason="unpinned", count=2, harmless=False),) * gaps,
    ),
    st.sampled_from(("code", "iac", "tree")),
    st.sampled_from(list(CoverageStatus)),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 1),
)
runs = st.tuples(st.lists(findings, max_size=6), st.lists(coverages, max_size=4), st.sampled_from(TEXTS), st.booleans())
Drawn = tuple[list[Judged], list[Coverage], str, bool]


def outcome(run: Drawn) -> Outcome:
    """The outcome of a drawn run."""
    return decided(*run[0], coverage=tuple(run[1]), text=run[2], compared=run[3])[0].outcome


@given(runs, st.sampled_from(("failed", "errors", "limits", "unexplained")))
def test_a_gap_more_never_makes_a_run_pass(run: Drawn, gap: str) -> None:
    worse = {
        "failed": looked("x", CoverageStatus.FAILED),
        "errors": looked("x", CoverageStatus.PARTIAL, errors=(ScanError(message="e"),)),
        "limits": looked("x", CoverageStatus.PARTIAL, limits=(LimitHit(limit="l", value="v"),)),
        "unexplained": looked("x", CoverageStatus.PARTIAL),
    }[gap]
    before = outcome(run)
    after = outcome((run[0], [*run[1], worse], run[2], run[3]))
    if "on_error: warn" in run[2] and gap != "failed":
        return  # This policy accepts such gaps, and says so in a reason.
    assert after is not Outcome.PASS
    assert after is before or before is Outcome.PASS


@given(runs, st.data())
def test_a_scanner_that_fails_never_makes_a_run_pass(run: Drawn, data: st.DataObject) -> None:
    if not run[1]:
        return
    at = data.draw(st.integers(0, len(run[1]) - 1))
    each = run[1][at]
    broken = looked(each.kind, CoverageStatus.FAILED, errors=each.errors, limits=each.limits, skipped=each.skipped)
    assert outcome((run[0], [*run[1][:at], broken, *run[1][at + 1 :]], run[2], run[3])) is not Outcome.PASS


@given(runs, st.data())
def test_a_finding_less_never_makes_a_run_fail(run: Drawn, data: st.DataObject) -> None:
    kept = [each for each in run[0] if data.draw(st.booleans())]
    if outcome(run) is not Outcome.FAIL:
        assert outcome((kept, *run[1:])) is not Outcome.FAIL


@given(runs, st.randoms(use_true_random=False))
def test_order_does_not_matter(run: Drawn, random: Random) -> None:
    ahead, around = list(run[0]), list(run[1])
    random.shuffle(ahead)
    random.shuffle(around)
    one, _ = decided(*run[0], coverage=tuple(run[1]), text=run[2], compared=run[3])
    other, _ = decided(*ahead, coverage=tuple(around), text=run[2], compared=run[3])
    assert one == other


@given(runs)
def test_what_the_ledger_waives_never_blocks(run: Drawn) -> None:
    waived = [judged(each.finding.fingerprint, kind=each.finding.kind, waived=MATCHES[1]) for each in run[0]]
    verdict, after = decided(*waived, coverage=tuple(run[1]), text=run[2], compared=run[3])
    assert verdict.outcome is not Outcome.FAIL
    assert all(each.mode is None for each in after)


@given(runs)
def test_a_run_fails_exactly_when_a_finding_blocks_and_keeps_every_finding_in_place(run: Drawn) -> None:
    verdict, after = decided(*run[0], coverage=tuple(run[1]), text=run[2], compared=run[3])
    assert (verdict.outcome is Outcome.FAIL) is any(each.mode is Mode.BLOCK for each in after)
    assert [each.finding for each in after] == [each.finding for each in run[0]]
    assert verdict.outcome is Outcome.PASS or verdict.reasons


paths = st.lists(st.sampled_from(["a", "b", "ab", "a.py", ".x", "É"]), min_size=1, max_size=4).map("/".join)
patterns = st.lists(st.sampled_from(["a", "b", "*", "**", "?", "/", ".py", "[ab]", "É", "\\*"]), min_size=1, max_size=6)


# Negated classes are left to the unit tests: pathspec lets them match a slash, git does not.
@given(patterns.map("".join), paths)
@example("a/**/", "a/b/c")
@example("**/a/**", "b/a/c")
def test_path_globs_mean_what_gitignore_means(pattern: str, path: str) -> None:
    if not pattern.strip("/") or "//" in pattern:
        return
    assert path_glob(pattern)(path) is GitIgnoreSpec.from_lines([pattern]).match_file(path), pattern


@given(st.text(alphabet="ab*?[]!^-\\/.", max_size=40), st.text(alphabet="ab/.", max_size=40))
def test_any_pattern_is_refused_in_words_or_matches_itself_out(pattern: str, text: str) -> None:
    for make in (path_glob, name_glob):
        with contextlib.suppress(ValueError):
            assert make(pattern)(text) in (True, False)


@given(st.text(alphabet=string.ascii_letters + string.digits + "/._- ", min_size=1, max_size=60))
def test_a_pattern_without_wildcards_matches_only_itself(text: str) -> None:
    assert name_glob(text)(text) if text.strip("/") else True
    if text.strip("/"):
        assert not name_glob(text)(text + "x")


small_paths = st.sampled_from(["src/a.py", "b.py", "c.py", "d/a.py"])


@given(st.lists(small_paths, max_size=5), st.sets(small_paths), st.dictionaries(small_paths, small_paths, max_size=2))
def test_a_fingerprint_waiver_covers_one_place_at_most(
    places: list[str], others: set[str], renames: dict[str, str]
) -> None:
    found = [judged("a", path=path) for path in places]
    after = applied(found, waiver(), renames=renames, existing={*places, *others})
    covered = {each.finding.location.path for each in after.judged if each.waived}
    allowed = {"src/a.py", renames.get("src/a.py", "src/a.py")}
    assert covered <= allowed or len(covered) == 1
    if "src/a.py" in {*places, *others} and not renames:
        assert covered <= {"src/a.py"}


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.sampled_from("abcdx"))
def test_a_waiver_never_covers_another_fingerprint(names: list[str], which: str) -> None:
    scope = {"fingerprint": mark(which), "path": f"src/{which}.py"}
    after = applied([judged(name) for name in names], waiver(scope=scope))
    assert all((each.waived is not None) is (each.finding.fingerprint == mark(which)) for each in after.judged)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(alphabet="version: 1\n-waivers[]{}#'\"|>&*!%@`\t", max_size=200).map(str.encode),
    )
)
def test_no_file_breaks_the_readers_but_in_words(content: bytes) -> None:
    with contextlib.suppress(UsageError):
        load_config(content, where="paved.yaml")
    with contextlib.suppress(UsageError):
        load_ledger(content, where="waivers.yaml", policy=WaiverPolicy())
    with contextlib.suppress(UsageError):
        append_waiver(content, waiver(), "waivers.yaml", WaiverPolicy())


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.floats(), st.dates())
keys = st.sampled_from(["id", "scope", "owner", "reason", "ticket", "created", "expires", "rule", "path", "zzz"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5))


@given(st.lists(st.one_of(values, st.dictionaries(keys, values, max_size=8)), max_size=4))
def test_every_entry_is_a_waiver_or_a_problem(entries: list[object]) -> None:
    import yaml

    text = yaml.safe_dump({"version": 1, "waivers": entries}, allow_unicode=True)
    try:
        ledger = load_ledger(text.encode("utf-8", "surrogatepass"), where="w", policy=WaiverPolicy())
    except UsageError:
        return  # Dumped text that the reader refuses as a whole (surrogates, aliases).
    assert len(ledger.entries) + len(ledger.problems) == len(entries)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(min_size=1, max_size=30)), max_size=4))
def test_appending_again_and_again_keeps_all(texts: list[tuple[str, str]]) -> None:
    content, added = b"", []
    for number, (path, words) in enumerate(texts):
        if not words.strip() or any(0xD800 <= ord(char) < 0xE000 for char in path + words):
            continue
        added.append(waiver(f"W-{number}", scope={"fingerprint": mark("a"), "path": path}, reason=words))
        content = append_waiver(content, added[-1], "w", WaiverPolicy())
    assert list(load_ledger(content, "w", WaiverPolicy()).waivers) == added
