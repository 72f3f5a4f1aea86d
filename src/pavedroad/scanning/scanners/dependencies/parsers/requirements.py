"""``requirements*.txt`` and ``.in`` as pip reads them (pip.pypa.io, requirements file format): what is pinned with
``==`` is judged.

Everything else in the file is a gap that is counted: ranges, URLs, editable installs. Files that ``-r`` names are read
with this one unless they are read on their own; pins of a ``-c`` file count for what has none. Markers are not
evaluated: the machine that installs is not known. ``# via`` comments, as pip-compile and uv write them, give paths.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from pavedroad.core.component import Hash
from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.model import (
    MAX_NAME,
    SCOPE_DEV,
    SCOPE_OPTIONAL,
    Package,
    shown,
)
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, Format, Source

MAX_LINE = 200_000
MAX_INCLUDES = 50

_FILE = re.compile(r"(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)|requirements.*\.(?:txt|in)", re.IGNORECASE)
_DEV = re.compile(
    r"(?:^|[-_./])(?:dev|devel|development|test|tests|testing|docs?|lint|typing|ci)(?=[-_.])", re.IGNORECASE
)
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_OPTION = re.compile(r"\s-{1,2}[A-Za-z]")
_HASH = re.compile(r"\s--hash(?:=|\s)\s*([a-z0-9]+:[0-9a-fA-F]+)")
_INCLUDE = re.compile(r"(-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(\S*)")
_LOCATION = re.compile(r"(?:[A-Za-z0-9.+-]+://|(?:git|hg|svn|bzr)\+|\.{0,2}/|[A-Za-z]:\\)|.*\.(?:whl|zip|tar\.gz|tgz)$")


class _Line(NamedTuple):
    """One logical line, the line it starts on, and what comments on and below it name as its reason."""

    number: int
    text: str
    via: list[str]


class _Wish(NamedTuple):
    """A requirement: the line it is reported on, its version (empty: none), condition and hashes."""

    number: int
    name: str
    version: str
    said: str
    marker: str
    hashes: tuple[Hash, ...]
    via: list[str]


def selects(path: str) -> bool:
    """Files named for requirements, and text files in a folder that is."""
    folder, _, base = path.rpartition("/")
    in_folder = folder.rpartition("/")[2] == "requirements" and base.lower().endswith((".txt", ".in"))
    return in_folder or _FILE.fullmatch(base) is not None


class _Reader:
    """One file with those it includes. Included lines are reported on the line that includes them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen = {posixpath.normpath(source.path)}
        self.pins: dict[str, str] = {}
        self.wishes: list[_Wish] = []

    def read(self, path: str, text: str, at: int = 0, *, constraint: bool = False) -> None:
        """Collect the requirements of a text; ``at`` is the line that included it, 0 for the file itself."""
        for line in _logical(text):
            self._line(path, line, at or line.number, constraint)

    def _line(self, path: str, line: _Line, at: int, constraint: bool) -> None:
        gaps, place = self._source.gaps, f"line {line.number}"
        if len(line.text) > MAX_LINE:
            gaps.add("a line that is too long", place)
        elif line.text.startswith(("-e", "--editable")):
            # An option may hold credentials in its URL: it is named by its line only.
            gaps.add("an editable requirement", place)
        elif match := _INCLUDE.match(line.text):
            self._include(path, match.group(2), at, constraint or match.group(1) in ("-c", "--constraint"))
        elif line.text.startswith("-"):
            pass  # an option of pip: where to look, not what to install
        elif _LOCATION.match(line.text):
            gaps.add("a requirement by URL or path", place)
        elif (wish := self._wish(line, at)) is not None:
            if constraint:
                self.pins.setdefault(canonicalize_name(wish.name), wish.version)
            else:
                self.wishes.append(wish)

    def _include(self, path: str, other: str, at: int, constraint: bool) -> None:
        gaps = self._source.gaps
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), other))
        if "://" in other:
            gaps.add("another requirements file by URL", f"line {at}")
            return
        if not constraint and selects(target):
            gaps.add("another requirements file, read on its own", other, harmless=True)
            return
        if target in self._seen:
            return
        self._seen.add(target)
        content = self._source.tree.read(target) if len(self._seen) <= MAX_INCLUDES else None
        if content is None:
            gaps.add("another requirements file that cannot be read", other)
        else:
            self.read(target, read.text_of(content), at, constraint=constraint)

    def _wish(self, line: _Line, at: int) -> _Wish | None:
        text = _OPTION.split(line.text, maxsplit=1)[0].strip()
        try:
            requirement = Requirement(text)
        except (InvalidRequirement, RecursionError, ValueError):
            self._source.gaps.add("a line that is no requirement", f"line {line.number}")
            return None
        if requirement.url:
            self._source.gaps.add(BY_URL, requirement.name)
            return None
        said = shown(f"{requirement.name}{requirement.specifier}")
        marker = str(requirement.marker or "")
        hashes = read.prefixed(_HASH.findall(line.text))
        return _Wish(at, requirement.name[:MAX_NAME], exact(requirement), said, marker, hashes, line.via)


