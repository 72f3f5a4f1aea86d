"""Conda: ``[epoch!]version[+local]`` as its package specification orders it (docs.conda.io, "Version ordering").

OSV has no such ecosystem; this is for records of other sources. Parts are numbers and words; ``dev`` is below any word,
a word below any number, ``post`` above everything. Missing parts are 0.
"""

import re
from functools import lru_cache

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions._keys import Key, matched, padded

_VERSION = re.compile(r"(?:([0-9]+)!)?([0-9a-z._*]+)(?:\+([0-9a-z._*]+))?", re.ASCII)
_RUN = re.compile(r"[0-9]+|[^0-9]+", re.ASCII)

# The kinds of run, lowest first. ``dev`` and ``post`` are words of their own.
_DEV, _WORD, _NUMBER, _POST = range(4)
_ZERO: Key = (_NUMBER, 0)


def _run(text: str) -> Key:
    if text.isdigit():
        return (_NUMBER, int(text))
    return {"dev": (_DEV,), "post": (_POST,)}.get(text, (_WORD, text))


def _below(run: Key) -> bool:
    return run < _ZERO


def _component(text: str) -> Key:
    """``1rc2`` is 1, rc, 2. A component that begins with a word has a 0 before it."""
    runs = [_run(run) for run in _RUN.findall(text)]
    if runs and runs[0][0] != _NUMBER:
        runs.insert(0, _ZERO)
    return padded(runs, _ZERO, _below)


_EMPTY = padded((), _ZERO, _below)


def _components(text: str) -> Key:
    # A final underscore is part of the last component: OpenSSL's 1.0.1_ comes before 1.0.1a.
    body = text[:-1].replace("_", ".") + "_" if text.endswith("_") else text.replace("_", ".")
    if ".." in f".{body}.":
        raise VersionError("a part of this Conda version is empty")
    return padded(map(_component, body.split(".")), _EMPTY, lambda component: component < _EMPTY)


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    text = version.strip().lower().replace("-", "_")
    epoch, main, local = matched(_VERSION, text, "a Conda version").groups()
    return int(epoch or 0), _components(main), _components(local or "0")


class Conda:
    """The rules of Conda. Names are in small letters."""

    name = "Conda"
    ecosystems = ("Conda",)

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name.lower()


SCHEME = Conda()
