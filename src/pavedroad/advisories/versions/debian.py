"""Debian and Ubuntu: ``[epoch:]upstream[-revision]`` in the order of deb-version(7).

Letters come before other characters, ``~`` before everything, even before the end. A missing epoch or revision is 0.
"""

import re
from functools import lru_cache

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions._keys import Key, matched

_VERSION = re.compile(r"(?:([0-9]{1,10}):)?([0-9A-Za-z.+:~-]*?)(?:-([0-9A-Za-z.+~]+))?", re.ASCII)
_PARTS = re.compile(r"([^0-9]*)([0-9]*)", re.ASCII)


def _weight(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


def _part(text: str) -> Key:
    """Pairs of a text and a number, the last one empty. A text ends with 0, between ``~`` and the letters."""
    return tuple(((*map(_weight, letters), 0), int(digits or 0)) for letters, digits in _PARTS.findall(text))


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    match = matched(_VERSION, version, "a Debian version")
    epoch, upstream, revision = match.groups()
    if not upstream or (revision is None and "-" in upstream) or (epoch is None and ":" in upstream):
        raise VersionError("a part of this Debian version is empty, or its epoch is not a number")
    return int(epoch or 0), _part(upstream), _part(revision or "0")


class Debian:
    """The rules of dpkg. Names are those of source packages, in small letters by policy."""

    name = "Debian"
    ecosystems = ("Debian", "Ubuntu", "Echo")

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name


SCHEME = Debian()
