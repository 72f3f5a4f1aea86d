"""Semantic Versioning 2.0.0 precedence (semver.org, section 11), shared by npm, crates.io and Go."""

import re
from functools import lru_cache

from pavedroad.advisories.errors import VersionError

# node-semver refuses longer texts as well; it also keeps int() far from its quadratic corner.
MAX_LENGTH = 256

_PATTERN = re.compile(
    r"([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)

Identifier = tuple[int, int, str]
SemverKey = tuple[int, int, int, int, tuple[Identifier, ...]]


def _identifier(text: str) -> Identifier:
    """Numeric identifiers order by value and come before alphanumeric ones, which order as ASCII (section 11.4)."""
    return (0, int(text), "") if text.isdigit() else (1, 0, text)


@lru_cache(maxsize=65536)
def semver_key(version: str) -> SemverKey:
    """The precedence of ``version``: build metadata ignored, a pre-release below its release, missing parts read as 0
    (advisories write ``2`` or ``2.1``). Raises VersionError."""
    match = _PATTERN.fullmatch(version) if len(version) <= MAX_LENGTH else None
    if match is None:
        raise VersionError("this is not a semantic version")
    major, minor, patch, pre = match.groups()
    identifiers = tuple(_identifier(part) for part in pre.split(".")) if pre else ()
    return (int(major), int(minor or 0), int(patch or 0), 0 if pre else 1, identifiers)
