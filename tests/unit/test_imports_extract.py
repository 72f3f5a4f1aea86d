"""What source files import: as Python's own parser sees it, and as people write JavaScript."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pavedroad
from pavedroad.scanning.scanners._imports.extract import facts, language
from tests.support.hostile_bytes import STRANGE, contents

OURS = sorted(Path(pavedroad.__file__).parent.rglob("*.py"))


def python(code: str, path: str = "a.py") -> set[str]:
    return set(facts(path, code.encode()))


def javascript(code: str) -> set[str]:
    return {fact.removeprefix("javascript:") for fact in facts("a.ts", code.encode())}


def by_parser(code: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("folder", [0, 1, 2, 3])
def test_it_sees_in_our_own_code_what_the_parser_sees(folder: int) -> None:
    for file in OURS[folder::4]:
        seen = {fact.partition(":")[2].split(".")[0] for fact in facts("a.py", file.read_bytes())} - {"?"}
        assert seen == by_parser(file.read_text()), file


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import a, b.c as d", {"python:a", "python:b.c"}),
        ("from a.b import (\n  c,\n  d)", {"python:a.b"}),
        ("from a import b, c as d", {"python:a", "python:a.b", "python:a.c"}),
        ("try:\n    import a\nexcept ImportError: import b; import c", {"python:a", "python:b", "python:c"}),
        ("import a, \\\n    b", {"python:a", "python:b"}),
        ("from . import a\nfrom .b import c", set()),
        ('"""\nimport a\n"""\nx = "import b"\n# import c', set()),
        ("s = '''\nimport a\n", set()),
        ("import a.b.c.d.e", {"python:a.b.c"}),
        ("importlib.import_module('a.b')", {"python:a.b"}),
        ("importlib.import_module(name)", {"python:?"}),
        ("__import__('a')", {"python:a"}),
        ("important = 1", set()),
        ("x = 1; import a", {"python:a"}),
    ],
)
def test_python(code: str, found: set[str]) -> None:
    assert python(code) == found


def test_settings_name_modules_in_texts() -> None:
    code = "INSTALLED_APPS = ['rest_framework', 'a.b.c.d', 'two words']"
    assert python(code, "shop/settings.py") == {"named:rest_framework", "named:a.b.c"}
    assert python(code, "shop/views.py") == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import a from 'a'; import 'b'; import * as c from \"c/sub\"", {"a", "b", "c"}),
        ("import {\n  x,\n  y\n} from '@acme/ui/button'", {"@acme/ui"}),
        ("const a = require('a'), b = require.resolve('b')", {"a", "b"}),
        ("export { x } from 'a'\nexport * from 'b'", {"a", "b"}),
        ("const x = await import('a')", {"a"}),
        ("import(/* webpackChunkName: 'x' */ 'a')", {"a"}),
        ("import type { T } from 'a'", {"a"}),
        ("import a from './a'; import b from '../b'; require('/c'); import 'node:fs'; import 'https://x/y'", set()),
        ("require(name)", {"?"}),
        ("import(`${name}`)", {"?"}),
        ("import x from 'npm:chalk@5'", {"chalk"}),
        ("const important = 'a'", set()),
    ],
)
def test_javascript(code: str, found: set[str]) -> None:
    assert javascript(code) == found


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a.py", "python"), ("a/b.tsx", "javascript"), ("a.vue", "javascript"), ("a.go", ""), ("a.min.js", ""),
        ("node_modules/a/b.js", ""), ("x/.venv/lib/a.py", ""), ("vendor/a.js", ""), ("a.d.ts", ""),
    ],
)  # fmt: skip
def test_only_the_projects_own_source_is_looked_at(path: str, told: str) -> None:
    assert language(path) == told


@given(content=contents, path=st.sampled_from(["a.py", "settings.py", "a.js"]))
def test_any_content_is_borne(content: bytes, path: str) -> None:
    assert facts(path, content) == facts(path, content)


@pytest.mark.parametrize("content", STRANGE, ids=range(len(STRANGE)))
def test_strange_content_is_borne(content: bytes) -> None:
    for path in ("a.py", "a.js"):
        assert len(facts(path, content)) < 10


@pytest.mark.parametrize(
    "piece",
    [b"'", b'"', b'"""', b"\\", b"#", b"import ", b"from a ", b"require(", b"import(/*", b"import_module(", b"`"],
)
def test_repetition_costs_no_more_than_its_length(piece: bytes) -> None:
    content = b"import a\n" + piece * (200_000 // len(piece))
    for path in ("settings.py", "a.js"):
        facts(path, content)
