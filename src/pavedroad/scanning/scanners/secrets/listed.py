"""Several secrets in one stretch of text: the members of a list, and the rows of an SQL INSERT. Pure and linear."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.keys import promises_secret

MAX_MEMBERS = 100
_QUOTED = re.compile(rb"(?:\"([^\"\r\n]{1,512})\"|'([^'\r\n]{1,512})')(\s{0,8}(?::|=>))?")
# One value of a row, or a mark between values and rows. In the string of a program a quote has a backslash.
_PART = re.compile(
    rb"\\?'((?:[^'\\\r\n]|\\[^'\r\n]|''){0,512})\\?'|\\?\"([^\"\\\r\n]{0,512})\\?\"|([(),])|[^\s'\"(),\\]+|\\"
)

Span = tuple[int, int]


def members(content: bytes, start: int, end: int) -> Iterator[Span]:
    """The spans of the quoted values in ``content[start:end]``, without their quotes."""
    for count, match in enumerate(_QUOTED.finditer(content, start, end)):
        # With a colon or an arrow behind a member it is a mapping, whose names say more than that of the whole.
        if count >= MAX_MEMBERS or match[3] is not None:
            return
        yield match.span(1) if match[1] is not None else match.span(2)


def inserted(content: bytes, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """(column, span of its quoted value) for each column of ``(a, password) VALUES (1, 'x'), (2, 'y')`` that promises
    a secret; ``start`` is behind the first parenthesis."""
    close = content.find(b")", start, end)
    names = [part.strip(b" \t\r\n`\"'[]\\").decode("latin-1") for part in content[start:close].split(b",")]
    wanted = {at: name for at, name in enumerate(names) if promises_secret(name)}
    column = 0
    for match in _PART.finditer(content, content.find(b"(", close, end), end):
        if match[3] == b"(":
            column = 0
        elif match[3] == b",":
            column += 1
        elif column in wanted and (match[1] or match[2]):
            yield wanted[column], match.span(1) if match[1] is not None else match.span(2)
