"""What every format of bills of materials must do, whoever wrote it."""

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.sbom import SbomError, known_formats, read_bill, write_bill, written
from pavedroad.sbom.model import HEAD, Bill, BillFormat
from pavedroad.sbom.registry import PACKAGE
from tests.support.audit import Events, watch
from tests.support.bills import bills, sample_bill
from tests.support.hostile_bytes import STRANGE, contents

NAMES = sorted(known_formats())
WRITTEN = sorted(written())
SAMPLES = [write_bill(sample_bill(), name) for name in WRITTEN]


def outcome(found: BillFormat, content: bytes) -> Bill | str:
    """What a reader says: the bill, or the words of its error."""
    try:
        return found.read(content)
    except SbomError as error:
        return error.what


@pytest.mark.parametrize("name", NAMES)
def test_it_is_named_as_its_module_and_says_what_it_is(name: str) -> None:
    found = known_formats()[name]
    module = sys.modules[f"{PACKAGE}.{name.replace('-', '_')}"]
    assert (module.__doc__ or "").strip()
    assert found.name == name
    assert found.title.strip()
    assert re.fullmatch(r"[a-z0-9.-]{1,32}", found.extension)


@pytest.mark.parametrize("name", NAMES)
@given(content=contents)
@settings(max_examples=80)
def test_any_content_is_a_bill_or_an_error_twice_the_same(name: str, content: bytes) -> None:
    found = known_formats()[name]
    assert found.detects(content[:HEAD]) in (True, False)
    assert outcome(found, content) == outcome(found, content)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", STRANGE, ids=range(len(STRANGE)))
def test_strange_content_is_borne(name: str, content: bytes) -> None:
    assert known_formats()[name].detects(content) in (True, False)
    assert outcome(known_formats()[name], content)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=60)
def test_a_damaged_bill_is_a_bill_or_an_error(name: str, data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(SAMPLES))
    at = data.draw(st.integers(0, len(content)))
    piece = data.draw(st.binary(max_size=6) | st.sampled_from([b'"', b"<", b"{", b"null", b"[]", b"]"]))
    outcome(known_formats()[name], content[:at] + piece + content[at + data.draw(st.integers(0, 6)) :])


@pytest.mark.parametrize("name", WRITTEN)
@given(bill=bills())
@settings(max_examples=60)
def test_the_same_bill_gives_the_same_bytes_and_no_component_is_lost(name: str, bill: Bill) -> None:
    content = write_bill(bill, name)
    assert content == write_bill(bill, name)
    again = read_bill(content)
    assert sorted(p.component.purl for p in again.parts) == sorted(p.component.purl for p in bill.parts)


@pytest.mark.parametrize("name", WRITTEN)
def test_only_its_own_reader_claims_what_it_wrote(name: str, tmp_path: Path) -> None:
    content = write_bill(sample_bill(), name)
    assert [each.name for each in known_formats().values() if each.detects(content[:HEAD])] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_reading_and_writing_open_no_socket_and_start_no_process(name: str) -> None:
    with watch() as events:
        for content in SAMPLES:
            outcome(known_formats()[name], content)
        if name in WRITTEN:
            write_bill(sample_bill(), name)
    assert not events.of((*Events.SOCKET, *Events.PROCESS))
