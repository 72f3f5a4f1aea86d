"""Patterns match as .gitignore says, broken ones are refused, and no pattern takes long."""

import time

import pytest

from pavedroad.policy.globs import name_glob, path_glob


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.py", "a.py", True),
        ("*.py", "deep/down/a.py", True),
        ("*.py", "a.pyc", False),
        ("/a.py", "a.py", True),
        ("/a.py", "b/a.py", False),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/b/a.py", False),
        ("src", "src/b/a.py", True),
        ("src", "lib/src/a.py", True),
        ("src/", "src", False),
        ("src/", "src/a", True),
        ("src/**", "src", False),
        ("src/**", "src/b/a.py", True),
        ("**/test/*.py", "test/a.py", True),
        ("**/test/*.py", "x/y/test/a.py", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "a/x/y/c", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[a-c]x", "bx", True),
        ("[!a-c]x", "bx", False),
        (r"a\*b", "a*b", True),
        (r"a\*b", "axb", False),
        ("**", "x/y", True),
        ("Ä*", "Ära/x", True),
    ],
)
def test_paths_match_as_gitignore_says(pattern: str, path: str, expected: bool) -> None:
    assert path_glob(pattern)(path) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("secrets/*", "secrets/aws", True),
        ("secrets/*", "code/aws", False),
        ("release/*", "release/2026/11", True),
        ("pkg:npm/*", "pkg:npm/%40scope/name@1.0", True),
        ("plain", "plain", True),
        ("plain", "plainer", False),
        ("", "", False),
    ],
)
def test_a_star_in_a_name_crosses_slashes(pattern: str, name: str, expected: bool) -> None:
    if not pattern:
        with pytest.raises(ValueError, match="empty"):
            name_glob(pattern)
    else:
        assert name_glob(pattern)(name) is expected


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("", "empty"), ("//", "empty"), ("!a", "negated"), ("[a", "close"), ("a\\", "backslash"), ("a" * 513, "at most")],
)
def test_a_pattern_that_cannot_be_meant_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        path_glob(pattern)


@pytest.mark.parametrize("pattern", ["a*" * 255 + "b", "**/" * 100 + "b", "**/*a" * 80 + "b", "*" * 512])
def test_no_pattern_takes_long(pattern: str) -> None:
    hostile = "/".join(["a" * 60] * 60)
    start = time.perf_counter()
    path_glob(pattern)(hostile)
    name_glob(pattern)(hostile)
    assert time.perf_counter() - start < 5
