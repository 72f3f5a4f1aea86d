"""``lib/apk/db/installed`` of Alpine, Wolfi and Chainguard (wiki.alpinelinux.org, Apk spec): one letter a field."""

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.model import MAX_NAME, Gaps, Package, ParseResult, found
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers import _system

PLACES = ("lib/apk/db/installed", "usr/lib/apk/db/installed")
# P package, V version, A architecture, o origin (the source package), L licence
_KEPT = "PVAoL"


class ApkParser:
    """The plug-in."""

    name = "apk"
    title = "installed Alpine packages (apk database)"
    ecosystem = "Alpine"
    files = ("installed",)
    companions = _system.COMPANIONS

    def selects(self, path: str) -> bool:
        return any(path == place or path.endswith(f"/{place}") for place in PLACES)

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        gaps = Gaps()
        inside = PLACES[1] if path.endswith(PLACES[1]) else PLACES[0]
        release = _system.distribution(tree, _system.root_of(path, inside), gaps, otherwise="Alpine")
        packages = [p for entry in _entries(content) if (p := _package(entry, release, gaps)) is not None]
        return ParseResult(components=found(packages, path), gaps=gaps.result())


def _entries(content: bytes) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = []
    current: dict[str, str] = {}
    for number, line in enumerate(read.text_of(content).split("\n"), 1):
        if not line:
            if current:
                entries.append(current)
            current = {}
        elif line[1:2] == ":" and line[0] in _KEPT:
            current.setdefault("line", str(number))
            current[line[0]] = line[2:].strip()
    if current:
        entries.append(current)
    read.check_count(len(entries))
    return entries


def _package(entry: dict[str, str], release: _system.Distribution, gaps: Gaps) -> Package | None:
    name, version = entry.get("P", ""), entry.get("V", "")
    if not name or not version or len(name) > MAX_NAME or len(version) > MAX_NAME:
        gaps.add("a package without a name or version", name or f"line {entry.get('line', '?')}")
        return None
    licence = entry.get("L", "")
    return Package(
        ecosystem=release.ecosystem,
        name=name,
        version=version,
        line=int(entry.get("line", 0)),
        licenses=(licence,) if licence and len(licence) <= MAX_NAME else (),
        purl=_system.system_purl("apk", release.id or "alpine", release.version, name, version, entry.get("A", "")),
        source=(entry.get("o") or name, version),
    )


PARSER = ApkParser()
