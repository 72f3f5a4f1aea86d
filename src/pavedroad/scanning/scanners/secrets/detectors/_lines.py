"""Readers of line-shaped formats: tolerant, linear, with an offset for every value."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.model import Candidate

MAX_LINE = 8192
MAX_LINES = 400_000


class Line(NamedTuple):
    """One line without its end; ``start`` is the offset of its first character."""

    start: int
    text: str


class Setting(NamedTuple):
    """A name and its value; ``start``/``end`` enclose the value without quotes. ``section`` as in INI, or a dotted path."""

    key: str
    value: str
    start: int
    end: int
    section: str = ""
    quoted: bool = False


def lines(text: str) -> Iterator[Line]:
    """The lines, those over 8 KiB left out (no configuration has them), at most 400 000."""
    at = 0
    for _ in range(MAX_LINES):
        if at >= len(text):
            return
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - at <= MAX_LINE:
            yield Line(at, text[at:end].rstrip("\r"))
        at = end + 1


_SETTING = re.compile(
    r"^\s*(?:-\s+)?(?:export\s+|set\s+|setx\s+|declare\s+-x\s+|env\s+)?[\"']?([\w.\-\[\]/@:]*[\w\]])[\"']?\s*(?:=>|:=|\+=|=|:)[ \t]*(.*)$"
)
_SECTION = re.compile(r"^\s*\[+\s*([^\]\r\n]{0,200})\]")
_COMMENT = re.compile(r"^\s*(?:#|;|//\s|--\s|!|rem\s)", re.IGNORECASE)


def settings(text: str, *, comments: bool = False) -> Iterator[Setting]:
    """``name = value`` and ``name: value`` of env files, INI, properties and flat YAML. With ``comments``, commented lines too:
    a secret that was commented out is still in the file."""
    section = ""
    for line in lines(text):
        body, start = line.text, line.start
        if header := _SECTION.match(body):
            section = header[1].strip()
            continue
        if _COMMENT.match(body):
            if not comments:
                continue
            cut = len(body) - len(body.lstrip(" \t#;/!"))
            body, start = body[cut:], start + cut
        match = _SETTING.match(body)
        if match:
            low, high, quoted = unquote(body, match.start(2), len(body))
            if high > low:
                yield Setting(match[1], body[low:high], start + low, start + high, section, quoted)


def unquote(body: str, low: int, high: int) -> tuple[int, int, bool]:
    """The span of a value inside body[low:high] without quotes, trailing comment, comma or semicolon."""
    while low < high and body[low] in " \t":
        low += 1
    if low < high and body[low] in "\"'`":
        end = body.find(body[low], low + 1, high)
        while end > 0 and body[end - 1] == "\\":
            end = body.find(body[low], end + 1, high)
        if end > 0:
            return low + 1, end, True
    for mark in (" #", "\t#", " //", " ;"):
        found = body.find(mark, low, high)
        high = found if found >= 0 else high
    while high > low and body[high - 1] in " \t,;":
        high -= 1
    return low, high, False


class Spec(NamedTuple):
    """What a detector says of the candidates it makes."""

    witness: str
    type: str
    why: str
    confidence: Confidence = Confidence.HIGH


def candidate(
    spec: Spec, text: str, start: int, end: int, key: str = "", *, secret: bytes | None = None, quoted: bool = False
) -> Candidate:
    """A candidate for text[start:end]; ``secret`` is given where the text is a coded form of it."""
    return Candidate(
        start=start,
        end=end,
        secret=text[start:end].encode("latin-1") if secret is None else secret,
        type=spec.type,
        confidence=spec.confidence,
        witness=spec.witness,
        why=spec.why,
        key=key,
        quoted=quoted,
    )


def named(spec: Spec, text: str, found: Iterator[Setting], wanted: Callable[[Setting], bool]) -> Iterator[Candidate]:
    """Candidates of the settings that are wanted."""
    for setting in found:
        if wanted(setting):
            yield candidate(spec, text, setting.start, setting.end, setting.key, quoted=setting.quoted)


def basename(path: str) -> str:
    """The file's name in lower case."""
    return path.rpartition("/")[2].lower()
