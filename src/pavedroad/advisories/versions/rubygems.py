"""RubyGems: ``Gem::Version`` (guides.rubygems.org/patterns): numbers and words; a word makes a pre-release.

A word is below any number, and below the end. Zeros at the end, and before the first word, change nothing.
"""

import re
from functools import lru_cache

from pavedroad.advisories.versions._keys import Key, matched, padded

_VERSION = re.compile(r"[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?", re.ASCII)
_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+", re.ASCII)


def _is_word(segment: int | str) -> bool:
    return isinstance(segment, str)


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    text = matched(_VERSION, version.strip(), "a gem version").group().replace("-", ".pre.")
    segments: list[int | str] = [int(s) if s.isdigit() else s for s in _SEGMENT.findall(text)]
    words = next((at for at, segment in enumerate(segments) if _is_word(segment)), len(segments))
    numbers = segments[:words]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return padded(numbers + segments[words:], 0, _is_word)


class RubyGems:
    """The rules of RubyGems."""

    name = "RubyGems"
    ecosystems = ("RubyGems",)

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name


SCHEME = RubyGems()
