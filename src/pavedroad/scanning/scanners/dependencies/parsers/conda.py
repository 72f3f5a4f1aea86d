"""``environment.yml``, ``conda-lock.yml`` and installed ``conda-meta/*.json`` (docs.conda.io).

In an environment file ``name=1.2`` means any 1.2.x; only ``==`` or a build make it one version. The ``pip`` list holds
packages of PyPI.
"""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.core.component import Hash
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, UNPINNED, Entries, Format, Source, joined
from pavedroad.scanning.scanners.dependencies.parsers._python import requirement
from pavedroad.scanning.scanners.dependencies.parsers.requirements import exact

_ENVIRONMENT = re.compile(r"environment(?:[-_.][^/]*)?\.ya?ml")
_LOCK = re.compile(r"(?:[^/]*[.-])?conda-lock\.ya?ml")
_EXACT = re.compile(
    r"(?:[^\s:]{1,200}::)?([A-Za-z0-9_.-]{1,200})\s{0,20}"
    r"(?:==\s{0,20}([^\s=<>!,|*]{1,100})|=([^\s=<>!,|*]{1,100})=[^\s=]{1,100})"
)


def _matches(path: str) -> bool:
    folder, _, base = path.rpartition("/")
    if folder.rpartition("/")[2] == "conda-meta":
        return base.endswith(".json")
    return _ENVIRONMENT.fullmatch(base) is not None or _LOCK.fullmatch(base) is not None


def _read(source: Source) -> Iterator[Package | None]:
    if source.base.endswith(".json"):
        yield _installed(source, source.json())
    elif _LOCK.fullmatch(source.base):
        yield from _lock(source)
    else:
        yield from _environment(source)


def _installed(source: Source, document: dict[str, Any]) -> Package | None:
    said = read.usable(document.get("license"))
    asked = isinstance(document.get("requested_spec"), str) and document["requested_spec"] not in ("", "None")
    return source.package(
        document.get("name"),
        document.get("version"),
        source.lines(r'^[ \t]*"(name)"\s*:').line("name") or 1,
        direct=True if asked else None,
        licenses=(said,) if said else (),
        hashes=_hashes(document),
    )


def _hashes(table: dict[str, Any]) -> tuple[Hash, ...]:
    return joined(read.digest(name, table.get(name)) for name in ("md5", "sha256"))


def _lock(source: Source) -> Iterator[Package | None]:
    listed = [read.mapping(each) for each in read.sequence(source.yaml().get("package"))]
    lines = source.lines(r"""^[- ]\s*name:\s*["']?([^\s"'#]+)""")
    entries: Entries[tuple[str, str]] = Entries()
    for entry in listed:
        platform, name = str(entry.get("platform")), entry.get("name")
        needs = [(platform, str(each).lower()) for each in read.mapping(entry.get("dependencies"))]
        main = entry.get("category", "main") == "main"
        package = source.package(
            name,
            str(entry.get("version") or ""),
            lines.line(name),
            ecosystem="PyPI" if entry.get("manager") == "pip" else "Conda",
            scope=SCOPE_RUNTIME if main else SCOPE_DEV,
            hashes=_hashes(read.mapping(entry.get("hash"))),
        )
        entries.add((platform, str(name).lower()), package, needs)
    # Edges may lead from Conda to PyPI, and a package's edges are of its own ecosystem: paths are kept, edges are not.
    return iter(entries.linked(edges=False))


def _environment(source: Source) -> Iterator[Package | None]:
    lines = source.lines(r"""^[ \t]*-\s*["']?(?:[^\s:"']+::)?([A-Za-z0-9_.-]+)""")
    pinned = source.has("conda-lock.yml", "conda-lock.yaml")
    for entry in read.sequence(source.yaml().get("dependencies")):
        texts = read.sequence(entry.get("pip")) if isinstance(entry, dict) else [entry]
        for text in texts:
            if pinned:
                source.gaps.add("declared here; a lock file says the version", shown(str(text)), harmless=True)
            elif isinstance(entry, dict):
                yield _from_pip(source, text, lines.line)
            elif isinstance(text, str) and (match := _EXACT.fullmatch(text.strip())):
                name, version = match.group(1), match.group(2) or match.group(3)
                yield source.package(name, version, lines.line(name), direct=True)
            else:
                source.gaps.add(UNPINNED, shown(str(text)))


def _from_pip(source: Source, text: Any, line: Any) -> Package | None:
    one = requirement(text)
    if one is None:
        source.gaps.add("an entry that is no requirement", shown(str(text)))
    elif one.url:
        source.gaps.add(BY_URL, one.name)
    elif version := exact(one):
        return source.package(one.name, version, line(one.name), ecosystem="PyPI", direct=True)
    else:
        source.gaps.add(UNPINNED, shown(str(text)))
    return None


PARSER = Format(
    "conda",
    "environment.yml, conda-lock.yml, conda-meta/*.json",
    "Conda",
    _read,
    files=("environment*.yml", "environment*.yaml", "*conda-lock.yml", "*conda-lock.yaml", "conda-meta/*"),
    matches=_matches,
    companions=("conda-lock.yml", "conda-lock.yaml"),
)
