"""``uses:`` in ``.github/workflows/*.yml`` and ``action.yml`` (docs.github.com): the actions that a workflow runs.

A full version tag is judged. A commit with a comment such as ``# v4.2.2`` is judged as that version, which the comment
only claims. A tag that moves (``v4``) and a branch may be anything: a gap.
"""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.lines import Lines
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _container
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Format, Source

_USES = re.compile(
    r"""^[ \t]*(?:-[ \t]+)?["']?uses["']?[ \t]*:[ \t]*["']?([^\s"'#]+)["']?[ \t]*(?:#(.*))?$""", re.MULTILINE
)
_ACTION = re.compile(r"([A-Za-z0-9-]{1,100}/[A-Za-z0-9._-]{1,100})(?:/[^@\s]{0,300})?@(\S{1,200})")
_FULL = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+.][0-9A-Za-z.+-]+)?", re.ASCII)
_MOVING = re.compile(r"v?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CLAIM = re.compile(
    r"\s*(?:tag[=:]\s*|ratchet:[^@\s]*@|pin\s*@|@)?(v?[0-9]+\.[0-9]+(?:\.[0-9]+)?(?:[-+.][0-9A-Za-z.+-]+)?)(?:\s.*)?",
    re.ASCII,
)


def _matches(path: str) -> bool:
    folder, _, base = path.rpartition("/")
    if base in ("action.yml", "action.yaml"):
        return True
    return (folder == ".github/workflows" or folder.endswith("/.github/workflows")) and base.endswith((".yml", ".yaml"))


def _read(source: Source) -> Iterator[Package | None]:
    document = source.yaml()
    lines, places = Lines(source.text), dict[str, list[tuple[int, str]]]()
    for match in _USES.finditer(source.text):
        places.setdefault(match.group(1), []).append((lines.at(match.start(1)), match.group(2) or ""))
    for found in places.values():
        found.reverse()
    for text in _uses(document):
        place = places.get(text, [])
        line, comment = place.pop() if len(place) > 1 else place[0] if place else (0, "")
        yield _package(source, text, line, comment)


def _uses(document: dict[str, Any]) -> Iterator[str]:
    """Every ``uses`` that GitHub would follow: not those inside scripts."""
    runs = read.mapping(document.get("runs"))
    holders = [*map(read.mapping, read.mapping(document.get("jobs")).values()), runs]
    for holder in holders:
        for place in (holder, *map(read.mapping, read.sequence(holder.get("steps")))):
            if isinstance(place.get("uses"), str):
                yield place["uses"].strip()
    image = runs.get("image")
    if isinstance(image, str) and image.startswith("docker://"):
        yield image


def _package(source: Source, text: str, line: int, comment: str) -> Package | None:
    if text.startswith(("./", "../")):
        source.gaps.add(LOCAL, text, harmless=True)
        return None
    if text.startswith("docker://"):
        return _container.image(source, text.removeprefix("docker://"), line, SCOPE_DEV)
    match = _ACTION.fullmatch(text)
    if match is None:
        source.gaps.add("an action whose name is computed or cannot be read", shown(text))
        return None
    name, reference = match.groups()
    if _FULL.fullmatch(reference):
        return source.package(name, reference, line, direct=True, scope=SCOPE_DEV)
    claim = _CLAIM.fullmatch(comment) if _COMMIT.fullmatch(reference) else None
    if claim:
        source.gaps.add("a version that only a comment claims", shown(f"{name} {claim.group(1)}"), harmless=True)
        return source.package(name, claim.group(1), line, direct=True, scope=SCOPE_DEV)
    source.gaps.add(_why(reference), shown(text))
    return None


def _why(reference: str) -> str:
    if _COMMIT.fullmatch(reference):
        return "an action by commit: its version is not known; a comment such as '# v1.2.3' would say it"
    if _MOVING.fullmatch(reference):
        return "an action by a tag that moves: which version runs is not known"
    return "an action by branch: what runs is not known"


PARSER = Format(
    "github-actions",
    ".github/workflows/*.yml, action.yml",
    "GitHub Actions",
    _read,
    files=("workflows/*", "action.yml", "action.yaml"),
    matches=_matches,
)
