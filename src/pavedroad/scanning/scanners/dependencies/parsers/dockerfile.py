"""``Dockerfile`` and ``Containerfile`` (docs.docker.com, Dockerfile reference): images that a build starts from.

``ARG`` defaults are put in. The last stage is what is delivered, so the images of other stages are for development.
"""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _container
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source

MAX_LINE = 4000

# Not the sources, pages and settings that are named for Dockerfiles.
_OTHERS = r"(?:dockerignore|md|txt|pyi?|[jt]s|go|rs|rb|java|cs|json|ya?ml|toml|html?)$"
_NAME = re.compile(rf"(?:docker|container)file(?:\.(?!{_OTHERS})[^/]+)?|[^/]+\.(?:docker|container)file", re.IGNORECASE)
_FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_COPY = re.compile(r"(?:COPY|ADD)\s+(?:--\S+\s+)*?--from=(\S+)\s", re.IGNORECASE)
_ARG = re.compile(r"""ARG\s+([A-Za-z_]\w{0,100})=["']?([^\s"']{0,400})""", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w{0,100})(?::?-([^}]{0,400}))?\}|([A-Za-z_]\w{0,100}))")


def _matches(path: str) -> bool:
    return _NAME.fullmatch(path.rpartition("/")[2]) is not None


def _read(source: Source) -> Iterator[Package | None]:
    arguments, stages = dict[str, str](), set[str]()
    wishes, base, last = list[tuple[str, int, bool]](), "", -1
    for number, code in _instructions(source.text):
        if match := _FROM.match(code):
            base = _put(match.group(1), arguments)
            wishes.append((base, number, base.lower() in stages))
            last = len(wishes) - 1
            stages.add((match.group(2) or "").lower())
        elif match := _COPY.match(code):
            name = _put(match.group(1), arguments)
            wishes.append((name, number, name.lower() in stages or name.isdigit()))
        elif not base and (match := _ARG.match(code)):
            arguments[match.group(1)] = match.group(2)
    for index, (name, number, stage) in enumerate(wishes):
        if not stage and name.lower() != "scratch":
            delivered = index == last or number > wishes[last][1]
            yield _container.image(source, name, number, SCOPE_RUNTIME if delivered else SCOPE_DEV)


def _put(text: str, arguments: dict[str, str]) -> str:
    return _VARIABLE.sub(
        lambda match: arguments.get(match.group(1) or match.group(3)) or match.group(2) or match.group(), text
    )


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """The line each instruction begins on, and its text with continued lines joined."""
    start, parts = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        code = line.strip()
        if code.startswith("#") or (not code and parts):
            continue
        start = start or number
        parts.append(code.rstrip("\\`").rstrip() if len(code) < MAX_LINE else "")
        if not code.endswith(("\\", "`")) or len(parts) > MAX_LINE:
            yield start, " ".join(parts)[:MAX_LINE]
            start, parts = 0, []
    if parts:
        yield start, " ".join(parts)[:MAX_LINE]


PARSER = Format(
    "dockerfile",
    "Dockerfile, Containerfile",
    _container.ECOSYSTEM,
    _read,
    files=("dockerfile", "containerfile", "dockerfile.*", "containerfile.*", "*.dockerfile", "*.containerfile"),
    matches=_matches,
)
