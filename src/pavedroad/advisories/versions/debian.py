"""Debian and Ubuntu: ``[epoch:]upstream[-revision]`` in the order of deb-version(7).

Letters come before other characters, ``~`` before everything, even before the end. A missing epoch or revision is 0.
"""

import re
from functools import lru_cache

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions._keys import Key, matched

_VERSION = re.compile(r"(?:([0-9]{1,10}):)?([0-9A-Za-z.+:~-]*?)(?:-([0-9A-Za-z.+~]+))?", re.ASCII)
_PARTS = re.compile(r"([^0-9]*)([0-9]*)", re.ASCII)


# Characters in their order as code points: ``~``, the end of a text, letters, the rest.
_END = "\x02"
_ORDER = str.maketrans({"~": "\x01", "+": "\u0100", "-": "\u0101", ".": "\u0102", ":": "\u0103"})


def _part(text: str) -> Key:
    """Pairs of a text and a number, the last one empty."""
    pairs = _PARTS.findall(text.translate(_ORDER))
    return tuple([(letters + _END, int(digits or 0)) for letters, digits in pairs])


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
