"""ConanCenter: Conan 2's own order (docs.conan.io): like SemVer, with any number of parts, and letters in them.

Zeros at the end change nothing, a pre-release is below its release, and build metadata counts. Conan compares a number
with a word as text, which runs in a circle (``2 < 10 < 1k`` and ``1k < 2``); here a number is read off the word first.
"""

import re
from functools import lru_cache

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions._keys import Key, matched

_PART = "[0-9a-z_~]+"
_TAIL = "[0-9a-z_~-]+"
_VERSION = re.compile(rf"({_PART}(?:\.{_PART})*)(?:-({_TAIL}(?:\.{_TAIL})*))?(?:\+({_TAIL}(?:\.{_TAIL})*))?", re.ASCII)
_ITEM = re.compile(r"([0-9]*)(.*)", re.ASCII)


def _item(text: str) -> Key:
    match = _ITEM.fullmatch(text)
    digits, rest = match.groups() if match else ("", text)
    return (1, int(digits), rest) if digits else (2, 0, rest)


_ZERO = _item("0")


def _items(text: str) -> Key:
    items = [_item(part) for part in text.split(".")]
    while items and items[-1] == _ZERO:
        items.pop()
    return tuple(items)


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    main, pre, build = matched(_VERSION, version.lower(), "a Conan version").groups()
    if not re.search("[0-9]", main):
        raise VersionError("this Conan version has no number")
    return (
        _items(main),
        (0, _items(pre)) if pre else (1,),
        (1, _items(build)) if build else (0,),
    )


class ConanCenter:
    """The rules of Conan. Names are in small letters."""

    name = "ConanCenter"
    ecosystems = ("ConanCenter",)

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name.lower()


SCHEME = ConanCenter()
