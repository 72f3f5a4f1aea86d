"""Parsers of lock files and manifests: one file per format, found by folder. Each defines ``PARSER``."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import translate
from functools import cache

from pavedroad.infra.plugins import registry
from pavedroad.scanning.scanners.dependencies.model import Parser


def parsers() -> dict[str, Parser]:
    """All parsers by name. Raises PluginError for a broken one."""
    return registry(__name__, "PARSER")


def parser_for(path: str) -> Parser | None:
    """The parser of a file of this name, None when it is no lock file."""
    return _index().find(path)


def is_companion(path: str) -> bool:
    """Whether a parser may read this file while it reads another one."""
    return _companions().match(path.rpartition("/")[2].lower()) is not None


@cache
def _companions() -> re.Pattern[str]:
    patterns = sorted({pattern for parser in parsers().values() for pattern in parser.companions})
    return re.compile("|".join(f"(?:{translate(pattern)})" for pattern in patterns) or r"(?!)")


@cache
def _index() -> "_Index":
    return _Index(list(parsers().values()))


class _Index:
    """Every file of a tree is asked about, so most must be refused by one look-up and not by one call per parser."""

    def __init__(self, known: list[Parser]) -> None:
        self._names: defaultdict[str, list[Parser]] = defaultdict(list)
        self._endings: defaultdict[str, list[Parser]] = defaultdict(list)
        self._folders: defaultdict[str, list[Parser]] = defaultdict(list)
        wild: list[tuple[str, Parser]] = []
        for parser in known:
            for pattern in parser.files:
                if not re.search(r"[*?\[]", pattern):
                    self._names[pattern].append(parser)
                elif pattern.endswith("/*"):
                    self._folders[pattern[:-2]].append(parser)
                elif re.fullmatch(r"\*\.[^.*?\[\]]+", pattern):
                    self._endings[pattern[2:]].append(parser)
                else:
                    wild.append((pattern, parser))
        self._wild = [(re.compile(translate(pattern)), parser) for pattern, parser in wild]
        self._any = re.compile("|".join(f"(?:{translate(pattern)})" for pattern, _ in wild) or r"(?!)")

    def find(self, path: str) -> Parser | None:
        folder, _, name = path.lower().rpartition("/")
        for parser in self._candidates(folder.rpartition("/")[2], name):
            if parser.selects(path):
                return parser
        if self._any.match(name) is None:
            return None
        return next((p for pattern, p in self._wild if pattern.match(name) and p.selects(path)), None)

    def _candidates(self, folder: str, name: str) -> Iterator[Parser]:
        yield from self._names.get(name, ())
        yield from self._endings.get(name.rpartition(".")[2], ())
        yield from self._folders.get(folder, ())
