"""Semantic Versioning 2.0.0 precedence (semver.org, section 11), shared by all ecosystems that follow it."""

import re
from functools import lru_cache

from pavedroad.advisories.versions._keys import matched

_PATTERN = re.compile(
    r"([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)

Identifier = tuple[int, int, str]
SemverKey = tuple[int, int, int, int, tuple[Identifier, ...]]


def _identifiers(text: str) -> tuple[Identifier, ...]:
    """Numeric identifiers order by value and come before alphanumeric ones, which order as ASCII (section 11.4)."""
    parts = text.split(".") if text else ()
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


@lru_cache(maxsize=65536)
def semver_key(version: str) -> SemverKey:
    """The precedence of ``version``: build metadata ignored, a pre-release below its release, missing parts read as 0
    (advisories write ``2`` or ``2.1``). Raises VersionError."""
    return _key(version)[0]


@lru_cache(maxsize=65536)
def semver_build_key(version: str) -> tuple[SemverKey, tuple[Identifier, ...]]:
    """Like :func:`semver_key`, but of equal versions one without build metadata is lower, and others order by it as
    pre-releases do. Raises VersionError."""
    return _key(version)


def _key(version: str) -> tuple[SemverKey, tuple[Identifier, ...]]:
    major, minor, patch, pre, build = matched(_PATTERN, version, "a semantic version").groups()
    core = (int(major), int(minor or 0), int(patch or 0), 0 if pre else 1)
    return (*core, _identifiers(pre)), _identifiers(build)
