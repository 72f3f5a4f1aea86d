"""``var/lib/dpkg/status`` and ``var/lib/dpkg/status.d/*`` (dpkg-query(1); the latter in distroless images).

Advisories of Debian and Ubuntu are about source packages, so each component carries the source it was built from.
"""

import re

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import MAX_NAME, Gaps, Package, ParseResult, found
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers import _system

STATUS = "var/lib/dpkg/status"
_FOLDER = re.compile(r"(?:.*/)?var/lib/dpkg/status\.d/[^/]+")
_SOURCE = re.compile(r"(\S{1,400})(?:\s+\(([^()]{1,400})\))?")
_KEPT = ("package", "version", "architecture", "status", "source", "depends", "pre-depends")


class DpkgParser:
    """The plug-in."""

    name = "dpkg"
    title = "installed Debian packages (dpkg status)"
    ecosystem = "Debian"
    files = ("status", "status.d/*")
    companions = _system.COMPANIONS

    def selects(self, path: str) -> bool:
        if path.endswith(STATUS):
            return path == STATUS or path.endswith(f"/{STATUS}")
        # md5sums and copyright files stand beside the status files of distroless images
        return _FOLDER.fullmatch(path) is not None and not path.endswith((".md5sums", ".preinst", ".postinst"))

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        gaps = Gaps()
        inside = STATUS if path.endswith(STATUS) else path[path.rindex("var/lib/dpkg/status.d/") :]
        release = _system.distribution(tree, _system.root_of(path, inside), gaps, otherwise="Debian")
        packages = [p for entry in _entries(content) if (p := _package(entry, release, gaps)) is not None]
        return ParseResult(components=found(packages, path), gaps=gaps.result())


def _entries(content: bytes) -> list[dict[str, str]]:
    """Paragraphs (deb822): the fields we keep, and the line each starts on."""
    entries: list[dict[str, str]] = []
    current: dict[str, str] = {}
    for number, line in enumerate(read.text_of(content).split("\n"), 1):
        if not line.strip():
            if current:
                entries.append(current)
            current = {}
        elif not line.startswith((" ", "\t", "#")):
            key, colon, value = line.partition(":")
            if not colon:
                raise LockfileError(f"line {number} is no field of a package list", next_step="dpkg --audit says more")
            if key.lower() in _KEPT:
                current.setdefault("line", str(number))
                current[key.lower()] = value.strip()
    if current:
        entries.append(current)
    read.check_count(len(entries))
    return entries


def _package(entry: dict[str, str], release: _system.Distribution, gaps: Gaps) -> Package | None:
    name, version = entry.get("package", ""), entry.get("version", "")
    state = entry.get("status", "install ok installed").split()
    if state[-1:] in (["config-files"], ["not-installed"]):
        gaps.add("a package that was removed", name, harmless=True)
        return None
    if not name or not version or len(name) > MAX_NAME or len(version) > MAX_NAME:
        gaps.add("a package without a name or version", name or f"line {entry.get('line', '?')}")
        return None
    source = _SOURCE.match(entry.get("source", ""))
    return Package(
        ecosystem=release.ecosystem,
        name=name,
        version=version,
        line=int(entry.get("line", 0)),
        purl=_system.system_purl(
            "deb", release.id or "debian", release.version, name, version, entry.get("architecture", "")
        ),
        source=(source[1], source[2] or version) if source else (name, version),
    )


PARSER = DpkgParser()
