"""Every version scheme is a total order over whatever it accepts, refuses the rest with its one error, and is quick."""

import time
from functools import cache
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.matching import Answer, judge, smallest_fix
from pavedroad.advisories.model import Advisory, Affected, Event, Header, Range
from pavedroad.advisories.versions import ecosystem_key, package_key, scheme, schemes

NAMES = sorted(schemes())
WORDS = ["a", "b", "m", "p", "v", "x", "rc", "RC", "cr", "pre", "dev", "alpha", "beta", "post", "ga", "final", "sp"]
WORDS += ["snapshot", "SNAPSHOT", "release", "patch", "pl", "git", "svn", "dfsg", "el", "foo", "redhat", "r", "A"]
WORDS += ["alpha1", "rc2", "p1", "deb12u1", "_alpha", "_p1", "_rc2", "r0", "r10", "0a"]
numbers = st.one_of(st.integers(0, 12), st.sampled_from([0, 0, 99, 100, 20240101])).map(str)
parts = st.one_of(numbers, numbers.map("0{}".format), st.sampled_from(WORDS))
separators = st.sampled_from([".", ".", ".", "-", "", "~", "^", "+", "_", ":", "!"])
versions = st.builds(
    lambda first, more: first + "".join(s + p for s, p in more),
    numbers,
    st.lists(st.tuples(separators, parts), max_size=6),
)
texts = st.one_of(versions, st.text(max_size=30), st.text("0123456789.-+~^_:!abrc ", max_size=300))


@cache
def key(name: str, text: str) -> Any:
    """The key, None for what is refused."""
    try:
        return schemes()[name].key(text)
    except VersionError:
        return None


@pytest.mark.parametrize("name", NAMES)
@given(pool=st.lists(texts, min_size=1, max_size=8))
@settings(max_examples=150)
def test_accepted_versions_are_totally_ordered(name: str, pool: list[str]) -> None:
    keys = [k for text in pool if (k := key(name, text)) is not None]
    for a in keys:
        assert a == a
        assert not a < a
        for b in keys:
            assert (a < b) + (b < a) + (a == b) == 1
            assert (a <= b) == (a < b or a == b)
            assert a != b or hash(a) == hash(b)
    for a, b, c in permutations(keys[:5], 3):
        assert not (a < b and b < c) or a < c
        assert not (a == b and b == c) or a == c


@pytest.mark.parametrize("name", NAMES)
@given(version=versions)
@settings(max_examples=60)
def test_white_space_inside_or_control_characters_are_never_a_version(name: str, version: str) -> None:
    for bad in (f"{version}\x00", f"{version} {version}", f"{version}\u202e", "\x1b[31m" + version):
        assert key(name, bad) is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "unit", ["1", "1.", "1-", "a", "0a", "1a", "-", ".", "~", "^", "_p", "-a", ".0", "1_alpha", "9!", "1:", "x.", "+"]
)
def test_no_text_takes_long(name: str, unit: str) -> None:
    started = time.perf_counter()
    for size in (200, 256, 257, 100_000):
        for ending in ("", "1", "!", "-dev", "\n"):
            text = "1" + unit * (size // len(unit)) + ending
            key.__wrapped__(name, text[-256:])
            assert len(text) <= 256 or key.__wrapped__(name, text) is None
    assert time.perf_counter() - started < 2, "twenty texts of any shape take milliseconds, not seconds"


@pytest.mark.parametrize("name", NAMES)
@given(low=versions, high=versions, version=versions)
@settings(max_examples=100)
def test_a_range_holds_what_lies_between_and_a_fix_is_above(name: str, low: str, high: str, version: str) -> None:
    rules = schemes()[name]
    a, b, v = key(name, low), key(name, high), key(name, version)
    if a is None or b is None or v is None or not a < b or "0" in (low, high):
        return
    span = Range(events=(Event(fixed=high), Event(introduced=low)))
    one = Advisory(source="", ecosystem="x", package="p", header=Header(id="X-1"), affected=(Affected(ranges=(span,)),))
    inside = a <= v and v < b
    assert judge(one, version, rules).answer is (Answer.AFFECTED if inside else Answer.NOT_AFFECTED)
    assert smallest_fix((one,), version, rules) == (high if v < b else "")


@pytest.mark.parametrize("name", NAMES)
@given(text=st.text(max_size=40))
def test_a_normalised_name_stays_as_it_is(name: str, text: str) -> None:
    package = schemes()[name].package
    assert package(package(text)) == package(text)


@given(st.sampled_from(["Alpine", "Debian", "Ubuntu", "Rocky Linux", "Maven", "Root", "Nowhere"]), st.text(max_size=30))
def test_any_suffix_is_borne(base: str, suffix: str) -> None:
    ecosystem = f"{base}:{suffix}"
    assert ecosystem_key(ecosystem_key(ecosystem)) == ecosystem_key(ecosystem)
    assert package_key(ecosystem, "p") == "p"
    assert base in ("Root", "Nowhere") or scheme(ecosystem) is scheme(base)


def test_every_ecosystem_has_one_scheme() -> None:
    claimed = [ecosystem for rules in schemes().values() for ecosystem in rules.ecosystems]
    assert len(claimed) == len(set(claimed))
    assert all(rules.ecosystems for rules in schemes().values())
    assert all(scheme(ecosystem) is not None for ecosystem in claimed)
