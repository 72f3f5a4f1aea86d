"""Lock files of any content give a result or the one typed error."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.model import ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import parsers
from tests.support.manifests import samples

PATHS = {sample.parser: sample.path for sample in reversed(samples())}
names = sorted(parsers())
words = st.sampled_from(
    ["[[package]]", "name", "version", "=", '"1.0.0"', "\n", "  ", "require", "(", ")", "=>", "v1.0.0", "module", "go",
     "x==1.0", "-r", "-e", "--hash=sha256:aa", "\\\n", "#", "# via", "a/b", "replace", "exclude", '"', "[metadata]",
     'lock-version = "2.0"', "version = 1\n", "dependencies", "{", "}", "[", "]", ",", "\x00", "\u202e", "é"]
)  # fmt: skip
near = st.lists(words, max_size=40).map(" ".join)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
entries = st.dictionaries(
    st.sampled_from(["version", "name", "dependencies", "requires", "resolved", "link", "dev", "source", "optional"]),
    st.one_of(json_values, st.just("1.0.0"), st.just({"a": "1", "b": "2"})),
    max_size=5,
)
keys = st.lists(st.sampled_from(["node_modules", "a", "b", "@s", "", "lib"]), max_size=6).map("/".join)


def parse(name: str, content: bytes) -> ParseResult | None:
    try:
        result = parsers()[name].parse(PATHS[name], content)
    except LockfileError:
        return None
    for found in result.components:
        assert found.component.purl.startswith("pkg:")
        assert found.component.version
        assert found.line >= 0
    return result


@pytest.mark.parametrize("name", names)
@given(content=st.binary(max_size=300))
def test_random_bytes_raise_only_the_typed_error(name: str, content: bytes) -> None:
    parse(name, content)


@pytest.mark.parametrize("name", names)
@given(text=near)
def test_text_that_looks_like_a_lock_file_raises_only_the_typed_error(name: str, text: str) -> None:
    parse(name, text.encode())


@given(st.sampled_from([1, 2, 3]), st.dictionaries(keys, entries, max_size=6), json_values)
def test_npm_files_of_any_shape_raise_only_the_typed_error(
    version: int, folders: dict[str, Any], other: object
) -> None:
    for document in (
        {"lockfileVersion": version, "packages": folders},
        {
            "lockfileVersion": 1,
            "dependencies": {key: value | {"dependencies": folders} for key, value in folders.items()},
        },
        {"lockfileVersion": version, "packages": other},
        {"lockfileVersion": 1, "dependencies": other},
    ):
        parse("npm", json.dumps(document).encode())


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=12))
def test_a_cargo_graph_with_any_edges_gives_paths_that_follow_them(edges: list[tuple[str, str]]) -> None:
    text = "version = 4\n"
    for name in "abcde":
        needs = ", ".join(f'"{target}"' for source, target in edges if source == name)
        source = "" if name == "a" else 'source = "registry+x"\n'
        text += f'[[package]]\nname = "{name}"\nversion = "1.0.0"\n{source}dependencies = [{needs}]\n'
    result = parse("cargo", text.encode())
    assert result
    for found in result.components:
        path = found.component.path
        assert not path or (path[0] == "a" and path[-1] == found.component.name)
        assert all(step in edges for step in pairwise(path))


@given(st.dictionaries(st.integers(0, 20), st.lists(st.integers(0, 20), max_size=4)), st.integers(0, 20))
def test_shortest_paths_start_at_a_root_and_never_repeat(edges: dict[int, list[int]], root: int) -> None:
    before = parents([root], lambda node: edges.get(node, []))
    for node in before:
        path = names_to(node, before, str)
        assert path[0] == str(root)
        assert len(set(path)) == len(path)


@given(st.lists(st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers(0, 99)), max_size=20))
def test_every_pin_of_a_requirements_file_is_found_on_its_line(pins: list[tuple[str, int]]) -> None:
    text = "".join(f"{name}=={number}.0 \\\n    --hash=sha256:aa\n# note\n" for name, number in pins)
    result = parse("requirements", text.encode())
    assert result
    lines = text.split("\n")
    assert {f.component.purl for f in result.components} == {f"pkg:pypi/{name}@{number}.0" for name, number in pins}
    for found in result.components:
        assert lines[found.line - 1].startswith(f"{found.component.name}=={found.component.version}")
