"""``Cargo.toml``: what a crate asks for. Cargo reads ``1.2.3`` as a range, so without a Cargo.lock only ``=1.2.3`` can
be judged."""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, LOCAL, NO_LOCK, Format, Source

_EXACT = re.compile(r"=\s*([0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?)", re.ASCII)
_TABLES = (("dependencies", SCOPE_RUNTIME), ("dev-dependencies", SCOPE_DEV), ("build-dependencies", SCOPE_DEV))


def _read(source: Source) -> Iterator[Package | None]:
    document = source.toml()
    wishes = list(_wishes(document))
    pinned = bool(wishes) and source.above("Cargo.lock") is not None
    lines = source.lines(r"""^[ \t]*(?:\[.*dependencies\.)?["']?([A-Za-z0-9_-]+)["']?\s*[\].=]""")
    for name, value, scope in wishes:
        table = value if isinstance(value, dict) else {"version": value}
        actual, wish = table.get("package", name), str(table.get("version") or "")
        if pinned:
            source.gaps.add("declared here; a lock file says the version", name, harmless=True)
        elif "path" in table:
            source.gaps.add(LOCAL, name, harmless=True)
        elif table.get("workspace") is True:
            source.gaps.add("declared by the workspace", name, harmless=True)
        elif "git" in table:
            source.gaps.add(BY_URL, name)
        elif match := _EXACT.fullmatch(wish.strip()):
            yield source.package(actual, match.group(1), lines.line(name), direct=True, scope=scope)
        else:
            source.gaps.add(NO_LOCK, shown(f"{name} {wish}"))


def _wishes(document: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    places = [document, read.mapping(document.get("workspace")), *read.mapping(document.get("target")).values()]
    for place in map(read.mapping, places):
        for table, scope in _TABLES:
            for name, value in read.mapping(place.get(table)).items():
                yield name, value, scope


PARSER = Format("cargo-toml", "Cargo.toml", "crates.io", _read, names=("Cargo.toml",), companions=("cargo.lock",))
