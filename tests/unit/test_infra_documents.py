"""Reading YAML, JSON and TOML that nobody trusts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.infra.documents import MAX_DEPTH, read_json, read_toml, read_yaml
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
