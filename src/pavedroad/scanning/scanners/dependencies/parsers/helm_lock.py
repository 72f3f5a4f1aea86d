"""``Chart.lock`` and Helm 2's ``requirements.lock`` (helm.sh): the charts that a chart depends on."""

from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Format, Source


def _read(source: Source) -> Iterator[Package | None]:
    lines = source.lines(r"""^[ \t]*(?:-\s*)?name:\s*["']?([^\s"'#]+)""")
    for entry in map(read.mapping, read.sequence(source.yaml().get("dependencies"))):
        name, version = entry.get("name"), entry.get("version")
        line = lines.line(name)
        if str(entry.get("repository") or "").startswith("file:"):
            source.gaps.add(LOCAL, str(name), harmless=True)
        else:
            yield source.package(name, str(version) if isinstance(version, float) else version, line, direct=True)


PARSER = Format("helm-lock", "Chart.lock", "Helm", _read, names=("Chart.lock", "requirements.lock"))
