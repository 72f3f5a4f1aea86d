"""Installed Python packages: ``*.dist-info/METADATA`` and ``*.egg-info/PKG-INFO`` (packaging.python.org, core
metadata). What an image or a virtual environment really holds."""

from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source

MAX_HEADER_LINES = 20_000


def _matches(path: str) -> bool:
    folder, _, base = path.rpartition("/")
    return (base == "METADATA" and folder.endswith(".dist-info")) or (
        base == "PKG-INFO" and folder.endswith((".egg-info", "EGG-INFO"))
    )


def _read(source: Source) -> Iterator[Package | None]:
    headers = list(_headers(source.text))
    first = {name: value for name, value, _ in reversed(headers)}
    line = next((number for name, _, number in headers if name == "name"), 0)
    # The installer marks what somebody asked for (PEP 376); that a mark is absent says nothing of older installers.
    direct = True if source.has("REQUESTED") else None
    yield source.package(first.get("name"), first.get("version"), line, direct=direct, licenses=_licenses(headers))


def _headers(text: str) -> Iterator[tuple[str, str, int]]:
    """Name in lower case, value and line of each header, up to the empty line before the description."""
    for number, line in enumerate(text.split("\n", MAX_HEADER_LINES)[:MAX_HEADER_LINES], 1):
        if not line.strip():
            return
        name, colon, value = line.partition(":")
        if colon and not line[0].isspace():
            yield name.strip().lower(), value.strip(), number


def _licenses(headers: list[tuple[str, str, int]]) -> tuple[str, ...]:
    """The expression; else what the classifiers say, which is checked by the index; else the free text."""
    for wanted in ("license-expression", "classifier", "license"):
        found = [value for name, value, _ in headers if name == wanted]
        if wanted == "classifier":
            found = [value.rpartition("::")[2].strip() for value in found if value.startswith("License ::")]
            found = [value for value in found if value not in ("OSI Approved", "License")]
        usable = [text for text in map(read.usable, found) if text and text.upper() != "UNKNOWN"]
        if usable:
            return tuple(dict.fromkeys(usable[:20]))
    return ()


PARSER = Format(
    "dist-info",
    "*.dist-info/METADATA, *.egg-info/PKG-INFO",
    "PyPI",
    _read,
    files=("metadata", "pkg-info"),
    matches=_matches,
    companions=("requested",),
)