def exact(requirement: Requirement) -> str:
    """The version that ``==`` or ``===`` names, empty without one."""
    for each in requirement.specifier:
        if each.operator in ("==", "===") and not each.version.endswith(".*") and len(each.version) <= MAX_NAME:
            return each.version
    return ""


def _read(source: Source) -> list[Package]:
    reader = _Reader(source)
    reader.read(source.path, source.text)
    read.check_count(len(reader.wishes))
    pinned = []
    compiled = source.base.endswith(".in") and source.has(f"{source.base[:-3]}.txt")
    for wish in reader.wishes:
        version = wish.version or reader.pins.get(canonicalize_name(wish.name), "")
        if version:
            pinned.append(wish._replace(version=version))
        elif compiled:
            source.gaps.add("a range; the compiled file beside it is read on its own", wish.said, harmless=True)
        else:
            source.gaps.add("a requirement without an exact version", wish.said)
        if wish.marker and version:
            condition = f"{wish.said} ; {wish.marker}"
            source.gaps.add("installed under a condition only: judged whatever it says", condition, harmless=True)
    return _packages(source.path, pinned)


def _logical(text: str) -> Iterator[_Line]:
    """Lines with continuations joined and comments taken off; a comment line ends a continuation, as in pip."""
    current: _Line | None = None
    start, parts = 0, list[str]()
    for number, raw in enumerate(text.splitlines(), 1):
        match = _COMMENT.search(raw)
        code = raw[: match.start()] if match else raw
        continues = code.rstrip().endswith("\\") and match is None
        if code.strip():
            start = start or number
            parts.append(code.rstrip().removesuffix("\\"))
        if parts and not continues:
            if current:
                yield current
            current, start, parts = _Line(start, " ".join(p.strip() for p in parts).strip(), []), 0, []
        if match and current:
            current.via.extend(_reasons(raw[match.end() :], bool(current.via)))
    if parts:
        last = _Line(start, " ".join(p.strip() for p in parts).strip(), [])
        yield from ([current, last] if current else [last])
    elif current:
        yield current


def _reasons(comment: str, going_on: bool) -> list[str]:
    """``via a`` or ``via`` with names on the lines below; the word itself is kept, so that a list can go on."""
    text = comment.strip()
    if text == "via" or text.startswith("via "):
        return ["via", *([text[4:].strip()] if text[4:].strip() else [])]
    return [text] if going_on and text and comment.startswith("  ") else []


def _packages(path: str, pinned: list[_Wish]) -> list[Package]:
    names = [canonicalize_name(wish.name) for wish in pinned]
    index: dict[str, int] = {}
    for i, name in enumerate(names):
        index.setdefault(name, i)
    reasons = [[reason for reason in wish.via if reason != "via"] for wish in pinned]
    direct = [_direct(wish.via, given) for wish, given in zip(pinned, reasons, strict=True)]
    children: dict[int, list[int]] = {}
    for i, given in enumerate(reasons):
        for reason in given:
            if (parent := index.get(canonicalize_name(reason.partition("[")[0]))) is not None:
                children.setdefault(parent, []).append(i)
    before = parents([i for i, yes in enumerate(direct) if yes], lambda i: children.get(i, ()))
    told = any(wish.via for wish in pinned)
    return [
        Package(
            ecosystem="PyPI",
            name=wish.name,
            version=wish.version,
            line=wish.number,
            direct=direct[i],
            scope=_scope(path, wish),
            path=names_to(i, before, lambda n: pinned[n].name),
            requires=tuple((pinned[n].name, pinned[n].version) for n in children.get(i, ())) if told else None,
            hashes=wish.hashes,
        )
        for i, wish in enumerate(pinned)
    ]


def _scope(path: str, wish: _Wish) -> str:
    if re.search(r"\bextra\b", wish.marker):
        return SCOPE_OPTIONAL
    return SCOPE_DEV if _DEV.search(re.sub(r"\.(?:txt|in)$", "", path) + ".") else ""


def _direct(via: list[str], reasons: list[str]) -> bool | None:
    """A reason that is a file (``-r requirements.in``, ``project (pyproject.toml)``) makes it direct."""
    if not via:
        return None
    return any(reason.startswith(("-r", "-c")) or "(" in reason for reason in reasons)


PARSER = Format(
    "requirements",
    "requirements.txt",
    "PyPI",
    _read,
    files=("*.txt", "*.in"),
    matches=selects,
    companions=("*.txt", "*.in"),
)
