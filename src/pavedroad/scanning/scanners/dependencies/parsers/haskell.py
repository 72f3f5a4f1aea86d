"""``cabal.project.freeze`` and ``stack.yaml.lock`` (Haskell). A Stack snapshot is only named in its lock file: what it
brings is a gap."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.lines import Lines
from pavedroad.scanning.scanners.dependencies.model import Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, Format, Source

_PIN = re.compile(r"(?:any\.|[\s,:])([A-Za-z][A-Za-z0-9-]{0,200})\s{0,20}==\s{0,20}([0-9][0-9.]{0,100})", re.ASCII)
_HACKAGE = re.compile(r"([A-Za-z0-9-]{1,200})-([0-9][0-9.]{0,100})(?:@.*)?", re.ASCII)


def _read(source: Source) -> Iterator[Package | None]:
    if source.base == "stack.yaml.lock":
        yield from _stack(source)
        return
    lines = Lines(source.text)
    code = re.sub(r"(?m)^[ \t]*--.*$", lambda match: " " * len(match.group()), source.text)
    for match in _PIN.finditer(code):
        yield source.package(match.group(1), match.group(2), lines.at(match.start(1)))


def _stack(source: Source) -> Iterator[Package | None]:
    document = source.yaml()
    lines = source.lines(r"hackage:\s*([^\s@]+)")
    for entry in map(read.mapping, read.sequence(document.get("packages"))):
        completed = read.mapping(entry.get("completed"))
        text = completed.get("hackage")
        match = _HACKAGE.fullmatch(text) if isinstance(text, str) else None
        if match:
            yield source.package(match.group(1), match.group(2), lines.line(f"{match.group(1)}-{match.group(2)}"))
        else:
            source.gaps.add(BY_URL, shown(str(completed.get("name") or text)))
    for entry in map(read.mapping, read.sequence(document.get("snapshots"))):
        original = read.mapping(entry.get("original"))
        source.gaps.add("a snapshot: what it brings is not in this file", shown(str(next(iter(original.values()), ""))))


PARSER = Format(
    "haskell",
    "cabal.project.freeze, stack.yaml.lock",
    "Hackage",
    _read,
    names=("cabal.project.freeze", "stack.yaml.lock"),
)
