"""Alpine and other apk distributions: ``1.2.3a_rc1_p2~hash-r4`` in the order of apk-tools 3 (apk-package(5)).

Where two versions part, one that goes on is above one that ends, except for the suffixes of a pre-release. A number
with a leading zero that is not the first one is compared as text, before those without.
"""

import re
from functools import lru_cache

from pavedroad.advisories.versions._keys import Key, matched

_BEFORE = ("alpha", "beta", "pre", "rc")
_AFTER = ("cvs", "svn", "git", "hg", "p")
_VERSION = re.compile(
    r"([0-9]+)((?:\.[0-9]+)*)([a-z]?)"
    r"((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)"
    r"(?:~([0-9a-f]+))?(?:-r([0-9]+))?",
    re.ASCII,
)
_SUFFIX = re.compile(r"_([a-z]+)([0-9]*)", re.ASCII)

# What may stand at one place, lowest first: apk compares the kind of token where the values do not decide.
_PRE, _END, _REVISION, _HASH, _SUFFIX_NUMBER, _POST, _LETTER, _NUMBER = range(8)


def _number(text: str) -> Key:
    return (_NUMBER, 0, text) if text.startswith("0") else (_NUMBER, 1, int(text))


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    first, more, letter, suffixes, commit, revision = matched(_VERSION, version, "an apk version").groups()
    key: list[Key] = [(_NUMBER, 1, int(first)), *map(_number, more.split(".")[1:])]
    if letter:
        key.append((_LETTER, letter))
    for word, number in _SUFFIX.findall(suffixes):
        key.append((_PRE, _BEFORE.index(word)) if word in _BEFORE else (_POST, _AFTER.index(word)))
        if number:
            key.append((_SUFFIX_NUMBER, int(number)))
    if commit:
        key.append((_HASH, commit))
    if revision:
        key.append((_REVISION, int(revision)))
    return (*key, (_END,))


class Alpine:
    """The rules of apk."""

    name = "Alpine"
    ecosystems = (
        "Alpaquita",
        "Alpine",
        "BellSoft Hardened Containers",
        "Chainguard",
        "CleanStart",
        "MinimOS",
        "Wolfi",
    )

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name


SCHEME = Alpine()
