"""``requirements*.txt`` as pip reads it (pip.pypa.io, requirements file format): what is pinned with ``==`` is judged.

Everything else in the file is a gap that is counted: ranges, URLs, editable installs. ``# via`` comments, as
pip-compile and uv write them, give the dependency path.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.graph import names_to, parents
from pavedroad.scanning.scanners.dependencies.model import (
    MAX_NAME,
    SCOPE_DEV,
    Gaps,
    Package,
    ParseResult,
    found,
    shown,
)
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

MAX_LINE = 200_000

_FILE = re.compile(r"(?:.*[-_.])?requirements(?:[-_.].*)?\.txt|requirements.*\.txt", re.IGNORECASE)
_DEV = re.compile(
    r"(?:^|[-_./])(?:dev|devel|development|test|tests|testing|docs?|lint|typing|ci)(?=[-_.])", re.IGNORECASE
)
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_OPTION = re.compile(r"\s-{1,2}[A-Za-z]")
_INCLUDE = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s*)(\S*)")
_LOCATION = re.compile(r"(?:[A-Za-z0-9.+-]+://|(?:git|hg|svn|bzr)\+|\.{0,2}/|[A-Za-z]:\\)|.*\.(?:whl|zip|tar\.gz|tgz)$")


class _Line(NamedTuple):
    """One logical line, the line it starts on, and what comments on and below it name as its reason."""

    number: int
    text: str
    via: list[str]


class RequirementsParser:
    """The plug-in."""

    name = "requirements"
    title = "requirements.txt"
    ecosystem = "PyPI"
    files = ("*.txt",)
    companions = ()

    def selects(self, path: str) -> bool:
        folder, _, base = path.rpartition("/")
        in_folder = folder.rpartition("/")[2] == "requirements" and base.lower().endswith(".txt")
        return in_folder or _FILE.fullmatch(base) is not None

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        gaps, pinned = Gaps(), list[tuple[_Line, str, str]]()
        for line in list(_logical(read.text_of(content))):
            if (pin := self._pin(path, line, gaps)) is not None:
                pinned.append((line, *pin))
        read.check_count(len(pinned))
        return ParseResult(components=found(_packages(path, pinned), path), gaps=gaps.result())

    def _pin(self, path: str, line: _Line, gaps: Gaps) -> tuple[str, str] | None:
        """Name and version of a pinned requirement; anything else is noted as a gap or is no requirement at all."""
        place = f"line {line.number}"
        if len(line.text) > MAX_LINE:
            gaps.add("a line that is too long", place)
        elif line.text.startswith("-"):
            self._option(path, line, gaps)
        elif _LOCATION.match(line.text):
            gaps.add("a requirement by URL or path", place)
        else:
            return _requirement(_OPTION.split(line.text, maxsplit=1)[0].strip(), place, gaps)
        return None

    def _option(self, path: str, line: _Line, gaps: Gaps) -> None:
        if line.text.startswith(("-e", "--editable")):
            # An option may hold credentials in its URL: it is named by its line only.
            gaps.add("an editable requirement", f"line {line.number}")
        elif match := _INCLUDE.match(line.text):
            other = match.group(1)
            folder = path.rpartition("/")[0]
            if "://" in other:
                gaps.add("another requirements file by URL", f"line {line.number}")
            elif self.selects(f"{folder}/{other}"):
                gaps.add("another requirements file, read on its own", other, harmless=True)
            else:
                gaps.add("another requirements file whose name is not one we read", other)


def _requirement(text: str, place: str, gaps: Gaps) -> tuple[str, str] | None:
    try:
        requirement = Requirement(text)
    except (InvalidRequirement, RecursionError, ValueError):
        gaps.add("a line that is no requirement", place)
        return None
    if requirement.url:
        gaps.add("a requirement by URL or path", requirement.name)
        return None
    for each in requirement.specifier:
        if each.operator in ("==", "===") and not each.version.endswith(".*") and len(each.version) <= MAX_NAME:
            return requirement.name[:MAX_NAME], each.version
    gaps.add("a requirement without an exact version", shown(f"{requirement.name}{requirement.specifier}"))
    return None


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


def _packages(path: str, pinned: list[tuple[_Line, str, str]]) -> list[Package]:
    names = [canonicalize_name(name) for _, name, _ in pinned]
    index: dict[str, int] = {}
    for i, name in enumerate(names):
        index.setdefault(name, i)
    reasons = [[reason for reason in line.via if reason != "via"] for line, _, _ in pinned]
    direct = [_direct(line.via, given) for (line, _, _), given in zip(pinned, reasons, strict=True)]
    children: dict[int, list[int]] = {}
    for i, given in enumerate(reasons):
        for reason in given:
            if (parent := index.get(canonicalize_name(reason.partition("[")[0]))) is not None:
                children.setdefault(parent, []).append(i)
    before = parents([i for i, yes in enumerate(direct) if yes], lambda i: children.get(i, ()))
    scope = SCOPE_DEV if _DEV.search(path.removesuffix(".txt") + ".") else ""
    return [
        Package(
            ecosystem="PyPI",
            name=name,
            version=version,
            line=line.number,
            direct=direct[i],
            scope=scope,
            path=names_to(i, before, lambda n: pinned[n][1]),
        )
        for i, (line, name, version) in enumerate(pinned)
    ]


def _direct(via: list[str], reasons: list[str]) -> bool | None:
    """A reason that is a file (``-r requirements.in``, ``project (pyproject.toml)``) makes it direct."""
    if not via:
        return None
    return any(reason.startswith(("-r", "-c")) or "(" in reason for reason in reasons)


PARSER = RequirementsParser()
