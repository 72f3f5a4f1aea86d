"""Programs that say what they were built from: Go's build information (Go 1.18 and later, debug/buildinfo) and the list
that cargo-auditable puts into Rust programs (section ``.dep-v0``).

By name alone no program can be told from a script, so files in ``bin`` folders, in cargo's output folders and ``*.exe``
are looked into. A program of neither kind has nothing to say.
"""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _binary
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source

FOLDERS = ("bin", "sbin", "libexec", "release", "debug")
_SUFFIX = re.compile(r"\.(?!exe$)[A-Za-z][A-Za-z0-9_-]{0,15}$", re.IGNORECASE)
_GO_VERSION = re.compile(r"go([0-9]+\.[0-9]+(?:\.[0-9]+)?(?:(?:rc|beta)[0-9]+)?)", re.ASCII)


def _matches(path: str) -> bool:
    folder, _, base = path.rpartition("/")
    if base.lower().endswith(".exe"):
        return True
    return folder.rpartition("/")[2].lower() in FOLDERS and _SUFFIX.search(base) is None


def _read(source: Source) -> Iterator[Package | None]:
    if not _binary.executable(source.content):
        return
    try:
        built = _binary.go_build(source.content)
    except _binary.Old:
        source.gaps.add("a Go program of a version before 1.18: its modules cannot be read", source.path)
        return
    if built is not None:
        yield from _go(source, *built)
    audit = _binary.section(source.content, ".dep-v0")
    if audit:
        yield from _rust(source, audit)


def _go(source: Source, version: str, information: str) -> Iterator[Package]:
    if match := _GO_VERSION.match(version):
        yield Package(ecosystem="Go", name="stdlib", version=match.group(1), direct=True, scope=SCOPE_RUNTIME)
    else:
        source.gaps.add("a Go version that cannot be read", shown(version))
    modules: list[list[str]] = []
    for line in information.split("\n", read.MAX_PACKAGES):
        words = line.split("\t")
        if words[0] in ("dep", "mod") and len(words) >= 3:
            modules.append(words)
        elif words[0] == "=>" and len(words) >= 3 and modules:
            modules[-1] = [modules[-1][0], *words[1:]]
    for kind, name, module_version, *_ in modules:
        if kind == "mod" and module_version in ("(devel)", ""):
            source.gaps.add("the program's own module", name, harmless=True)
        elif name.startswith((".", "/")) or module_version in ("(devel)", ""):
            source.gaps.add("replaced by a local folder", name, harmless=True)
        elif read.usable(name) and read.usable(module_version):
            yield Package(ecosystem="Go", name=name, version=module_version, scope=SCOPE_RUNTIME)
        else:
            source.gaps.add("a module without a usable name or version", name)


def _rust(source: Source, audit: bytes) -> list[Package]:
    document = _audit(source, audit)
    entries: Entries[int] = Entries()
    for number, value in enumerate(read.sequence(document.get("packages"))[: read.MAX_PACKAGES]):
        entry = read.mapping(value)
        needs = [i for i in read.sequence(entry.get("dependencies")) if isinstance(i, int)]
        name, origin = str(entry.get("name")), str(entry.get("source"))
        if entry.get("root") is True or origin == "local":
            source.gaps.add(LOCAL, name, harmless=True)
            entries.own(number, name, needs)
            continue
        scope = SCOPE_DEV if entry.get("kind") == "build" else SCOPE_RUNTIME
        package = source.package(
            entry.get("name"),
            entry.get("version"),
            ecosystem="crates.io",
            scope=scope,
            origin="git" if origin.startswith("git") else "",
        )
        entries.add(number, package, needs)
    return entries.linked()


def _audit(source: Source, audit: bytes) -> dict[str, Any]:
    unpacked = _binary.inflate(audit)
    try:
        return read.json_object(unpacked)
    except LockfileError:
        source.gaps.add("a list of cargo-auditable that cannot be read", source.path)
        return {}


PARSER = Format(
    "executable",
    "Go and Rust programs",
    "Go",
    _read,
    files=(*(f"{folder}/*" for folder in FOLDERS), "*.exe"),
    matches=_matches,
)
