"""Maven: ``ComparableVersion`` of Maven 3.9 (maven.apache.org/pom.html#version-order-specification).

A version is a chain of lists: ``-`` and each change between digits and letters begin a new one. Zeros and words that
mean "release" at the end of a list say nothing. The key is that chain, flat. An item weighs by its kind and by the side
of the end it is on: the end of a version equals an endless row of zeros.

Where Maven's own order runs in a circle (``1 < 1-1 < 1.0.beta.1 < 1``), the side of the end decides.
"""

import re
from functools import lru_cache

from pavedroad.advisories.versions._keys import END, Key, matched

_VERSION = re.compile(r"[!-~]+", re.ASCII)
_PIECE = re.compile(r"[.-]|[0-9]+|[^0-9.-]+", re.ASCII)

# comparableQualifier orders these, then every other word by its letters.
_QUALIFIERS = {"alpha": 0, "beta": 1, "milestone": 2, "rc": 3, "cr": 3, "snapshot": 4, "sp": 6}
_RELEASE = ("", "ga", "final", "release")
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
_OTHER = 7

_LIST = None
Item = int | str | None
"""A number, a word (empty for a release), or the beginning of a list."""

_WORD_BELOW, _LIST_BELOW, _ZERO_BELOW, _NOTHING, _WORD_ABOVE, _LIST_ABOVE, _NUMBER = -3, -2, -1, 0, 1, 2, 3


def _items(version: str) -> list[Item]:
    """The chain. A word right before digits, or at the end, begins a list of its own unless nothing is before it."""
    items: list[Item] = []
    pieces = _PIECE.findall(version)
    fresh, separated = True, True
    for at, piece in enumerate(pieces):
        following = pieces[at + 1] if at + 1 < len(pieces) else ""
        if piece in ".-":
            if separated:
                items.append(0)
            if piece == "-":
                items.append(_LIST)
            fresh, separated = piece == "-", True
            continue
        if piece.isdigit():
            items.append(int(piece))
            if following and following not in ".-":
                items.append(_LIST)
        else:
            if following not in (".", "-") and not (fresh or items[-1:] == [_LIST]) and items:
                items.append(_LIST)
            items.append(_word(piece, before_digit=following.isdigit()))
            if following.isdigit():
                items.append(_LIST)
        fresh, separated = False, False
    return items


def _word(text: str, *, before_digit: bool) -> str:
    full = _SHORT.get(text, text) if before_digit else text
    return "" if full in _RELEASE else full


def _trimmed(items: list[Item]) -> list[Item]:
    """Without what says nothing at the end of each list, from the last item to the first."""
    kept: list[Item] = []
    at_end = True
    for item in reversed(items):
        if item is _LIST:
            at_end = True
            if kept:
                kept.append(item)
        elif not (at_end and item in (0, "")):
            at_end = False
            kept.append(item)
    return kept


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    text = matched(_VERSION, version, "a Maven version").group().lower()
    key: list[Key] = [END]
    side = 0
    for item in _trimmed(_items(text)):
        weight, side = _weight(item, side)
        if side:
            key.append(weight)
    return tuple(reversed(key))


def _weight(item: Item, side: int) -> tuple[Key, int]:
    """The item's place at its position, and on which side of the end the version is from here on. ``side`` is that of
    what follows the item."""
    if item is _LIST:
        return (_LIST_ABOVE,) if side > 0 else (_LIST_BELOW,), side
    if item == "":
        return (_NOTHING, side), side
    if isinstance(item, int):
        if item or side > 0:
            return (_NUMBER, item), 1
        return (_ZERO_BELOW,), side
    rank = _QUALIFIERS.get(item, _OTHER)
    return (_WORD_BELOW if rank < 5 else _WORD_ABOVE, rank, item if rank == _OTHER else ""), -1 if rank < 5 else 1


class Maven:
    """The rules of Maven. Names are ``group:artifact``, case-sensitive."""

    name = "Maven"
    ecosystems = ("Maven",)

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name


SCHEME = Maven()
