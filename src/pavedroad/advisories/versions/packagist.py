"""Packagist: Composer's normal form (getcomposer.org/doc/articles/versions.md), in the order of ``version_compare``.

``dev`` < ``alpha`` < ``beta`` < ``RC`` < the release < ``patch``. A branch with a number (``1.x-dev``) is above every
release of its line. Other branches (``dev-main``) have no place in the order: for them the answer is "cannot tell".
"""

import re
from functools import lru_cache

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions._keys import MAX_LENGTH, Key

_MODIFIER = r"[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?[0-9]+)*+)?)?([.-]?dev)?"
_NUMBERS = r"v?([0-9]{1,5}+(?:\.[0-9]++){0,3})"
_RELEASE = re.compile(_NUMBERS + _MODIFIER, re.ASCII | re.IGNORECASE)
_DATES = r"v?([0-9]{4}(?:[.:-]?[0-9]{2}){1,6}(?:[.:-]?[0-9]{1,3}){0,2})"
_DATE = re.compile(_DATES + _MODIFIER, re.ASCII | re.IGNORECASE)
_BRANCH = re.compile(r"v?([0-9]+(?:\.(?:[0-9]+|[xX*])){0,3})[.-]?dev", re.ASCII | re.IGNORECASE)
_FLAG = re.compile(r"@(?:stable|rc|beta|alpha|dev)$", re.ASCII | re.IGNORECASE)
_BUILD = re.compile(r"([!-*.-~-]+)\+[!-~]+", re.ASCII)

# Composer writes this number for the ``x`` of a branch.
_ANY = 9999999

_WORDS = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "rc": 3, "p": 6, "pl": 6, "patch": 6}
_END, _NUMBER = (4,), 5


def _digits(text: str) -> list[Key]:
    return [(_NUMBER, int(number)) for number in re.findall("[0-9]+", text)]


def _four(parts: list[Key], filler: int) -> list[Key]:
    return parts + [(_NUMBER, filler)] * (4 - len(parts))


def _branch(text: str) -> Key:
    match = _BRANCH.fullmatch(text)
    if match is None:
        raise VersionError("this is not a version, or a branch that has no place among versions")
    parts = re.sub("[xX*]", str(_ANY), match.group(1))
    return (*_four(_digits(parts), _ANY), (_WORDS["dev"],), _END)


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    if len(version) > MAX_LENGTH:
        raise VersionError("this version is too long")
    text = _FLAG.sub("", version.strip())
    if build := _BUILD.fullmatch(text):
        text = build.group(1)
    match = _RELEASE.fullmatch(text)
    dated = None if match else _DATE.fullmatch(text)
    found = match or dated
    if found is None:
        return _branch(text)
    numbers, word, count, dev = found.groups()
    key = _digits(numbers) if dated else _four(_digits(numbers), 0)
    if word and word.lower() != "stable":
        key += [(_WORDS[word.lower()],), *_digits(count or "")]
    if dev and (word or "").lower() != "stable":
        key.append((_WORDS["dev"],))
    return (*key, _END)


class Packagist:
    """The rules of Composer. Names are in small letters."""

    name = "Packagist"
    ecosystems = ("Packagist",)

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name.lower()


SCHEME = Packagist()
