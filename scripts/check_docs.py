#!/usr/bin/env python3
"""Checks the pages that people write: links lead somewhere, commands exist, decisions are listed, no page is lost.

Called by ``make docs-check`` and ``make lint``; its tests are ``tests/unit/test_docs_checks.py``. Each check is a
generator over a repository, giving ``file:line: what is wrong``.
"""

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import click

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("*.md", "docs/**/*.md", "examples/**/*.md")
ADRS = "docs/explain/adr"

_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_FENCE = re.compile(r"^(```+|~~~+)\s*(\S*)")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_ADR = re.compile(r"^(\d{4})-[a-z0-9-]+\.md$")
SHELLS = ("sh", "bash", "shell", "console")


class Line(NamedTuple):
    """One line of a page. ``fence`` is the language of the code block it stands in, None outside, '' when not named."""

    number: int
    text: str
    fence: str | None


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a page; the marks of code blocks themselves are left out."""
    fence: str | None = None
    mark = ""
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line.strip())
        if match and fence is None:
            fence, mark = match[2], match[1]
        elif match and not match[2] and match[1].startswith(mark):
            fence = None
        else:
            yield Line(number, line, fence)


def pages(root: Path) -> list[Path]:
    """Every page that is checked."""
    return sorted({page for pattern in PAGES for page in root.glob(pattern)})


def anchors(text: str) -> set[str]:
    """The names of a page's headings, as code hosts make them."""
    found: set[str] = set()
    for line in lines_of(text):
        match = _HEADING.match(line.text) if line.fence is None else None
        if match:
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).replace("`", "").lower()
            slug = re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain))
            copies = sum(1 for known in found if re.fullmatch(re.escape(slug) + r"(-\d+)?", known))
            found.add(f"{slug}-{copies}" if copies else slug)
    return found


def links(text: str) -> Iterator[tuple[int, str]]:
    """(line, target) of every link outside of code."""
    for line in lines_of(text):
        if line.fence is None:
            for match in _LINK.finditer(re.sub(r"`[^`]*`", "", line.text)):
                yield line.number, match[1]


def dead_links(root: Path) -> Iterator[str]:
    """Relative links whose file or heading is not there."""
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        for number, target in links(text):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            path, _, anchor = unquote(target).partition("#")
            file = (page.parent / path).resolve() if path else page
            where = f"{page.relative_to(root)}:{number}"
            if not file.is_relative_to(root.resolve()) or not file.exists():
                yield f"{where}: the link leads nowhere: {target}"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
                yield f"{where}: there is no heading '#{anchor}': {target}"


def lost_pages(root: Path) -> Iterator[str]:
    """Pages of docs/ that cannot be reached from the README."""
    seen: set[Path] = set()
    pending = [root / "README.md"]
    while pending:
        page = pending.pop().resolve()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        pending += [
            page.parent / unquote(t.partition("#")[0]) for _, t in links(page.read_text("utf-8")) if ":" not in t
        ]
    for page in sorted((root / "docs").rglob("*.md")):
        if page.resolve() not in seen:
            yield f"{page.relative_to(root)}:1: no page leads here from README.md (docs/README.md lists all: make docs)"


def misnumbered_decisions(root: Path) -> Iterator[str]:
    """ADRs without a number of their own, or whose title says another one."""
    seen: dict[str, str] = {}
    for page in sorted((root / ADRS).glob("*.md")):
        where = f"{page.relative_to(root)}:1"
        match = _ADR.match(page.name)
        if not match:
            yield f"{where}: an ADR is named 0001-what-it-decides.md"
            continue
        if match[1] in seen:
            yield f"{where}: {seen[match[1]]} has the same number"
        seen[match[1]] = page.name
        if not re.match(rf"# (?:ADR )?0*{int(match[1])}[.:]? ", page.read_text(encoding="utf-8")):
            yield f"{where}: the title does not start with its number, {int(match[1])}"


def unknown_commands(root: Path) -> Iterator[str]:
    """Commands and options in shell code blocks that `paved` does not have."""
    from pavedroad.cli.app import paved

    for page in pages(root):
        for number, command in _shell_commands(page.read_text(encoding="utf-8")):
            for problem in misused(paved, command):
                yield f"{page.relative_to(root)}:{number}: {problem}"


def _shell_commands(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, words after ``paved``) in shell code blocks; lines that end with a backslash are joined."""
    joined, start = "", 0
    for line in lines_of(text):
        if line.fence not in SHELLS:
            joined = ""
            continue
        start = start if joined else line.number
        joined += line.text
        if joined.endswith("\\"):
            joined = joined[:-1] + " "
            continue
        for command in re.split(r"&&|\|\|?|;", joined.strip().removeprefix("$ ")):
            words = _words(command)
            while words and re.fullmatch(r"\w+=.*", words[0]):
                words = words[1:]
            if words and re.fullmatch(r"(?:.*/)?paved", words[0]):
                yield start, words[1:]
        joined = ""


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()


def misused(command: click.Command, words: list[str]) -> Iterator[str]:
    """What is wrong with the words after ``paved``: an unknown command or an unknown option."""
    context = click.Context(command)
    name = "paved"
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            yield f"there is no command '{name} {words[0]}'"
            return
        name, command, words = f"{name} {words[0]}", found, words[1:]
    known = {spelling for p in command.params for spelling in (*p.opts, *p.secondary_opts)} | {"--help", "-h"}
    for word in words:
        if word == "--":
            return
        option = word.partition("=")[0]
        if re.match(r"--?[a-zA-Z]", word) and option not in known and option[:2] not in known - {"--"}:
            yield f"'{name}' has no option '{option}'"


CHECKS: tuple[Callable[[Path], Iterator[str]], ...] = (
    dead_links,
    lost_pages,
    misnumbered_decisions,
    unknown_commands,
)


def check(root: Path) -> list[str]:
    """Everything that is wrong with the pages of a repository."""
    return [problem for each in CHECKS for problem in each(root)]


def main() -> int:
    """Print what is wrong; 1 when something is."""
    problems = check(ROOT)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
