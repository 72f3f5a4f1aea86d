"""Ecosystems whose versions are lists of numbers: CRAN, Bioconductor, Hackage and GHC.

R's ``package_version`` separates by ``.`` or ``-``, Haskell's ``Data.Version`` (the PVP, pvp.haskell.org) by ``.``.
Both compare number by number, and of two lists the one that goes on is above: ``1.0`` is below ``1.0.0``.
"""

import re
from functools import lru_cache

from pavedroad.advisories.versions._keys import matched

_VERSION = re.compile(r"[0-9]+(?:[.-][0-9]+)*", re.ASCII)
_SEPARATOR = re.compile(r"[.-]")


@lru_cache(maxsize=65536)
def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, _SEPARATOR.split(matched(_VERSION, version, "a list of numbers").group())))


class Numbers:
    """Numbers, one after the other. Names are case-sensitive."""

    name = "numbers"
    ecosystems = ("CRAN", "Bioconductor", "Hackage", "GHC")

    def key(self, version: str) -> tuple[int, ...]:
        return _key(version)

    def package(self, name: str) -> str:
        return name


SCHEME = Numbers()
