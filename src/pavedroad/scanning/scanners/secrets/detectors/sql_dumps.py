"""SQL scripts and dumps: passwords and hashes in the rows of user tables."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, candidate
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate

_HASHED = Spec(
    "sql-dumps", "password-hash", "a row of a user table holds it in the form of a password hash", Confidence.MEDIUM
)
_COLUMN = Spec(
    "sql-dumps", "sql-password", "an INSERT puts it into a column that is named as a secret", Confidence.MEDIUM
)
_INSERT = re.compile(
    r"(?i)\binsert\s{1,64}(?:ignore\s{1,64})?into\s{1,64}[`\"\[]?([\w.`\"\[\]]{1,120}?)[`\"\]]?\s{0,64}(?:\(([^()]{1,2000})\))?\s{0,64}values\s{0,64}\("
)
_CREATE = re.compile(
    r"(?i)\bcreate\s{1,64}table\s{1,64}(?:if\s{1,64}not\s{1,64}exists\s{1,64})?[`\"\[]?([\w.]{1,120})[`\"\]]?\s{0,64}\("
)
_COLUMN_LINE = re.compile(r"(?m)^[ \t]{0,64}[`\"\[]?(\w{1,80})[`\"\]]?\s{1,64}\w")
_COPY = re.compile(r"(?im)^copy\s{1,64}([\w.\"]{1,120})\s{0,64}\(([^()]{1,2000})\)\s{1,64}from\s{1,64}stdin;\r?$\n")
_VALUE = re.compile(r"\s{0,64}(?:[NnEe]?'((?:[^'\\]|\\.|''){0,4096})'|([^,()']{0,256}))\s{0,64}(,|\))")
_HASH = re.compile(
    r"^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128}|\*[0-9A-F]{40}|\$\S{20,200}|[\w+]+\$\S{20,200})$"
)
_NOT_SECRET_TABLE = re.compile(r"(?i)(?:settings|options|i18n|translation|permission|role)s?$")
MAX_PER_FILE = 20
_MAX_ROWS = 500
_MAX_STATEMENTS = 500
_MAX_INSERTS = 20_000
_NEXT_ROW = re.compile(r"\s{0,64},\s{0,64}\(")


class SqlDumps:
    """At most 20 findings a file: a leaked user table is one problem, not a million."""

    name = "sql-dumps"

    def selects(self, path: str) -> bool:
        return path.lower().endswith((".sql", ".dump", ".mysql", ".pgsql", ".sql.bak", ".psql", ".ddl"))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        tables = _tables(text)
        count = 0
        for start, end, key in chain(_inserts(text, tables), _copies(text)):
            if count >= MAX_PER_FILE:
                return
            if end - start >= 4:
                count += 1
                yield candidate(
                    _HASHED if _HASH.match(text[start:end]) else _COLUMN, text, start, end, key, quoted=True
                )


def _tables(text: str) -> dict[str, list[str]]:
    """The columns of each CREATE TABLE, by table name without quotes, in lower case."""
    found: dict[str, list[str]] = {}
    for match in islice(_CREATE.finditer(text), _MAX_STATEMENTS):
        body = text[match.end() : match.end() + 8192].partition(";")[0]
        names = [
            name
            for name in _COLUMN_LINE.findall("\n" + body)
            if name.upper() not in ("PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX", "FOREIGN", "CHECK", "FULLTEXT")
        ]
        found[_bare(match[1])] = names
    return found


def _bare(table: str) -> str:
    return re.sub(r"[`\"\[\]]", "", table).lower().rpartition(".")[2]


def _inserts(text: str, tables: dict[str, list[str]]) -> Iterator[tuple[int, int, str]]:
    for match in islice(_INSERT.finditer(text), _MAX_INSERTS):
        columns = [c.strip(' `"[]\r\n\t') for c in match[2].split(",")] if match[2] else tables.get(_bare(match[1]), [])
        wanted = {i: c for i, c in enumerate(columns) if promises_secret(c)}
        if wanted and not _NOT_SECRET_TABLE.search(_bare(match[1])):
            yield from _rows(text, match.end(), wanted)


def _rows(text: str, at: int, wanted: dict[int, str]) -> Iterator[tuple[int, int, str]]:
    """The wanted values of the rows that start at ``at``, just behind an opening parenthesis."""
    for _ in range(_MAX_ROWS):
        index = 0
        while match := _VALUE.match(text, at):
            if index in wanted and match[1] is not None:
                yield match.start(1), match.end(1), wanted[index]
            index, at = index + 1, match.end()
            if match[3] == ")":
                break
        else:
            return
        following = _NEXT_ROW.match(text, at)
        if not following:
            return
        at = following.end()


def _copies(text: str) -> Iterator[tuple[int, int, str]]:
    for match in islice(_COPY.finditer(text), _MAX_STATEMENTS):
        columns = [c.strip(' "') for c in match[2].split(",")]
        wanted = {i: c for i, c in enumerate(columns) if promises_secret(c)}
        at = match.end()
        for _ in range(_MAX_ROWS if wanted else 0):
            end = text.find("\n", at)
            if end < 0 or text.startswith("\\.", at):
                break
            start = at
            for index, field in enumerate(text[at:end].rstrip("\r").split("\t")):
                if index in wanted and field != "\\N":
                    yield start, start + len(field), wanted[index]
                start += len(field) + 1
            at = end + 1


DETECTOR = SqlDumps()
