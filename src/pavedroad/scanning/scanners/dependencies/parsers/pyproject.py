"""``pyproject.toml``: what a project declares (PEP 621, PEP 735, Poetry's own tables).

Declarations are ranges. Where a lock file stands beside, it says the versions and is read on its own; else only ``==``
can be judged and every other declaration is a gap.
"""

from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_OPTIONAL, SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, LOCAL, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._python import COMPANIONS, declared, locked


def _read(source: Source) -> Iterator[Package | None]:
    document = source.toml()
    pinned = locked(source)
    for scope, texts in _standard(document):
        yield from declared(source, texts, scope, pinned_elsewhere=pinned)
    tool = read.mapping(document.get("tool"))
    for scope, table in _poetry(read.mapping(tool.get("poetry"))):
        texts = [text for name, value in table.items() for text in _as_requirements(source, name, value)]
        yield from declared(source, texts, scope, pinned_elsewhere=pinned)
    for text in read.sequence(read.mapping(document.get("build-system")).get("requires")):
        source.gaps.add("what builds the package, chosen when it is built", str(text), harmless=True)
    dynamic = read.sequence(read.mapping(document.get("project")).get("dynamic"))
    if "dependencies" in dynamic:
        source.gaps.add("dependencies that another file or a script declares", "dynamic", harmless=pinned)


def _standard(document: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    project = read.mapping(document.get("project"))
    yield SCOPE_RUNTIME, read.sequence(project.get("dependencies"))
    for texts in read.mapping(project.get("optional-dependencies")).values():
        yield SCOPE_OPTIONAL, read.sequence(texts)
    for texts in read.mapping(document.get("dependency-groups")).values():
        # A table includes another group, which is read anyway.
        yield SCOPE_DEV, [text for text in read.sequence(texts) if not isinstance(text, dict)]
    pdm = read.mapping(read.mapping(document.get("tool")).get("pdm"))
    for texts in read.mapping(pdm.get("dev-dependencies")).values():
        yield SCOPE_DEV, read.sequence(texts)


def _poetry(table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield SCOPE_RUNTIME, read.mapping(table.get("dependencies"))
    yield SCOPE_DEV, read.mapping(table.get("dev-dependencies"))
    for group in read.mapping(table.get("group")).values():
        yield SCOPE_DEV, read.mapping(read.mapping(group).get("dependencies"))


def _as_requirements(source: Source, name: str, value: Any) -> list[str]:
    """Poetry's constraint as PEP 508 text where it is exact; its own range operators stay a range."""
    if name.lower() == "python":
        return []
    if isinstance(value, list):  # several constraints, each under its condition
        return [text for each in value for text in _as_requirements(source, name, each if each != value else None)]
    table = value if isinstance(value, dict) else {"version": value}
    if "path" in table:
        source.gaps.add(LOCAL, name, harmless=True)
        return []
    if "git" in table or "url" in table:
        source.gaps.add(BY_URL, name)
        return []
    version = table.get("version")
    text = version.strip() if isinstance(version, str) else ""
    if text[:1].isdigit() and "*" not in text and "," not in text and " " not in text:
        return [f"{name}=={text}"]
    if text.startswith("=="):
        return [f"{name}{text}"]
    return [shown(name)]


PARSER = Format("pyproject", "pyproject.toml", "PyPI", _read, names=("pyproject.toml",), companions=COMPANIONS)
