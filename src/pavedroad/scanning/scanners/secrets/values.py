"""The shape of a value: how random, how wordy. Pure functions of the text."""

import itertools
import math
import re
from collections import Counter

_HEX = re.compile(r"^[0-9a-fA-F]+$")
_PIECES = re.compile(r"[A-Za-z]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_VOWELS = frozenset("aeiouyAEIOUY")


def entropy(text: str) -> float:
    """Shannon entropy in bits per character; 0.0 for the empty text."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def classes(text: str) -> int:
    """How many of the four kinds of character occur: lower case, upper case, digits, others."""
    return (
        any(c.islower() for c in text)
        + any(c.isupper() for c in text)
        + any(c.isdigit() for c in text)
        + any(not c.isalnum() for c in text)
    )


def _kind(char: str) -> int:
    return 0 if char.islower() else 1 if char.isupper() else 2 if char.isdigit() else 3


def jumps(text: str) -> float:
    """The share of neighbours of different kind: near 0.6 for random letters and digits, below 0.3 for identifiers."""
    return sum(_kind(a) != _kind(b) for a, b in itertools.pairwise(text)) / max(1, len(text) - 1)


def random_token(text: str) -> bool:
    """Whether this looks drawn by a machine: 16 or more characters without a word in them."""
    if len(text) < 16 or any(c.isspace() for c in text):
        return False
    if _HEX.match(text):
        return entropy(text) >= 2.8 and any(c.isalpha() for c in text) and any(c.isdigit() for c in text)
    if entropy(text) < 3.4 or classes(text) < 2 or wordy(text):
        return False
    # Mostly small letters have few jumps; stretches that nobody can pronounce tell them from names.
    return jumps(text) >= 0.3 or (any(c.isdigit() for c in text) and any(map(_cluster, _PIECES.findall(text.lower()))))


def wordy(text: str) -> bool:
    """Whether most letters belong to stretches that read like words: three or more letters with a vowel in each."""
    letters = sum(c.isalpha() for c in text)
    read = 0
    for piece in _PIECES.findall(text):
        for part in _CAMEL.findall(piece):
            if len(part) >= 3 and _pronounceable(part):
                read += len(part)
    return letters > 0 and read / letters >= 0.7


def _pronounceable(part: str) -> bool:
    if len(part) <= 4:
        return any(c in _VOWELS for c in part)
    vowels = sum(c in _VOWELS for c in part) / len(part)
    return 0.2 <= vowels <= 0.65 and not _cluster(part)


def _cluster(part: str) -> bool:
    """Five consonants in a row occur in no English word that people use in code."""
    run = 0
    for char in part:
        run = 0 if char in _VOWELS else run + 1
        if run >= 5:
            return True
    return False


def prose(text: str) -> bool:
    """Whether this is a sentence: four or more words, or letters of a script that no password field takes."""
    words = text.split()
    plain = sum(word.strip("'\u2019\".,;:!?()").isalpha() for word in words)
    letters = [c for c in text if c.isalpha()]
    foreign = sum(ord(c) > 0x2E7F for c in letters)
    return (len(words) >= 4 and plain >= len(words) - 1) or (bool(letters) and foreign / len(letters) >= 0.3)


def mixed(text: str) -> bool:
    """Whether letters and digits are mixed as in no plain name: 12 or more characters, both cases or many digits."""
    if not 12 <= len(text) <= 128 or " " in text or classes(text) < 3:
        return False
    digits = sum(c.isdigit() for c in text)
    both = any(c.islower() for c in text) and any(c.isupper() for c in text)
    return digits >= 4 or (digits >= 2 and both)


def password_like(text: str) -> bool:
    """Whether a person or a generator could have chosen this as a password: 8 or more, mixed, no white space."""
    if not 8 <= len(text) <= 128 or any(c.isspace() for c in text):
        return False
    return classes(text) >= 3 or (classes(text) == 2 and any(c.isdigit() for c in text) and not wordy(text))
