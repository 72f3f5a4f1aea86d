"""What every parser of the inventory must do: read its samples, and bear what others do to them."""

import fnmatch
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import Found, ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import parser_for, parsers
from tests.support.hostile_bytes import STRANGE
from tests.support.manifests import Folder, Sample, samples

SAMPLES = samples()
EACH = pytest.mark.parametrize("sample", SAMPLES, ids=[f"{s.parser}:{s.path}" for s in SAMPLES])
DIRECT = {True: "direct", False: "indirect", None: "-"}
EXAMPLES = 8


def parse(sample: Sample, content: bytes | None = None) -> ParseResult:
    parser = parsers()[sample.parser]
    return parser.parse(sample.path, sample.data if content is None else content, Folder(sample.beside))


def spoken(found: Found) -> str:
    component = found.component
    return f"{component.name} {component.version} {component.scope or '-'} {DIRECT[component.direct]}"


def reasons(result: ParseResult, *, harmless: bool) -> set[str]:
    return {gap.reason for gap in result.gaps if gap.harmless is harmless}


def test_every_parser_has_a_sample() -> None:
    assert {sample.parser for sample in SAMPLES} == set(parsers())


@EACH
def test_a_sample_is_read_whole(sample: Sample) -> None:
    result = parse(sample)
    assert tuple(map(spoken, result.components)) == sample.finds
    assert reasons(result, harmless=False) == set(sample.gaps)
    assert reasons(result, harmless=True) == set(sample.harmless)


@EACH
def test_a_component_stands_on_a_line_that_names_it(sample: Sample) -> None:
    if isinstance(sample.content, bytes):
        return  # nothing of it is lines
    lines = sample.content.split("\n")
    everything = "\n".join(str(text) for text in sample.beside.values())
    for found in parse(sample).components:
        last = re.split(r"[/:]", found.component.name)[-1].removesuffix(".gradle.plugin")
        assert found.line, found.component.name
        assert last in lines[found.line - 1] or last in everything or last == "stdlib", (last, lines[found.line - 1])


@EACH
def test_edges_lead_to_components_of_the_same_file(sample: Sample) -> None:
    result = parse(sample)
    purls = {found.component.purl for found in result.components}
    for found in result.components:
        assert found.component.found_in == (sample.path if sample.anywhere else sample.path.rpartition("/")[2])
        assert set(found.component.depends_on or ()) <= purls
        assert not found.component.path or found.component.path[-1] == found.component.name


@EACH
def test_a_sample_is_found_by_name_and_by_one_parser_only(sample: Sample) -> None:
    for path in (sample.path, *([f"some/folder/{sample.path}"] if sample.anywhere else [])):
        assert [name for name, parser in parsers().items() if parser.selects(path)] == [sample.parser]
        found = parser_for(path)
        assert found is not None
        assert found.name == sample.parser


@EACH
def test_files_that_are_read_beside_are_named_as_companions_or_formats(sample: Sample) -> None:
    tree = Folder(sample.beside)
    parsers()[sample.parser].parse(sample.path, sample.data, tree)
    for path in tree.asked:
        name = path.rpartition("/")[2].lower()
        companions = parsers()[sample.parser].companions
        assert any(fnmatch.fnmatch(name, pattern) for pattern in companions), name


@EACH
@given(data=st.data())
@settings(max_examples=EXAMPLES)
def test_a_sample_cut_or_twisted_gives_a_result_or_the_typed_error(sample: Sample, data: st.DataObject) -> None:
    content = sample.data
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    piece = data.draw(st.binary(max_size=8) | st.sampled_from([b"[", b"{", b"null", b"1", b'""', b"[]", b"\n", b"- "]))
    for twisted in (content[:start], content[start:end], content[:start] + piece + content[end:]):
        bears(sample, twisted)


@EACH
def test_a_sample_whose_values_have_other_types_gives_a_result_or_the_typed_error(sample: Sample) -> None:
    for old, new in ((b'"', b""), (b"{", b"["), (b"[", b"{"), (b": ", b": 1 "), (b"= ", b"= [1] "), (b"\n  ", b"\n- ")):
        bears(sample, sample.data.replace(old, new))
    for value in (b"null", b"1", b"[]", b"{}", b'[{"a": [1]}]', b'"text"'):
        bears(sample, re.sub(rb'"[^"]*"(?!:)', value, sample.data))
        bears(sample, re.sub(rb": [^\n]+", b": " + value, sample.data))
        bears(sample, re.sub(rb"= [^\n]+", b"= " + value, sample.data))


@pytest.mark.parametrize("name", sorted(parsers()))
@pytest.mark.parametrize("content", STRANGE, ids=range(len(STRANGE)))
def test_strange_content_gives_a_result_or_the_typed_error(name: str, content: bytes) -> None:
    sample = next(each for each in SAMPLES if each.parser == name)
    bears(sample, content)


def bears(sample: Sample, content: bytes) -> None:
    """A parser answers the same twice, whatever neighbours hold."""
    for beside in (sample.beside, dict.fromkeys(sample.beside, content), dict.fromkeys(sample.beside, b"\xff{")):
        answers = []
        for _ in range(2):
            try:
                answers.append(repr(parsers()[sample.parser].parse(sample.path, content, Folder(beside))))
            except LockfileError as error:
                answers.append(error.what)
        assert answers[0] == answers[1]
