"""Whatever stands in a document of the right form: a bill or an error of ours, and every bill can be written."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.core.component import Component
from pavedroad.core.ecosystems import named
from pavedroad.core.purl import without_version
from pavedroad.sbom import (
    Bill,
    SbomError,
    Tool,
    build_bill,
    compare,
    components,
    measure,
    merge,
    read_bill,
    unjudgeable,
    write_bill,
    written,
)
from tests.support.bills import AT, bills, sample_bill

TOOL = Tool(name="t")
SPDX3 = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "SpdxDocument", "spdxId": "d", "rootElement": ["a"], "creationInfo": {"created": "2026-01-31"}},
        {
            "type": "software_Package",
            "spdxId": "a",
            "name": "a",
            "verifiedUsing": [{"algorithm": "sha1", "hashValue": "0"}],
        },
        {"type": "Relationship", "from": "a", "to": ["b"], "relationshipType": "dependsOn"},
    ],
}
TREES = [*(json.loads(write_bill(sample_bill(), name)) for name in ("cyclonedx-json", "spdx-json")), SPDX3]
odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("\ud800")
    | st.just("pkg:x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "ref", "license"]), inner),
    max_leaves=5,
)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value below ``tree``."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [place for key, value in inner for place in ((*path, key), *places(value, (*path, key)))]


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> bytes:
    """``tree`` as JSON with another value at ``path``."""
    copy = json.loads(json.dumps(tree))
    spot = copy
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return json.dumps(copy).encode()


@pytest.mark.parametrize("tree", TREES, ids=["cyclonedx", "spdx", "spdx3"])
@given(data=st.data())
@settings(max_examples=150)
def test_a_value_of_any_kind_at_any_place_is_borne(tree: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(places(tree)))
    try:
        bill = read_bill(replaced(tree, path, data.draw(odd)))
    except SbomError:
        return
    components(bill), unjudgeable(bill), measure(bill), compare(bill, sample_bill())
    for name in written():
        assert read_bill(write_bill(bill, name))


@given(bill=bills(), other=bills())
@settings(max_examples=40)
def test_merging_loses_no_package_and_no_occurrence(bill: Bill, other: Bill) -> None:
    both = {part.component.purl for part in (*bill.parts, *other.parts)}
    places_named = {place for part in (*bill.parts, *other.parts) for place in part.occurrences}
    for hierarchical in (False, True):
        merged = merge([bill, other], name="m", tool=TOOL, timestamp=AT, hierarchical=hierarchical)
        assert {p.component.purl for p in merged.parts if p.component.purl} == both
        assert {place for part in merged.parts for place in part.occurrences} == places_named
        refs = [part.ref for part in merged.parts]
        assert len(refs) == len(set(refs))
        for name in written():
            again = read_bill(write_bill(merged, name))
            assert {p.component.purl for p in again.parts if p.component.purl} == both


@given(bill=bills())
@settings(max_examples=40)
def test_a_bill_differs_from_itself_in_nothing_in_whatever_format(bill: Bill) -> None:
    for name in written():
        assert compare(bill, read_bill(write_bill(bill, name))).changes == ()


listed = st.lists(
    st.builds(
        lambda name, version, found_in, edges, direct: Component(
            purl=f"pkg:pypi/{name}@{version}", name=name, version=version, found_in=found_in, depends_on=edges,
            direct=direct,
        ),
        st.sampled_from("abc"), st.sampled_from("12"), st.sampled_from(["x.lock", "y.lock", "\udcff"]),
        st.none() | st.lists(st.sampled_from([f"pkg:pypi/{n}@{v}" for n in "abcd" for v in "12"])).map(tuple),
        st.sampled_from([None, True, False]),
    ),
    max_size=8,
)  # fmt: skip


@given(found=listed, data=st.data())
def test_the_order_of_an_inventory_changes_no_byte(found: list[Component], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(found))
    for name in written():
        one, other = (
            write_bill(build_bill(each, name="x", tool=TOOL, timestamp=AT), name) for each in (found, shuffled)
        )
        assert one == other


@given(text=st.text(max_size=40) | st.from_regex(r"pkg:[a-z]{1,4}/[a-z@%/?#]{0,12}", fullmatch=True))
def test_any_text_is_borne_as_a_purl(text: str) -> None:
    named(text)
    assert isinstance(without_version(text), str)
