"""``conan.lock`` of Conan 1 (a graph) and 2 (lists), ``conanfile.txt``, and ``conanfile.py``, a program that is never
run."""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, UNPINNED, Entries, Format, Source

# In full "name/version@user/channel#revision%time", of which only name and version must be there (docs.conan.io).
_REFERENCE = re.compile(r"([^/@#%\s]{1,200})/([^@#%\s]{1,200})(?:@[^#%\s]{0,200})?(?:#[^\s]{0,200})?")
_LISTS = (
    ("requires", SCOPE_RUNTIME),
    ("build_requires", SCOPE_DEV),
    ("python_requires", SCOPE_DEV),
    ("config_requires", SCOPE_DEV),
)
_SECTIONS = {
    "requires": SCOPE_RUNTIME,
    "tool_requires": SCOPE_DEV,
    "build_requires": SCOPE_DEV,
    "test_requires": SCOPE_DEV,
}


def _read(source: Source) -> Iterator[Package | None]:
    if source.base == "conan.lock":
        yield from _lock(source)
        return
    locked = source.has("conan.lock")
    if source.base == "conanfile.py":
        source.gaps.add("conanfile.py is a program: what it requires is not known", source.path, harmless=locked)
        return
    section = ""
    for number, line in enumerate(source.text.split("\n"), 1):
        code = line.partition("#")[0].strip() if not line.lstrip().startswith("[") else line.strip()
        if code.startswith("[") and code.endswith("]") and "/" not in code:
            section = code[1:-1].strip()
        elif code and section in _SECTIONS:
            if locked:
                source.gaps.add("declared here; a lock file says the version", shown(code), harmless=True)
            else:
                yield _reference(source, code, number, _SECTIONS[section], direct=True)


def _reference(source: Source, text: Any, line: int, scope: str, **more: Any) -> Package | None:
    match = _REFERENCE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None or match.group(2).startswith("["):
        reason = UNPINNED if isinstance(text, str) and "/[" in text else "an entry that is no reference to a package"
        source.gaps.add(reason, shown(str(text)))
        return None
    return source.package(match.group(1), match.group(2), line, scope=scope, **more)


def _lock(source: Source) -> Iterator[Package | None]:
    document = source.json()
    lines = source.lines(r'"([^"/\s]+/[^"\s]+)"')
    nodes = read.mapping(read.mapping(document.get("graph_lock")).get("nodes"))
    if nodes:
        yield from _graph(source, nodes)
        return
    for key, scope in _LISTS:
        for text in read.sequence(document.get(key)):
            yield _reference(source, text, lines.line(text), scope)


def _graph(source: Source, nodes: dict[str, Any]) -> list[Package]:
    lines = source.lines(r'"ref"\s*:\s*"([^"\n]+)"')
    entries: Entries[str] = Entries()
    for key, value in nodes.items():
        node = read.mapping(value)
        needs = [str(each) for table in ("requires", "build_requires") for each in read.sequence(node.get(table))]
        text = node.get("ref")
        if key == "0" or not text:  # the project itself, with or without a name
            source.gaps.add(LOCAL, str(text or "the project"), harmless=True)
            entries.own(key, read.usable(text).partition("/")[0] or "the project", needs)
            continue
        scope = SCOPE_DEV if node.get("context") == "build" else SCOPE_RUNTIME
        entries.add(key, _reference(source, text, lines.line(text), scope), needs)
    return entries.linked()


PARSER = Format(
    "conan",
    "conan.lock, conanfile.txt, conanfile.py",
    "ConanCenter",
    _read,
    names=("conan.lock", "conanfile.txt", "conanfile.py"),
    companions=("conan.lock",),
)
