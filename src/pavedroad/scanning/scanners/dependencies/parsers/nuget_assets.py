"""``project.assets.json`` (what NuGet restored for one project) and ``*.deps.json`` (what a .NET program runs with)."""

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _nuget
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source


def _matches(path: str) -> bool:
    base = path.rpartition("/")[2]
    return base == "project.assets.json" or base.endswith(".deps.json")


def _read(source: Source) -> list[Package]:
    return _nuget.targets(source, source.json())


PARSER = Format(
    "nuget-assets",
    "project.assets.json, *.deps.json",
    "NuGet",
    _read,
    files=("project.assets.json", "*.deps.json"),
    matches=_matches,
)
