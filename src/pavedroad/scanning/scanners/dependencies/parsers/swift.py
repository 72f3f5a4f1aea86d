"""``Package.resolved`` of the Swift package manager, versions 1 to 3. Packages are named by their repository, as OSV
does (``github.com/apple/swift-nio``)."""

from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Format, Source


def _read(source: Source) -> Iterator[Package | None]:
    document = source.json()
    version = document.get("version")
    if version not in (1, 2, 3):
        raise LockfileError("Package.resolved is of an unknown version", next_step="look for a newer Pavedroad")
    pins = read.mapping(document.get("object")).get("pins") if version == 1 else document.get("pins")
    lines = source.lines(r'"(?:location|repositoryURL|identity)"\s*:\s*"((?:[^"\\]|\\.)*+)"')
    for pin in map(read.mapping, read.sequence(pins)):
        yield _package(source, pin, lines.line(_location(pin)))


def _location(pin: dict[str, Any]) -> Any:
    return pin.get("location") or pin.get("repositoryURL") or pin.get("identity")


def _package(source: Source, pin: dict[str, Any], line: int) -> Package | None:
    location, state = str(_location(pin)), read.mapping(pin.get("state"))
    label = str(pin.get("identity") or pin.get("package") or location)
    if pin.get("kind") in ("localSourceControl", "fileSystem"):
        source.gaps.add(LOCAL, label, harmless=True)
    elif not state.get("version"):
        source.gaps.add("a branch or a commit in place of a version", shown(label))
    else:
        name = read.repository(location) or pin.get("identity")
        return source.package(name, state.get("version"), line)
    return None


PARSER = Format("swift", "Package.resolved", "SwiftURL", _read, names=("Package.resolved",))
