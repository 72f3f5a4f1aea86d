"""``gradle/libs.versions.toml`` (docs.gradle.org, version catalogs): libraries and plugins that builds may use."""

from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import UNPINNED, Format, Source


def _matches(path: str) -> bool:
    return path.endswith(".versions.toml")


def _read(source: Source) -> Iterator[Package | None]:
    document = source.toml()
    versions = read.mapping(document.get("versions"))
    # Of a library or a plugin, not of the version that may have the same name.
    lines = source.lines(
        r"""^[ \t]*["']?([A-Za-z0-9_.-]+)["']?\s*=\s*(?:\{\s*(?:module|group|name|id)\b|["'][^"'\n]*:)"""
    )
    for alias, value in read.mapping(document.get("libraries")).items():
        yield _package(source, versions, _library(value), lines.line(alias), "")
    for alias, value in read.mapping(document.get("plugins")).items():
        name, version = _plugin(value)
        # The artifact through which Gradle finds a plugin of this id (docs.gradle.org, plugin marker artifacts).
        yield _package(source, versions, (f"{name}:{name}.gradle.plugin", version), lines.line(alias), SCOPE_DEV)


def _library(value: Any) -> tuple[str, Any]:
    if isinstance(value, str):
        parts = value.split(":")
        return ":".join(parts[:2]), parts[2] if len(parts) > 2 else None
    table = read.mapping(value)
    module = table.get("module") or f"{table.get('group')}:{table.get('name')}"
    return str(module), table.get("version")


def _plugin(value: Any) -> tuple[str, Any]:
    if isinstance(value, str):
        name, _, version = value.partition(":")
        return name, version
    table = read.mapping(value)
    return str(table.get("id")), table.get("version")


def _package(source: Source, versions: dict[str, Any], wish: tuple[str, Any], line: int, scope: str) -> Package | None:
    name, version = wish
    if isinstance(version, dict) and "ref" in version:
        version = versions.get(str(version["ref"]))
    if isinstance(version, dict):
        version = version.get("strictly") or version.get("require") or version.get("prefer")
    if not isinstance(version, str) or not version:
        source.gaps.add("a dependency whose version no file of the tree says", shown(name))
        return None
    if version[0] in "[(]" or version.endswith("+") or version.startswith("latest."):
        source.gaps.add(UNPINNED, shown(f"{name}:{version}"))
        return None
    return source.package(name, version, line, scope=scope)


PARSER = Format("gradle-catalog", "libs.versions.toml", "Maven", _read, files=("*.versions.toml",), matches=_matches)
