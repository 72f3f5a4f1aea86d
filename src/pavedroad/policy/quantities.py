"""Sizes and ages as people write them: ``25MiB``, ``7d``."""

import re

_SIZE = re.compile(r"(\d{1,15}) ?(B|KB|MB|GB|KiB|MiB|GiB)?", re.ASCII)
_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_AGE = re.compile(r"(\d{1,5}) ?([dw])", re.ASCII)

# The biggest file a scanner worker is ever shown; beyond it one file alone could fill a scanner's memory.
MAX_SIZE = 4 << 30


def parse_size(text: str) -> int:
    """Bytes of a size such as ``25MiB``, ``500 KB`` or ``1000``. Raises ValueError, in words, for anything else."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError("a size is a whole number with a unit, such as 25MiB or 500KB")
    size = int(match[1]) * _UNITS[match[2] or "B"]
    if not 1 <= size <= MAX_SIZE:
        raise ValueError("a size lies between 1 byte and 4GiB")
    return size


def parse_age(text: str) -> int:
    """Days of an age such as ``7d`` or ``2w``. Raises ValueError, in words, for anything else."""
    match = _AGE.fullmatch(text)
    if match is None:
        raise ValueError("an age is a whole number of days or weeks, such as 7d or 2w")
    return int(match[1]) * (7 if match[2] == "w" else 1)
