"""Versions are totally ordered as their ecosystems say; records of any shape are decoded or refused, nothing else."""

import json
from contextlib import suppress
from functools import cmp_to_key
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from pavedroad.advisories.errors import SourceError, VersionError
from pavedroad.advisories.matching import Answer, judge
from pavedroad.advisories.model import Advisory, Affected, Event, Header, Range
from pavedroad.advisories.records import clean, decode, instant
from pavedroad.advisories.versions import scheme, schemes
from tests.support.osv import record

numbers = st.integers(0, 30).map(str)
identifiers = st.one_of(numbers, st.sampled_from(["alpha", "beta", "rc", "x-y", "-", "0a"]))
semvers = st.builds(
    lambda core, pre, build: ".".join(core) + ("-" + ".".join(pre) if pre else "") + ("+" + build if build else ""),
    st.tuples(numbers, numbers, numbers),
    st.lists(identifiers, max_size=3),
    st.sampled_from(["", "b1", "incompatible"]),
)
peps = st.builds(
    lambda epoch, release, tail: epoch + ".".join(release) + tail,
    st.sampled_from(["", "1!"]),
    st.lists(numbers, min_size=1, max_size=4),
    st.sampled_from(["", "a1", "b2", "rc1", ".post1", ".dev0", "rc1.dev3", "+local.1"]),
)
versions = {"npm": semvers, "crates.io": semvers, "Go": semvers.map("v{}".format), "PyPI": peps}


def compare(ecosystem: str, a: str, b: str) -> int:
    rules = scheme(ecosystem)
    assert rules
    x, y = rules.key(a), rules.key(b)
    return (y < x) - (x < y)


@pytest.mark.parametrize("ecosystem", sorted(versions))
@given(data=st.data())
def test_the_order_is_total_antisymmetric_and_transitive(ecosystem: str, data: st.DataObject) -> None:
    a, b, c = (data.draw(versions[ecosystem]) for _ in range(3))
    assert compare(ecosystem, a, a) == 0
    assert compare(ecosystem, a, b) == -compare(ecosystem, b, a)

    def order(x: str, y: str) -> int:
        return compare(ecosystem, x, y)

    low, middle, high = sorted([a, b, c], key=cmp_to_key(order))
    assert compare(ecosystem, low, high) <= 0
    assert compare(ecosystem, low, middle) <= 0


@given(peps, peps)
def test_pypi_agrees_with_packaging(a: str, b: str) -> None:
    assert compare("PyPI", a, b) == (Version(a) > Version(b)) - (Version(a) < Version(b))


@pytest.mark.parametrize("ecosystem", ["npm", "crates.io", "Go"])
def test_the_examples_of_the_semver_specification_hold(ecosystem: str) -> None:
    order = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1"]
    texts = [*(f"1.0.0-{tail}" for tail in order), "1.0.0", "2.0.0", "2.1.0", "2.1.1"]
    for earlier, later in pairwise(texts):
        assert compare(ecosystem, earlier, later) == -1
    assert compare(ecosystem, "1.0.0+one", "1.0.0+two") == 0


def test_go_orders_pseudo_versions_incompatible_ones_and_toolchains() -> None:
    assert compare("Go", "v1.2.3-0.20240101000000-abcdefabcdef", "v1.2.3") == -1
    assert compare("Go", "v1.2.2", "v1.2.3-0.20240101000000-abcdefabcdef") == -1
    assert compare("Go", "v0.0.0-20230101000000-aaaaaaaaaaaa", "v0.0.0-20240101000000-000000000000") == -1
    assert compare("Go", "v2.0.0+incompatible", "2.0.0") == 0
    assert compare("Go", "1.21rc2", "1.21.0") == -1
    assert compare("Go", "go1.21rc2", "1.21rc10") == -1


@given(st.text(max_size=300))
def test_any_text_is_a_version_or_cannot_be_told(text: str) -> None:
    for rules in schemes().values():
        try:
            key = rules.key(text)
        except VersionError:
            continue
        assert key <= key


@given(semvers, semvers, semvers)
def test_a_range_with_two_ends_holds_just_what_lies_between(low: str, high: str, version: str) -> None:
    span = Range(events=(Event(fixed=high), Event(introduced=low)))
    one = Advisory(
        source="", ecosystem="npm", package="p", header=Header(id="X-1"), affected=(Affected(ranges=(span,)),)
    )
    rules = scheme("npm")
    assert rules
    if not rules.key(low) < rules.key(high):
        return
    inside = rules.key(low) <= rules.key(version) and rules.key(version) < rules.key(high)
    assert judge(one, version, rules).answer is (Answer.AFFECTED if inside else Answer.NOT_AFFECTED)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_or_decoded(content: bytes) -> None:
    with suppress(SourceError):
        decode(content)


@given(
    st.sampled_from(sorted(record("X-1", "p", "introduced:0") | {"aliases": 0, "severity": 0, "references": 0})),
    json_values,
)
def test_a_record_with_any_part_replaced_is_refused_or_decoded(key: str, value: object) -> None:
    raw = record("X-1", "p", "introduced:0", aliases=["CVE-1"], database_specific={"cwe_ids": ["CWE-1"]})
    try:
        decoded = decode(json.dumps(raw | {key: value}).encode())
    except SourceError:
        return
    assert decoded.header.id


@given(st.text(max_size=60), st.integers(2, 50))
def test_cleaned_text_is_printable_and_bounded(text: str, limit: int) -> None:
    assert len(clean(text, limit)) <= limit
    assert clean(text, limit).isprintable()


@given(st.text(max_size=40))
def test_any_text_is_a_time_in_utc_or_none(text: str) -> None:
    value = instant(text)
    assert value is None or value.utcoffset() is not None
