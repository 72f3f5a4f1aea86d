"""What every format of VEX documents must do, whoever wrote it."""

import json
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.core.vex import VexStatus
from pavedroad.vex import Document, VexError, known_formats, read_vex, write_vex
from pavedroad.vex.registry import PACKAGE
from tests.support.audit import Events, watch
from tests.support.hostile_bytes import STRANGE, contents
from tests.support.vex_documents import documents, sample_document

NAMES = sorted(known_formats())
SAMPLES = [write_vex(sample_document(), name) for name in NAMES]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["CVE-2026-1", "pkg:pypi/a@1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def outcome(content: bytes) -> Document | str:
    """What is read, or the words of the error."""
    try:
        return read_vex(content)
    except VexError as error:
        return error.what


def facts(document: Document) -> set[tuple[object, ...]]:
    """Every pair of flaw and component with what is said of it, however a format groups them."""
    return {
        (s.vulnerability, purl, s.status, s.wont_fix)
        for s in document.statements
        for product in s.products
        for purl in (product.subcomponents or (product.purl,))
    }


@pytest.mark.parametrize("name", NAMES)
def test_it_is_named_as_its_module_and_says_what_it_is(name: str) -> None:
    found = known_formats()[name]
    assert (sys.modules[f"{PACKAGE}.{name.replace('-', '_')}"].__doc__ or "").strip()
    assert found.name == name
    assert found.title.strip()
    assert re.fullmatch(r"[a-z0-9.-]{1,32}", found.extension)


@given(content=contents)
@settings(max_examples=80)
def test_any_content_is_a_document_or_an_error_twice_the_same(content: bytes) -> None:
    assert outcome(content) == outcome(content)


@pytest.mark.parametrize("content", STRANGE, ids=range(len(STRANGE)))
def test_strange_content_is_an_error_that_says_what_to_do(content: bytes) -> None:
    with pytest.raises(VexError) as caught:
        read_vex(content, where="a.json")
    assert caught.value.next_step
    assert caught.value.where.startswith("a.json")


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=150)
def test_a_document_with_a_value_of_another_kind_is_borne(name: str, data: st.DataObject) -> None:
    tree = json.loads(SAMPLES[NAMES.index(name)])
    place, key = tree, data.draw(st.sampled_from(sorted(tree)))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(values)
    outcome(json.dumps(tree).encode())


@pytest.mark.parametrize("name", NAMES)
@given(document=documents())
@settings(max_examples=60)
def test_the_same_document_gives_the_same_bytes_and_nothing_that_was_said_is_lost(
    name: str, document: Document
) -> None:
    content = write_vex(document, name)
    assert content == write_vex(document, name)
    again = read_vex(content)
    assert facts(again) == facts(document)
    assert all(statement.reasoned for statement in again.statements)


@pytest.mark.parametrize("name", NAMES)
def test_only_its_own_reader_claims_what_it_wrote(name: str) -> None:
    tree = json.loads(SAMPLES[NAMES.index(name)])
    assert [each.name for each in known_formats().values() if each.detects(tree)] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_an_accepted_risk_never_becomes_not_affected(name: str) -> None:
    (statement,) = (s for s in read_vex(SAMPLES[NAMES.index(name)]).statements if s.vulnerability == "CVE-2026-1001")
    assert statement.status is VexStatus.AFFECTED
    assert statement.action


@pytest.mark.parametrize("name", NAMES)
def test_reading_and_writing_open_no_socket_and_start_no_process(name: str) -> None:
    with watch() as events:
        read_vex(SAMPLES[NAMES.index(name)])
        write_vex(sample_document(), name)
    assert not events.of((*Events.SOCKET, *Events.PROCESS))
