"""``Podfile.lock`` (CocoaPods): pods with their edges. Parts of a pod (``Pod/Part``) are one component, the pod; its
checksums are of specifications, not of archives."""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source

_POD = re.compile(r"([^\s(]{1,300})(?: \(([^()]{0,300})\))?")


def _read(source: Source) -> list[Package]:
    document = source.yaml()
    elsewhere = read.mapping(document.get("EXTERNAL SOURCES"))
    outside = {_name(name): read.mapping(value) for name, value in elsewhere.items()}
    lines = source.lines(r"""^  - ["']?([^\s("':]+)""")
    entries: Entries[str] = Entries()
    for label, needs in _pods(document):
        match = _POD.fullmatch(label)
        name = _name(label)
        place = outside.get(name, {})
        line = lines.line(match.group(1) if match else name)
        if ":path" in place or ":podspec" in place:
            source.gaps.add(LOCAL, name, harmless=True)
            entries.add(name, None, needs)
        else:
            version = match.group(2) if match else None
            entries.add(name, source.package(name, version, line, origin="git" if ":git" in place else ""), needs)
    direct = {_name(text) for text in read.sequence(document.get("DEPENDENCIES")) if isinstance(text, str)}
    return entries.linked(direct=direct & set(entries.packages))


def _name(label: Any) -> str:
    match = _POD.match(label) if isinstance(label, str) else None
    return match.group(1).partition("/")[0] if match else ""


def _pods(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for entry in read.sequence(document.get("PODS")):
        if isinstance(entry, dict):
            for label, needs in entry.items():
                name = _name(label)
                yield str(label), [each for each in map(_name, read.sequence(needs)) if each != name]
        else:
            yield str(entry), []


PARSER = Format("podfile", "Podfile.lock", "CocoaPods", _read, names=("Podfile.lock",))
