"""Properties of fingerprints and of the comparison."""

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.core import Change, Confidence, Finding, Location, Region, Severity
from pavedroad.core.identity import Observation, identify, normalise_code
from pavedroad.gate.diff import compare

PATHS = st.sampled_from(["a.py", "b/c.py", "d.env", "ü.txt"])
ANCHORS = st.tuples(st.sampled_from(["r1", "r2"]), st.sampled_from(["x", "y", "z"]))
PLACES = st.tuples(PATHS, st.integers(1, 50), ANCHORS)


def observation(place: tuple[str, int, tuple[str, str]]) -> Observation:
    path, line, anchor = place
    finding = Finding(
        rule=anchor[0],
        kind="secrets",
        title="t",
        message="m",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        scanner="s",
        location=Location(path=path, region=Region.of_line(line)),
    )
    return Observation(anchor=anchor, finding=finding)


def findings(places: list[tuple[str, int, tuple[str, str]]]) -> list[Finding]:
    return identify(map(observation, places))


@given(st.lists(PLACES, max_size=12), st.integers(1, 1000))
def test_shifting_all_lines_changes_no_fingerprint(places: list[tuple[str, int, tuple[str, str]]], by: int) -> None:
    shifted = [(path, line + by, anchor) for path, line, anchor in places]
    assert [f.fingerprint for f in findings(places)] == [f.fingerprint for f in findings(shifted)]


@given(st.lists(PLACES, max_size=12))
def test_order_of_arrival_does_not_matter(places: list[tuple[str, int, tuple[str, str]]]) -> None:
    one = sorted((f.location.path, f.fingerprint) for f in findings(places))
    other = sorted((f.location.path, f.fingerprint) for f in findings(places[::-1]))
    assert one == other


@given(st.lists(PLACES, max_size=12))
def test_fingerprints_are_unique_within_a_file(places: list[tuple[str, int, tuple[str, str]]]) -> None:
    pairs = [(f.location.path, f.fingerprint) for f in findings(places)]
    assert len(pairs) == len(set(pairs))


@given(st.lists(PLACES, max_size=12))
def test_nothing_is_new_against_itself(places: list[tuple[str, int, tuple[str, str]]]) -> None:
    both = findings(places)
    assert compare(both, both, {}) == [Change.OLD] * len(both)


@given(st.lists(PLACES, max_size=10), st.lists(PLACES, max_size=10))
def test_as_many_are_new_as_the_base_cannot_explain(
    head: list[tuple[str, int, tuple[str, str]]], base: list[tuple[str, int, tuple[str, str]]]
) -> None:
    ours, theirs = findings(head), findings(base)
    new = compare(ours, theirs, {}).count(Change.NEW)
    unexplained = Counter(f.fingerprint for f in ours) - Counter(f.fingerprint for f in theirs)
    assert new == unexplained.total()


@given(st.lists(PLACES, max_size=10))
def test_renaming_every_file_makes_nothing_new(places: list[tuple[str, int, tuple[str, str]]]) -> None:
    base = findings(places)
    head = [
        msgspec.structs.replace(f, location=msgspec.structs.replace(f.location, path="new/" + f.location.path))
        for f in base
    ]
    assert Change.NEW not in compare(head, base, {})


@given(st.text(), st.sampled_from([" ", "\n", "\t", "\r\n", "    "]))
def test_normalising_twice_is_normalising_once(text: str, space: str) -> None:
    once = normalise_code(text.replace(" ", space))
    assert normalise_code(once) == once
