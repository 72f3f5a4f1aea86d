"""Content as the scanner sees it: one encoding, byte offsets, and lines and columns counted in one pass."""

import codecs
import re
from collections.abc import Iterable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How a line of comment begins in some language, or of a session that a manual shows.
_COMMENT = re.compile(
    rb"\s{0,200}(?:#(?!\s?define)|//|/\*|\*(?!\w)|--(?=[\s!])|;|<!--|%%|'|!(?!\w)|>>>|(?i:rem|dnl)\s)"
)
_CONTINUATION = bytes(range(0x80, 0xC0))


def normalise(content: bytes) -> bytes:
    """The content as UTF-8 without byte order mark. Bytes that are no text in any of the encodings stay as they are."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            recoded = _recode(content[len(mark) :], encoding)
            # The mark goes in any case, or the engine would take the rest for this encoding.
            return b" " * len(mark) + content[len(mark) :] if recoded is None else recoded
    guess = _wide(content[:512])
    return (_recode(content, guess) if guess else None) or content


def _recode(content: bytes, encoding: str) -> bytes | None:
    """As UTF-8, or None when it is not really this encoding: a program may begin with the same bytes as a mark."""
    if encoding == "utf-8":
        return content
    text = content.decode(encoding, "replace")
    return None if text.count("\ufffd") > len(text) // 100 else text.encode("utf-8", "replace")


def _wide(head: bytes) -> str:
    """UTF-16 without a mark, as Windows programs write it: every other byte of mostly Latin text is zero."""
    if len(head) < 8 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def places(content: bytes, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Line and column, both from 1, of each byte offset; columns count code points.

    One pass over the content however many offsets there are: a line of 25 MB costs no more than many short ones.
    """
    found: dict[int, tuple[int, int]] = {}
    at, line, column = 0, 1, 1
    for offset in sorted(set(offsets)):
        stretch = content[at:offset]
        breaks = stretch.count(b"\n")
        if breaks:
            line += breaks
            column = 1
            stretch = stretch[stretch.rfind(b"\n") + 1 :]
        column += len(stretch.translate(None, _CONTINUATION))
        at = offset
        found[offset] = (line, column)
    return found


def line_bounds(content: bytes, offset: int, reach: int) -> tuple[int, int, bool, bool]:
    """Start and end of the line around ``offset``, at most ``reach`` bytes either side; whether each side was cut."""
    low = max(0, offset - reach)
    start = content.rfind(b"\n", low, offset) + 1
    cut_left = start == 0 and low > 0
    start = start or low
    high = min(len(content), offset + reach)
    end = content.find(b"\n", offset, high)
    cut_right = end < 0 and high < len(content)
    return start, high if end < 0 else end, cut_left, cut_right


def commented(content: bytes, offset: int) -> bool:
    """Whether the line of ``offset`` begins as a comment does."""
    start = content.rfind(b"\n", max(0, offset - 4096), offset) + 1
    return (start > 0 or offset <= 4096) and _COMMENT.match(content, start, offset) is not None
