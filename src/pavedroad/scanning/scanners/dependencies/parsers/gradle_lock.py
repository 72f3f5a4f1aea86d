"""``gradle.lockfile``, ``buildscript-gradle.lockfile`` and the older ``gradle/dependency-locks/*.lockfile``
(docs.gradle.org, dependency locking): ``group:name:version=configurations`` on each line."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, SCOPE_TEST, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source

_TEST = re.compile(r"test|androidTest", re.IGNORECASE)
_BUILD = re.compile(r"annotationProcessor|kapt|ksp|detekt|ktlint|checkstyle|spotbugs|jacoco|pmd", re.IGNORECASE)


def _matches(path: str) -> bool:
    folder, _, base = path.rpartition("/")
    if base in ("gradle.lockfile", "buildscript-gradle.lockfile"):
        return True
    return base.endswith(".lockfile") and folder.rpartition("/")[2] == "dependency-locks"


def _read(source: Source) -> Iterator[Package | None]:
    lines = source.text.split("\n")
    read.check_count(len(lines))
    for number, line in enumerate(lines, 1):
        code = line.strip()
        if not code or code.startswith(("#", "empty=")):
            continue
        coordinates, _, configurations = code.partition("=")
        parts = coordinates.split(":")
        if len(parts) != 3 or not parts[0] or not parts[1]:
            source.gaps.add("a line without group, name and version", f"line {number}")
            continue
        used = configurations.split(",") if configurations else [source.base.removesuffix(".lockfile")]
        scope = SCOPE_DEV if source.base.startswith("buildscript") else _scope(used)
        yield source.package(f"{parts[0]}:{parts[1]}", parts[2], number, scope=scope)


def _scope(configurations: list[str]) -> str:
    """By Gradle's own names: one configuration of production is enough."""
    rest = [name for name in configurations if not _BUILD.search(name)]
    if not rest:
        return SCOPE_DEV
    return SCOPE_TEST if all(_TEST.search(name) for name in rest) else SCOPE_RUNTIME


PARSER = Format("gradle-lock", "gradle.lockfile", "Maven", _read, files=("*.lockfile",), matches=_matches)
