"""``package.json`` of a project: what it asks for. Ranges can only be judged through a lock file; where there is none,
each is a gap."""

from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import Package, shown
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, LOCAL, NO_LOCK, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._node import EXACT, LOCKS, from_git, local, split, wanted


def _matches(path: str) -> bool:
    return path.rpartition("/")[2] == "package.json" and "node_modules/" not in path


def _read(source: Source) -> Iterator[Package | None]:
    document = source.json()
    wishes = list(wanted(document))
    pinned = bool(wishes) and source.above(*LOCKS) is not None
    lines = source.lines(r'"((?:[^"\\]|\\.)*+)"\s*+:\s*+"')
    for name, wish, scope in wishes:
        actual, version = split(wish.removeprefix("npm:")) if wish.startswith("npm:") else (name, wish)
        exact = EXACT.fullmatch(version.strip())
        if pinned:
            source.gaps.add("declared here; a lock file says the version", name, harmless=True)
        elif local(wish):
            source.gaps.add(LOCAL, name, harmless=True)
        elif from_git(wish) or "/" in version:
            source.gaps.add(BY_URL, name)
        elif exact:
            yield source.package(actual, exact.group(1), lines.line(name), direct=True, scope=scope)
        else:
            source.gaps.add(NO_LOCK, shown(f"{name} {wish}"))


PARSER = Format(
    "package-json", "package.json", "npm", _read, files=("package.json",), matches=_matches, companions=LOCKS
)
