"""Reading YAML, JSON and TOML that nobody trusts."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.infra.documents import MAX_DEPTH, read_json, read_toml, read_xml, read_yaml
from pavedroad.infra.errors import DocumentError


def test_good_documents_are_read() -> None:
    assert read_yaml(b"a: [1, {b: 2}]") == {"a": [1, {"b": 2}]}
    assert read_yaml(b"") is None
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert read_toml(b"[a]\nb = 1") == {"a": {"b": 1}}


@pytest.mark.parametrize("read", [read_yaml, read_json, read_toml])
def test_a_broken_document_names_its_file(read: object) -> None:
    with pytest.raises(DocumentError, match=r"x\.conf"):
        read(b'{"a": [1,\n "b', where="x.conf")  # type: ignore[operator]


def test_the_line_of_the_fault_is_named() -> None:
    with pytest.raises(DocumentError, match=r"f\.yaml:3"):
        read_yaml(b"a: 1\nb: 2\n\tc: 3\n", where="f.yaml")


def test_the_same_key_twice_is_refused() -> None:
    with pytest.raises(DocumentError, match="twice"):
        read_yaml(b"a: 1\na: 2\n")


def test_deep_nesting_is_refused_and_does_not_exhaust_the_stack() -> None:
    deep = 100_000
    with pytest.raises(DocumentError, match="deeper"):
        read_json(b"[" * deep + b"]" * deep)
    with pytest.raises(DocumentError, match="deeper"):
        read_yaml(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))
    with pytest.raises(DocumentError):
        read_toml(b"a = " + b"[" * deep + b"]" * deep)


def test_brackets_inside_strings_are_no_nesting() -> None:
    assert read_json(b'"' + b"[" * 500 + b'"') == "[" * 500


def test_alias_bombs_are_refused() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 20)}]" for n in range(1, 8)]
    with pytest.raises(DocumentError, match="aliases written out"):
        read_yaml("\n".join(lines).encode())


def test_size_is_bounded() -> None:
    with pytest.raises(DocumentError, match="at most 10"):
        read_json(b'"' + b"a" * 20 + b'"', max_bytes=10)


def test_objects_of_other_languages_are_not_built() -> None:
    with pytest.raises(DocumentError):
        read_yaml(b"!!python/object/apply:os.system ['true']")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_value_or_a_document_error(content: bytes) -> None:
    for read in (read_yaml, read_json, read_toml):
        try:
            read(content)
        except DocumentError:
            continue


def test_xml_is_read_with_lines_and_without_prefixes() -> None:
    root = read_xml(b'<?xml version="1.0"?>\n<m:a xmlns:m="urn:x" m:k="v">\n  <b> one </b>\n  <b/>\n</m:a>')
    assert (root.name, root.attributes) == ("a", {"k": "v"})
    assert [(child.text, child.line) for child in root.all("b")] == [("one", 3), ("", 4)]
    assert (root.value("b"), root.value("c"), root.first("c")) == ("one", "", None)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        b"<a>&x;</a>",
        b"<a" * 200 + b"/>",
        b"<a>" * 200,
        b"",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'<?xml version="1.0" encoding="rot13"?><a/>',
    ],
)
def test_xml_with_entities_depth_or_faults_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError):
        read_xml(content, where="x.xml")


def test_xml_is_bounded_in_size() -> None:
    with pytest.raises(DocumentError, match="at most 10"):
        read_xml(b"<a>" + b" " * 20 + b"</a>", max_bytes=10)


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="<>/a \"'=&;!-[]?", max_size=80).map(str.encode)))
def test_xml_of_any_bytes_raises_only_the_typed_error(content: bytes) -> None:
    with contextlib.suppress(DocumentError):
        read_xml(content)
