"""Makes text from a stranger's repository harmless to look at. Every format uses it; none writes such text as it came.

File names, snippets and messages may hold terminal escapes, line breaks, characters that reverse the reading direction
(CVE-2021-42574) or that cannot be seen at all. They are shown as escapes: what a person reads is what is there.
"""

import re
import unicodedata
from typing import Any
from urllib.parse import quote, urlsplit

# Controls (C0, DEL, C1), soft hyphen, combining grapheme joiner, directional marks, fillers that look like nothing,
# zero-width characters, line and paragraph separators, interlinear marks, non-characters, lone surrogates, variation
# selectors (all but VS16, which every emoji uses) and the tag block.
UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
UNSEEN_IN_BLOCK = UNSEEN.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f")  # all but tab and line feed
_HOSTILE = re.compile(f"[{UNSEEN}]")
_HOSTILE_IN_BLOCK = re.compile(f"[{UNSEEN_IN_BLOCK}]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\r\n]+")
_URI_SAFE = "/-._~!$&'()*+,;=@"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    named = {9: "\\t", 10: "\\n", 13: "\\r"}.get(code)
    if named:
        return named
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not UTF-8, as Python smuggles it through file names
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def line(text: str, limit: int = 0) -> str:
    """One harmless line: every control and unseen character becomes an escape such as ``\\x1b`` or ``\\u202e``.

    At most ``limit`` characters when ``limit`` is not 0; a cut is marked with an ellipsis.
    """
    return shorten(_HOSTILE.sub(_escape, _cut(text, limit)), limit)


def block(text: str, limit: int = 0) -> str:
    """Harmless text that keeps its line breaks and tabs; ``limit`` as for :func:`line`."""
    whole = _cut(text, limit).replace("\r\n", "\n")
    return shorten(_HOSTILE_IN_BLOCK.sub(_escape, whole), limit)


def prose(text: str, limit: int = 0) -> str:
    """A sentence on one line: runs of white space become one space, the rest as in :func:`line`."""
    return line(_SPACES.sub(" ", _cut(text, limit)).strip(), limit)


def _cut(text: str, limit: int) -> str:
    """Cheap first cut, so that a huge hostile text is never escaped whole; leaves one more for the ellipsis to show."""
    return text[: limit + 1] if limit else text


def shorten(text: str, limit: int) -> str:
    """``text``, cut to ``limit`` characters with an ellipsis at the end; 0 means no limit."""
    if not limit or len(text) <= limit:
        return text
    return text[: limit - 1] + "…"


def columns(text: str) -> int:
    """How many terminal columns ``text`` takes: wide characters count 2, combining ones 0."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def fit(text: str, width: int) -> str:
    """``text``, cut to ``width`` terminal columns with an ellipsis at the end."""
    if columns(text) <= width:
        return text
    taken = used = 0
    for char in text:
        used += columns(char)
        if used > width - 1:
            break
        taken += 1
    return text[:taken] + "…"


def wrap(text: str, width: int) -> list[str]:
    """``text`` broken at spaces into lines of at most ``width`` terminal columns (at least 8); longer words are cut."""
    width = max(width, 8)
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        candidate = f"{current} {word}" if current else word
        if columns(candidate) <= width:
            current = candidate
            continue
        if current:
            lines.append(current)
        *full, current = _pieces(word, width)
        lines += full
    return [*lines, current] if current or not lines else lines


def _pieces(word: str, width: int) -> list[str]:
    pieces, start, used = [], 0, 0
    for index, char in enumerate(word):
        size = columns(char)
        if used + size > width:
            pieces.append(word[start:index])
            start, used = index, 0
        used += size
    return [*pieces, word[start:]]


def web_url(url: str) -> str:
    """``url`` when it is a plain http or https address that is safe to make a link of, else an empty text."""
    if len(url) > 2000 or not url.isascii() or _HOSTILE.search(url) or any(c in url for c in " \"'<>\\`{}|^"):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else ""


def relative_uri(path: str) -> str:
    """A relative URI reference (RFC 3986) for a path in the tree: percent-encoded, never absolute, never climbing out.

    ``\\xNN`` in ``path`` (see ``core.location``) stays what it reads as, with its backslash encoded.
    """
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    raw = "/".join(parts).encode("utf-8", "surrogateescape" if _only_smuggled(path) else "replace")
    return quote(raw, safe=_URI_SAFE) or "unknown"


def _only_smuggled(path: str) -> bool:
    return all(0xDC80 <= ord(char) <= 0xDCFF for char in path if 0xD800 <= ord(char) <= 0xDFFF)


def count(number: int, one: str, many: str = "") -> str:
    """``1 finding``, ``2,400 findings``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def without_surrogates(document: Any) -> Any:
    """A copy of builtin data in which lone surrogates, which UTF-8 cannot hold, are written as escapes."""
    if isinstance(document, str):
        return _SURROGATE.sub(_escape, document)
    if isinstance(document, dict):
        return {without_surrogates(key): without_surrogates(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [without_surrogates(value) for value in document]
    return document
