"""Patterns: git-style globs for paths, shell-style globs for names.

Patterns come from files that a change under judgement may bring along, so matching must stay cheap whatever they
hold. Translating them into regular expressions does not: ``a*a*a*a*b`` against a long name takes a regular expression
hours. This matcher goes back to the last star only, so its time is bounded by pattern length times text length.
Semantics of path globs: gitignore(5), without negation and comments; tests compare with ``pathspec``.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

MAX_PATTERN = 512

Matcher = Callable[[str], bool]
_Test = Callable[[str], bool]
_T = TypeVar("_T")

_STAR = None


def path_glob(pattern: str) -> Matcher:
    """A matcher of relative paths with forward slashes, as in .gitignore: ``*.py`` anywhere, ``/a`` and ``a/b`` from
    the root, ``a/`` and ``a/**`` for all that lies below, ``**/`` for any depth; a folder's match covers its files.

    Raises ValueError, in words, for a pattern that is empty, too long, negated or broken.
    """
    return _path_glob(pattern)


def name_glob(pattern: str) -> Matcher:
    """A matcher of whole names: ``*`` any text (slashes too), ``?`` one character, ``[a-z]`` one of a class.

    Raises ValueError, in words, for a pattern that is empty, too long or broken.
    """
    return _name_glob(pattern)


def has_letters(pattern: str) -> bool:
    """Whether a pattern says anything of its own: ``**/*`` does not, ``src/*`` does."""
    return any(char.isalnum() for char in pattern)


@lru_cache(maxsize=4096)
def _path_glob(pattern: str) -> Matcher:
    _check(pattern)
    if pattern.startswith("!"):
        raise ValueError("a pattern cannot be negated with '!'")
    body = pattern.removesuffix("/")
    anchored = "/" in body
    parts: list[_Test | None] = [] if anchored else [_STAR]
    parts += [_STAR if part == "**" else _segment(part) for part in body.split("/") if part]
    # "a/**" and "a/" are what lies below a: at least one more part, whatever it is.
    if parts[-1] is _STAR:
        parts[-1] = bool
    if pattern.endswith("/"):
        parts.append(bool)
    return lambda path: _walk(parts, path.split("/"), whole=False)


@lru_cache(maxsize=4096)
def _name_glob(pattern: str) -> Matcher:
    _check(pattern)
    if not any(char in pattern for char in "*?[\\"):
        return pattern.__eq__
    tokens = _tokens(pattern)
    return lambda name: _walk(tokens, name, whole=True)


def _check(pattern: str) -> None:
    if not pattern.strip("/"):
        raise ValueError("a pattern cannot be empty")
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a pattern has at most {MAX_PATTERN} characters")


def _segment(pattern: str) -> _Test:
    if not any(char in pattern for char in "*?[\\"):
        return pattern.__eq__
    tokens = _tokens(pattern)
    return lambda part: _walk(tokens, part, whole=True)


def _tokens(pattern: str) -> list[_Test | None]:
    """One test per character; None stands for a star."""
    tokens: list[_Test | None] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "[":
            test, at = _char_class(pattern, at)
            tokens.append(test)
            continue
        if char == "\\":
            at += 1
            if at == len(pattern):
                raise ValueError("a pattern cannot end with a backslash")
            tokens.append(pattern[at].__eq__)
        elif char == "*":
            if not tokens or tokens[-1] is not _STAR:
                tokens.append(_STAR)
        else:
            tokens.append(bool if char == "?" else char.__eq__)
        at += 1
    return tokens


def _char_class(pattern: str, start: int) -> tuple[_Test, int]:
    """The class that begins at ``start``, and the index after it."""
    at = start + 1
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    end = pattern.find("]", at + 1)
    if end < 0:
        raise ValueError("a pattern opens '[' and does not close it")
    body = pattern[at:end]
    if "\\" in body or "[" in body:
        raise ValueError("a class such as [a-z] cannot hold '\\' or '['")
    ranges: list[tuple[str, str]] = []
    while body:
        if len(body) >= 3 and body[1] == "-":
            ranges.append((body[0], body[2]))
            body = body[3:]
        else:
            ranges.append((body[0], body[0]))
            body = body[1:]
    return (lambda char: any(low <= char <= high for low, high in ranges) != negated), end + 1


def _walk(tests: Sequence[Callable[[_T], bool] | None], items: Sequence[_T], *, whole: bool) -> bool:
    """Whether the tests hold on the items one by one, None for any number of items; ``whole``: to the very end.

    On a mismatch only the last star takes one item more: an earlier star that gave up sooner leaves the rest the most
    room, so no other choice can succeed where this one fails.
    """
    test = item = 0
    star, resume = -1, 0
    while True:
        if test == len(tests):
            if not whole or item == len(items):
                return True
        elif tests[test] is _STAR:
            star, resume = test, item
            test += 1
            continue
        elif item < len(items) and _holds(tests[test], items[item]):
            test, item = test + 1, item + 1
            continue
        if star < 0 or resume >= len(items):
            return False
        resume += 1
        test, item = star + 1, resume


def _holds(test: Callable[[_T], bool] | None, item: _T) -> bool:
    return test is not None and test(item)
