"""Tolerant readers of JSON and XML that keep the offset of every value and never build a tree: broken files give what they
can, deep ones cost nothing, and entities of XML are never expanded."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.detectors._lines import Setting

MAX_DEPTH = 64
_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.){0,65536})"|([{}\[\]:,])|([^\s{}\[\]:,"]{1,4096})')
_TAG = re.compile(
    r"<(/?)([A-Za-z_][\w:.\-]{0,80})((?:\s+[\w:.\-]{1,80}\s*=\s*(?:\"[^\"<]{0,8192}\"|'[^'<]{0,8192}'))*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(r"([\w:.\-]{1,80})\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")


def json_values(text: str) -> Iterator[Setting]:
    """Every string or number with the dotted path of its keys in ``section`` and the last key in ``key``."""
    stack: list[str] = []
    key, awaited = "", False
    last: Setting | None = None
    for match in _TOKEN.finditer(text):
        mark = match[2]
        if mark is None:
            group = 1 if match[1] is not None else 3
            last = Setting(key, match[group], match.start(group), match.end(group), ".".join(stack), group == 1)
            if awaited:
                yield last
                last, awaited = None, False
        elif mark == ":":
            key, awaited, last = (last.value if last else key), True, None
        elif mark in "{[":
            stack.append(key)
            awaited, last = False, None
            if len(stack) > MAX_DEPTH:
                return
        else:
            if last:  # an element of a list: it goes by the list's key
                yield last
            last, awaited = None, False
            if mark != "," and stack:
                key = stack.pop()


def xml_values(text: str) -> Iterator[Setting]:
    """Element texts (key: the element) and attributes (key: ``element@attribute``), ``section`` is the path of elements."""
    stack: list[str] = []
    opened = -1
    for match in _TAG.finditer(text):
        name = match[2]
        if match[1]:
            if stack and stack[-1] == name:
                if opened >= 0:
                    yield from _element_text(text, name, opened, match.start(), stack)
                stack.pop()
            opened = -1
            continue
        for attribute in _ATTRIBUTE.finditer(match[3]):
            group = 2 if attribute[2] is not None else 3
            base = match.start(3)
            yield Setting(
                f"{name}@{attribute[1]}",
                attribute[group],
                base + attribute.start(group),
                base + attribute.end(group),
                "/".join(stack),
                True,
            )
        if not match[4]:
            if len(stack) < MAX_DEPTH:
                stack.append(name)
            opened = match.end()
        else:
            opened = -1


def _element_text(text: str, name: str, start: int, end: int, stack: list[str]) -> Iterator[Setting]:
    raw = text[start:end]
    if raw.startswith("<![CDATA[") and raw.endswith("]]>"):
        start, end = start + 9, end - 3
    value = text[start:end]
    low = start + len(value) - len(value.lstrip())
    high = low + len(value.strip())
    if low < high and "<" not in text[low:high]:
        yield Setting(name, text[low:high], low, high, "/".join(stack), True)


def attributes(text: str) -> Iterator[tuple[str, dict[str, tuple[str, int, int]]]]:
    """Each element with all its attributes: name -> (value, start, end)."""
    for match in _TAG.finditer(text):
        if match[1]:
            continue
        base, found = match.start(3), {}
        for attribute in _ATTRIBUTE.finditer(match[3]):
            group = 2 if attribute[2] is not None else 3
            found[attribute[1].lower()] = (attribute[group], base + attribute.start(group), base + attribute.end(group))
        yield match[2], found
