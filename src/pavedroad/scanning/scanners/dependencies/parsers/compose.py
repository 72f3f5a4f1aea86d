"""``compose.yaml`` and ``docker-compose.yml`` (compose-spec.io): the images of services."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _container
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source

_NAME = re.compile(r"(?:docker-)?compose(?:[-_.][^/]+)?\.ya?ml", re.IGNORECASE)
_DEFAULT = re.compile(r"\$\{[A-Za-z_]\w{0,100}:?-([^}$]{0,300})\}")


def _matches(path: str) -> bool:
    return _NAME.fullmatch(path.rpartition("/")[2]) is not None


def _read(source: Source) -> Iterator[Package | None]:
    lines = source.lines(r"""^[ \t]*["']?image["']?\s*:\s*["']?([^\s"'#]+)""")
    for service in map(read.mapping, read.mapping(source.yaml().get("services")).values()):
        text = service.get("image")
        # With `build`, the image's name is that of the project's own.
        if isinstance(text, str) and "build" not in service:
            yield _container.image(source, _DEFAULT.sub(lambda match: match.group(1), text), lines.line(text))


PARSER = Format(
    "compose",
    "compose.yaml, docker-compose.yml",
    _container.ECOSYSTEM,
    _read,
    files=("compose*.yml", "compose*.yaml", "docker-compose*.yml", "docker-compose*.yaml"),
    matches=_matches,
)
