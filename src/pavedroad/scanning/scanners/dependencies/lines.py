"""Finds the line of an entry in a lock file: the libraries that read JSON and TOML do not say it."""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence

_PACKAGE = re.compile(r"^[ \t]*\[\[[ \t]*package[ \t]*\]\]", re.MULTILINE)
_NAME = re.compile(r"^[ \t]*name[ \t]*=", re.MULTILINE)
# Consumes every string once (possessive), so a hostile text costs linear time.
_JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*+:\s*+\{)?')


class Lines:
    """Offsets to line numbers, from 1."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, offset: int) -> int:
        return bisect_right(self._ends, offset - 1) + 1


def toml_package_lines(text: str, count: int) -> Sequence[int]:
    """The line of ``name =`` in each of ``count`` ``[[package]]`` tables, in order. All 0 when the text has another
    number of such headings (one may stand inside a string): no line is better than a wrong one."""
    starts = [match.end() for match in _PACKAGE.finditer(text)]
    if len(starts) != count or not count:
        return [0] * count
    lines = Lines(text)
    found = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        name = _NAME.search(text, start, end)
        found.append(lines.at(name.start() if name else start))
    return found


class JsonKeys:
    """Where the keys of a JSON text open objects, asked for in the order of the text."""

    def __init__(self, text: str) -> None:
        self._lines = Lines(text)
        self._at: dict[str, list[int]] = {}
        for match in _JSON_STRING.finditer(text):
            if match.group(2):
                self._at.setdefault(match.group(1), []).append(match.start())
        self._cursor = -1

    def first(self, key: str) -> int:
        """The line of the first such key; 0 when there is none."""
        places = self._at.get(_quoted(key))
        return self._lines.at(places[0]) if places else 0

    def after_last(self, key: str) -> int:
        """The line of the next such key after the one asked for before; 0 when there is none."""
        places = self._at.get(_quoted(key), [])
        index = bisect_right(places, self._cursor)
        if index == len(places):
            return 0
        self._cursor = places[index]
        return self._lines.at(self._cursor)


def _quoted(key: str) -> str:
    """As the lock file's tool writes it."""
    return json.dumps(key, ensure_ascii=False)[1:-1]
