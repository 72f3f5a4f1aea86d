"""What the schemes share: a bound on length, and how to write an order that pads with zeros as a plain tuple.

Keys are tuples so that Python compares and hashes them in C: a look-up compares a version with every event of every
advisory of its package.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from pavedroad.advisories.errors import VersionError

# No ecosystem publishes longer ones; node-semver refuses them as well. It keeps int() far from its quadratic corner.
MAX_LENGTH = 256

Key = tuple[Any, ...]
END: Key = (0,)
"""Where a version ends in a padded key."""


def matched(pattern: re.Pattern[str], version: str, what: str) -> re.Match[str]:
    """``version`` matched as a whole. Raises VersionError, saying that it is not ``what``."""
    match = pattern.fullmatch(version) if len(version) <= MAX_LENGTH else None
    if match is None:
        raise VersionError(f"this is not {what}")
    return match


def padded(items: Iterable[Any], zero: Any, below: Callable[[Any], bool]) -> Key:
    """A key that orders as if ``items`` went on with ``zero`` for ever; ``below`` tells items that come before zero.

    A run of zeros is written as its length in front of what ends it: what ends it decides on which side of END it is.
    """
    key: list[Key] = []
    zeros = 0
    for item in items:
        if item == zero:
            zeros += 1
            continue
        key.append((-1, zeros, item) if below(item) else (1, -zeros, item))
        zeros = 0
    return (*key, END)
