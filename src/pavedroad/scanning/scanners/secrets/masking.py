"""What may be shown of a secret, and of the line it stands on."""

import re
from collections.abc import Sequence

from pavedroad.scanning.scanners.secrets.text import line_bounds

STARS = "********"
SHOWN = 4
LONG = 16
MAX_SNIPPET = 200
_REACH = 160
_TOKEN = re.compile(r"[A-Za-z0-9+/_=\-.~%!$^&]{20,}")
_EDGE_LEFT = re.compile(r"^\S+")
_EDGE_RIGHT = re.compile(r"\S+$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MIXED = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])")


def masked(secret: bytes) -> str:
    """The first four characters of a secret of 16 or more, and eight stars: the length stays unknown."""
    text = secret.decode("utf-8", "replace")
    head = text[:SHOWN]
    # A head of four is shown only when it is plain: line breaks and controls would disturb terminals and formats.
    return head + STARS if len(text) >= LONG and head.isascii() and head.isprintable() else STARS


def line_of(content: bytes, start: int, hidden: Sequence[tuple[int, int, bytes]]) -> str:
    """The line around the byte offset ``start`` without any secret, at most 200 characters.

    ``hidden`` lists (start, end, secret) of everything to mask, wherever it is; long mixed tokens that nobody called a
    secret are masked too, and so are pieces cut off at either end: a half secret is a secret.
    """
    low, high, cut_left, cut_right = line_bounds(content, start, _REACH)
    parts, at = [], low
    for begin, end, secret in sorted((h for h in hidden if h[0] < high and h[1] > low), key=lambda h: (h[0], h[1])):
        if begin >= at:
            parts += [_plain(content[at:begin], cut_left and at == low, False), masked(secret)]
        at = max(at, end)
    parts.append(_plain(content[at:high], cut_left and at == low, cut_right) if at < high else "")
    return _forget("".join(parts), hidden).strip()[:MAX_SNIPPET]


def _plain(piece: bytes, cut_left: bool, cut_right: bool) -> str:
    text = _CONTROL.sub(" ", piece.decode("utf-8", "replace"))
    if cut_left:
        text = _EDGE_LEFT.sub("…", text)
    if cut_right:
        text = _EDGE_RIGHT.sub("…", text)
    return _TOKEN.sub(lambda m: STARS if _MIXED.match(m[0]) else m[0], text)


def _forget(text: str, hidden: Sequence[tuple[int, int, bytes]]) -> str:
    """A secret may stand a second time on the line, where nobody looked."""
    for value in {secret for _, _, secret in hidden if len(secret) >= SHOWN}:
        word = value.decode("utf-8", "replace")
        if word in text:
            text = text.replace(word, STARS)
    return text
