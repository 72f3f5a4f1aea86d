"""``composer.lock`` and ``vendor/composer/installed.json`` (getcomposer.org): packages with edges and licences.

The composer.json beside a lock file says what is direct. A branch (``dev-main``) is no version that
advisories speak of.
"""

from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Defined, Entries, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._node import manifest

BRANCH = "a branch in place of a version"


def _matches(path: str) -> bool:
    return path.rpartition("/")[2] == "composer.lock" or path == INSTALLED or path.endswith(f"/{INSTALLED}")


INSTALLED = "vendor/composer/installed.json"


def _read(source: Source) -> list[Package]:
    entries: Entries[str] = Entries()
    lines = source.lines(r'^[ \t]*"name"\s*:\s*"((?:[^"\\]|\\.)*+)"')
    runtime, dev = list[str](), list[str]()
    for entry, scope in _listed(source):
        name = str(entry.get("name"))
        needs = [str(each).lower() for each in read.mapping(entry.get("require"))]
        entries.add(name.lower(), _package(source, entry, scope, lines), needs)
        (dev if scope == SCOPE_DEV else runtime).append(name.lower())
    project = manifest(source.beside("composer.json")) if source.base == "composer.lock" else None
    if project is None:
        return entries.linked()
    wanted = [*read.mapping(project.get("require")), *read.mapping(project.get("require-dev"))]
    return entries.linked(direct={str(name).lower() for name in wanted} & set(entries.packages))


def _listed(source: Source) -> Iterator[tuple[dict[str, Any], str]]:
    document = read.json_value(source.content)
    if source.base == "composer.lock":
        table = read.table(document, "the document")
        for key, scope in (("packages", SCOPE_RUNTIME), ("packages-dev", SCOPE_DEV)):
            yield from ((read.table(each, "a package"), scope) for each in read.sequence(table.get(key)))
        return
    table = document if isinstance(document, dict) else {"packages": document}
    development = {name for name in read.sequence(table.get("dev-package-names")) if isinstance(name, str)}
    for value in read.sequence(table.get("packages")):
        entry = read.table(value, "a package")
        name = entry.get("name")
        yield entry, SCOPE_DEV if isinstance(name, str) and name in development else SCOPE_RUNTIME


def _package(source: Source, entry: dict[str, Any], scope: str, lines: Defined) -> Package | None:
    name, version = entry.get("name"), entry.get("version")
    line = lines.line(name)
    dist, origin = read.mapping(entry.get("dist")), read.mapping(entry.get("source"))
    if dist.get("type") == "path":
        source.gaps.add(LOCAL, str(name), harmless=True)
        return None
    if isinstance(version, str) and (version.startswith("dev-") or version.endswith("-dev")):
        source.gaps.add(BRANCH, f"{name} {version}")
        return None
    said = [word for word in map(read.usable, read.sequence(entry.get("license"))) if word]
    return source.package(
        name,
        version,
        line,
        scope=scope,
        origin="git" if not dist and origin.get("type") == "git" else "",
        licenses=(" OR ".join(said),) if said else (),  # any one of the list may be chosen (composer.json schema)
        hashes=read.digest("sha1", dist.get("shasum")),
    )


PARSER = Format(
    "composer",
    "composer.lock, vendor/composer/installed.json",
    "Packagist",
    _read,
    files=("composer.lock", "installed.json"),
    matches=_matches,
    companions=("composer.json",),
)
