"""``pubspec.lock`` (Dart and Flutter, dart.dev): packages with how each came in; edges are not in it."""

from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Format, Source

_DIRECT = {"direct main": SCOPE_RUNTIME, "direct dev": SCOPE_DEV, "direct overridden": ""}


def _read(source: Source) -> Iterator[Package | None]:
    lines = source.lines(r"""^  ["']?([A-Za-z0-9_]+)["']?:[ \t]*$""")
    for name, value in read.mapping(source.yaml().get("packages")).items():
        entry = read.mapping(value)
        kind, how = entry.get("source"), str(entry.get("dependency"))
        if kind in ("path", "sdk"):
            reason = LOCAL if kind == "path" else "a part of the SDK"
            source.gaps.add(reason, str(name), harmless=True)
            continue
        yield source.package(
            name,
            entry.get("version"),
            lines.line(name),
            direct=how in _DIRECT,
            scope=_DIRECT.get(how, ""),
            origin="git" if kind == "git" else "",
            hashes=read.digest("sha256", read.mapping(entry.get("description")).get("sha256")),
        )


PARSER = Format("pubspec", "pubspec.lock", "Pub", _read, names=("pubspec.lock",))
