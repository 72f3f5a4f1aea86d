"""NuGet: SemVer 2.0 with an optional fourth number and labels that count in any letter case
(learn.microsoft.com/nuget/concepts/package-versioning). Leading zeros are dropped, missing numbers are 0."""

import re
from functools import lru_cache

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions._keys import Key, matched

_VERSION = re.compile(
    r"([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.([0-9]+))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
# NuGet keeps numbers in 32 bits: a larger part is no version, a larger label is a word.
_MAX_NUMBER = 2**31 - 1


def _label(text: str) -> Key:
    if _INTEGER.fullmatch(text) and -_MAX_NUMBER - 1 <= int(text) <= _MAX_NUMBER:
        return (0, int(text))
    return (1, text.upper())


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    *numbers, labels = matched(_VERSION, version.strip(), "a NuGet version").groups()
    parts = tuple(int(number or 0) for number in numbers)
    if max(parts) > _MAX_NUMBER:
        raise VersionError("a number of this NuGet version is too large")
    return (*parts, 0 if labels else 1, tuple(map(_label, labels.split("."))) if labels else ())


class NuGet:
    """The rules of NuGet. Ids count in any letter case."""

    name = "NuGet"
    ecosystems = ("NuGet",)

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name.lower()


SCHEME = NuGet()
