"""SPDX licence expressions (SPDX 2.3 specification, annex D): read, spell as the specification does, and ask.

Called by ``sbom`` (what may be written as an expression) and ``policy`` (what is allowed). The lists of identifiers
come from ``packaging``. The grammar is ours: theirs hands the text to Python's own compiler, which a hostile text can
exhaust; ours is bounded in length and depth.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from pavedroad.core.errors import PavedError
from pavedroad.core.noun import Noun

MAX_LENGTH = 4000
MAX_DEPTH = 32

_TOKEN = re.compile(r"\s*(?:([()])|([^\s()]+))")
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]{1,200}:)?LicenseRef-[A-Za-z0-9.-]{1,200}")
_PLAIN = re.compile(r"[A-Za-z0-9.-]{1,100}")


class LicenceError(PavedError):
    """A text is no SPDX licence expression: its words are unknown, or its grammar is broken."""


class Licence(Noun, frozen=True, kw_only=True):
    """One licence of an expression, as in ``GPL-2.0-only WITH Classpath-exception-2.0``. ``name`` keeps a trailing
    ``+`` (this version or a later one) and may be a ``LicenseRef-...``."""

    name: str
    exception: str = ""

    def __str__(self) -> str:
        return f"{self.name} WITH {self.exception}" if self.exception else self.name


class Terms(Noun, frozen=True, kw_only=True):
    """Licences joined: ``AND``, all of them bind; ``OR``, the recipient chooses one."""

    word: Literal["AND", "OR"]
    parts: "tuple[Licence | Terms, ...]"

    def __str__(self) -> str:
        inner = (f"({part})" if isinstance(part, Terms) else str(part) for part in self.parts)
        return f" {self.word} ".join(inner)


Expression = Licence | Terms


@lru_cache(maxsize=8192)
def parse(text: str) -> Expression:
    """The expression that ``text`` spells, with identifiers in their official letters. Raises LicenceError."""
    if len(text) > MAX_LENGTH:
        raise LicenceError(f"a licence expression has {len(text)} characters; at most {MAX_LENGTH} are read")
    tokens = list(_tokens(text))
    if not tokens:
        raise LicenceError("the licence expression is empty")
    parser = _Parser(tokens)
    found = parser.either(0)
    if parser.next():
        raise LicenceError(f"'{parser.next()[:60]}' stands where AND, OR or the end is expected")
    return found


def canonical(text: str) -> str:
    """``text`` as SPDX spells it, empty when it is no valid expression."""
    try:
        return str(parse(text))
    except LicenceError:
        return ""


def is_identifier(text: str) -> bool:
    """Whether ``text`` is exactly one identifier of the SPDX licence list, in its official letters."""
    return bool(_PLAIN.fullmatch(text)) and _official(text) == text


def licences(expression: Expression) -> Iterator[Licence]:
    """Every licence of an expression, from left to right."""
    if isinstance(expression, Licence):
        yield expression
        return
    for part in expression.parts:
        yield from licences(part)


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        yield match[1] or match[2]


class _Parser:
    """Recursive descent: ``either`` is the weakest (OR), then ``both`` (AND), then one licence."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def next(self) -> str:
        """The next word, empty at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def either(self, depth: int) -> Expression:
        return self._joined("OR", depth)

    def _joined(self, word: Literal["AND", "OR"], depth: int) -> Expression:
        parts: list[Expression] = []
        while True:
            part = self._joined("AND", depth) if word == "OR" else self._one(depth)
            # A AND (B AND C) is A AND B AND C: nothing is lost, and equal terms are spelled equally.
            parts.extend(part.parts if isinstance(part, Terms) and part.word == word else (part,))
            if self.next().upper() != word:
                break
            self._at += 1
        return parts[0] if len(parts) == 1 else Terms(word=word, parts=tuple(parts))

    def _one(self, depth: int) -> Expression:
        word = self.next()
        self._at += 1
        if word == "(":
            if depth >= MAX_DEPTH:
                raise LicenceError(f"the licence expression is nested deeper than {MAX_DEPTH} levels")
            inner = self.either(depth + 1)
            if self.next() != ")":
                raise LicenceError("a bracket of the licence expression is not closed")
            self._at += 1
            return inner
        if not word or word == ")" or word.upper() in ("AND", "OR", "WITH"):
            raise LicenceError(f"a licence is missing before '{word}'" if word else "a licence is missing at the end")
        return self._licence(word)

    def _licence(self, word: str) -> Licence:
        name = _known(word)
        if self.next().upper() != "WITH":
            return Licence(name=name)
        self._at += 1
        exception = _exception(self.next())
        self._at += 1
        return Licence(name=name, exception=exception)


def _known(word: str) -> str:
    if _REFERENCE.fullmatch(word):
        return word
    plain = word.removesuffix("+")
    official = _official(plain) if _PLAIN.fullmatch(plain) else ""
    if not official:
        raise LicenceError(f"'{word[:60]}' is not on the SPDX licence list")
    return official + word[len(plain) :]


@lru_cache(maxsize=4096)
def _official(identifier: str) -> str:
    """One identifier in its official letters, empty when it is on no list."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if identifier.lower() in ("and", "or", "with") or identifier.lower().startswith("licenseref-"):
        return ""
    try:
        return str(canonicalize_license_expression(identifier))
    except InvalidLicenseExpression:
        return ""


@lru_cache(maxsize=512)
def _exception(word: str) -> str:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        if _PLAIN.fullmatch(word):
            return str(canonicalize_license_expression(f"MIT WITH {word}")).removeprefix("MIT WITH ")
    except InvalidLicenseExpression:
        pass
    raise LicenceError(f"'{word[:60]}' is not on the SPDX list of exceptions")
