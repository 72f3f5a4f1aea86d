"""PyPI: PEP 440 order through ``packaging``, names normalised by PEP 503."""

from functools import lru_cache

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions._keys import MAX_LENGTH


@lru_cache(maxsize=65536)
def _version(text: str) -> Version:
    if len(text) > MAX_LENGTH:
        raise VersionError("this version is too long")
    try:
        return Version(text)
    except InvalidVersion as error:
        raise VersionError("this is not a PEP 440 version") from error


class PyPI:
    """The rules of PyPI."""

    name = "PyPI"
    ecosystems = ("PyPI",)

    def key(self, version: str) -> Version:
        return _version(version)

    def package(self, name: str) -> str:
        return canonicalize_name(name)


SCHEME = PyPI()
