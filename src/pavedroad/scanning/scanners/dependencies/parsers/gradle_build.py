"""``build.gradle`` and ``build.gradle.kts``: coordinates that stand there in full. A build script is a program and is
never run, so what it computes is a gap. A gradle.lockfile beside it says everything; then this file adds nothing."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import (
    SCOPE_DEV,
    SCOPE_OPTIONAL,
    SCOPE_RUNTIME,
    SCOPE_TEST,
    Package,
    shown,
)
from pavedroad.scanning.scanners.dependencies.parsers._format import UNPINNED, Format, Source

MAX_LINE = 2000

_WORD = r"[A-Za-z0-9_.-]{1,200}"
_TEXT = re.compile(
    rf"""\b([A-Za-z]\w{{0,60}})[ \t]{{0,50}}\(?[ \t]{{0,50}}(?:(?:enforcedP|p)latform[ \t]?\(?[ \t]?)?"""
    rf"""["']({_WORD}):({_WORD})(?::([^"':@\s]{{0,200}}))?[^"'\s]{{0,200}}["']"""
)
_MAP = re.compile(
    rf"""\b([A-Za-z]\w{{0,60}})[ \t]{{0,50}}\(?[ \t]{{0,50}}group[ \t]?[:=][ \t]?["']({_WORD})["'],"""
    rf"""[ \t]?name[ \t]?[:=][ \t]?["']({_WORD})["'](?:,[ \t]?version[ \t]?[:=][ \t]?["']([^"'\s]{{0,200}})["'])?"""
)
_PLUGIN = re.compile(
    rf"""\bid[ \t]?\(?[ \t]?["']({_WORD})["'][ \t]?\)?[ \t]{{1,50}}version[ \t]?\(?["']({_WORD})["']"""
)
_CODE = re.compile(r"\b(?:dependencies|plugins)\b")


def _read(source: Source) -> Iterator[Package | None]:
    if _CODE.search(source.text) is None:
        return
    locked = source.has("gradle.lockfile")
    source.gaps.add("a build script is a program and was not run", source.path, harmless=locked)
    if locked:
        return
    for number, line in enumerate(source.text.split("\n"), 1):
        code = re.split(r"(?:^|\s)//", line[:MAX_LINE], maxsplit=1)[0]
        for match in (*_TEXT.finditer(code), *_MAP.finditer(code)):
            yield _package(source, match, number)
        for match in _PLUGIN.finditer(code):
            name, version = match.groups()
            yield source.package(f"{name}:{name}.gradle.plugin", version, number, direct=True, scope=SCOPE_DEV)


def _package(source: Source, match: re.Match[str], line: int) -> Package | None:
    configuration, group, artifact, version = match.groups()
    name = f"{group}:{artifact}"
    if not version:
        source.gaps.add("a dependency whose version no file of the tree says", name)
    elif "$" in version or version[0] in "[(" or version.endswith("+"):
        source.gaps.add(UNPINNED, shown(f"{name}:{version}"))
    else:
        return source.package(name, version, line, direct=True, scope=_scope(configuration))
    return None


def _scope(configuration: str) -> str:
    word = configuration.lower()
    if "test" in word:
        return SCOPE_TEST
    if word in ("classpath", "kapt", "ksp") or word.endswith("processor"):
        return SCOPE_DEV
    return SCOPE_OPTIONAL if word == "compileonly" else SCOPE_RUNTIME


def _matches(path: str) -> bool:
    return path.endswith((".gradle", ".gradle.kts"))


PARSER = Format(
    "gradle-build",
    "build.gradle, build.gradle.kts",
    "Maven",
    _read,
    files=("*.gradle", "*.gradle.kts"),
    matches=_matches,
    companions=("gradle.lockfile",),
)
