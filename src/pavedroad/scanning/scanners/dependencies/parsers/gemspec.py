"""``*.gemspec``: in a ``specifications`` folder the record of an installed gem, written by RubyGems in a fixed shape;
elsewhere a program of the project, which is never run."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source

_INSTALLED = re.compile(r"(?:.*/)?specifications/(?:default/)?[^/]+\.gemspec")
_STUB = re.compile(r"^# stub: (\S{1,200}) (\S{1,200}) \S", re.MULTILINE)
_NAME = re.compile(r"""^\s{0,20}s\.name = ["']([^"'\n]{1,200})["']""", re.MULTILINE)
_VERSION = re.compile(r"""^\s{0,20}s\.version = (?:Gem::Version\.new\()?["']([^"'\n]{1,200})["']""", re.MULTILINE)
_LICENSES = re.compile(r"^\s{0,20}s\.licenses = \[([^\]\n]{0,2000})\]", re.MULTILINE)
_LOCKS = ("Gemfile.lock", "gems.locked")


def _read(source: Source) -> Iterator[Package | None]:
    if _INSTALLED.fullmatch(source.path) is None:
        harmless = source.has(*_LOCKS)
        source.gaps.add("a gemspec is a program: what it requires is not known", source.path, harmless=harmless)
        return
    text = source.text
    stub = _STUB.search(text)
    name, version = _NAME.search(text), _VERSION.search(text)
    place = name or stub
    listed = _LICENSES.search(text)
    said = re.findall(r"""["']([^"']{1,200})["']""", listed.group(1)) if listed else []
    usable = [word for word in map(read.usable, said) if word]
    yield source.package(
        name.group(1) if name else stub.group(1) if stub else None,
        version.group(1) if version else stub.group(2) if stub else None,
        text.count("\n", 0, place.start()) + 1 if place else 0,
        licenses=(" OR ".join(usable),) if usable else (),
    )


def _matches(path: str) -> bool:
    return path.endswith(".gemspec")


PARSER = Format(
    "gemspec",
    "*.gemspec",
    "RubyGems",
    _read,
    files=("*.gemspec",),
    matches=_matches,
    companions=tuple(each.lower() for each in _LOCKS),
)
