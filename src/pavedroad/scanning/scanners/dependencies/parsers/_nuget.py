"""What the JSON files of NuGet share: ``targets`` of ``Name/Version`` with their dependencies, and ``libraries``."""

from typing import Any

from pavedroad.core.component import Hash
from pavedroad.scanning.scanners.dependencies.model import SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Source

Key = tuple[str, str]
"""A target, and a name in lower case: NuGet's names have no case."""


def targets(source: Source, document: dict[str, Any]) -> list[Package]:
    """The packages of ``project.assets.json`` and ``*.deps.json``."""
    libraries = read.mapping(document.get("libraries"))
    lines = source.lines(r'^[ \t]*"([^"\\/\n]+/[^"\\/\n]+)"\s*:\s*\{')
    asked = _asked(document)
    entries: Entries[Key] = Entries()
    for target, table in read.mapping(document.get("targets")).items():
        for label, value in read.mapping(table).items():
            entry, library = read.mapping(value), read.mapping(libraries.get(label))
            name, _, version = str(label).rpartition("/")
            key = (str(target), name.lower())
            needs = [(str(target), str(each).lower()) for each in read.mapping(entry.get("dependencies"))]
            if (entry.get("type") or library.get("type")) in ("project", "reference"):
                source.gaps.add(LOCAL, name, harmless=True)
                entries.own(key, name, needs)
                continue
            line = lines.line(label)
            entries.add(key, source.package(name, version, line, scope=SCOPE_RUNTIME, hashes=_hashes(library)), needs)
    if asked is None:
        return entries.linked()
    return entries.linked(direct=[key for key in entries.packages if key[1] in asked])


def _asked(document: dict[str, Any]) -> set[str] | None:
    """What the project file asks for; None when the document does not hold it."""
    project = document.get("project")
    if not isinstance(project, dict):
        return None
    frameworks = read.mapping(project.get("frameworks")).values()
    return {str(n).lower() for f in frameworks for n in read.mapping(read.mapping(f).get("dependencies"))}


def _hashes(library: dict[str, Any]) -> tuple[Hash, ...]:
    value = library.get("sha512")
    text = value if isinstance(value, str) else ""
    return read.integrity(text) if text.startswith("sha512-") else read.base64_digest("sha512", text)
