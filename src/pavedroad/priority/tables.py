"""Decision tables as data: folders of ``tables/`` that come with Pavedroad, and an organisation's own CSV.

A table is complete (every combination of its inputs has a row), has no two rows that disagree, and asks only for
inputs that we can answer. What breaks one of these stops the program and names the row: a table that silently decides
nothing is a false all-clear.
"""

import csv
import hashlib
import io
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from pavedroad.core.noun import Noun
from pavedroad.infra.documents import read_toml
from pavedroad.infra.errors import DocumentError, FileError
from pavedroad.infra.files import read_file
from pavedroad.priority.errors import TableError
from pavedroad.priority.vocabulary import INPUTS
from pavedroad.reports.text import line as plain

DEFAULT = "cisa-bod-26-04"
FOLDER = Path(__file__).parent / "tables"
MAX_BYTES, MAX_CELLS, MAX_DAYS = 1 << 20, 20_000, 3650
_ANY = "*"
_OUTCOME, _DAYS, _TEXT = "outcome", "days", "text"


class Outcome(Noun, frozen=True, kw_only=True):
    """A tier. ``days`` are calendar days, None for no deadline. ``rank`` counts from 0, the most urgent."""

    name: str
    rank: int
    days: int | None = None
    text: str = ""


class Table(Noun, frozen=True, kw_only=True):
    """A checked table. ``rows`` map one value per input, in the order of ``inputs``, to an outcome."""

    name: str
    title: str
    version: str = ""
    source: str = ""
    days_source: str = ""
    inputs: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    rows: dict[tuple[str, ...], Outcome]

    @property
    def label(self) -> str:
        """Name and version, as a priority records them."""
        return f"{self.name} {self.version}".strip()

    @property
    def digest(self) -> str:
        """``sha256:`` and the hash of all rows with their days: what a verdict by tiers depends on."""
        rows = [[*key, outcome.name, outcome.days, outcome.rank] for key, outcome in sorted(self.rows.items())]
        return "sha256:" + hashlib.sha256(msgspec.json.encode([self.inputs, rows])).hexdigest()

    def decide(self, values: Mapping[str, str]) -> Outcome:
        """The outcome for one value per input."""
        return self.rows[tuple(values[name] for name in self.inputs)]


def table_names() -> tuple[str, ...]:
    """The tables that come with Pavedroad."""
    return tuple(sorted(entry.name for entry in FOLDER.iterdir() if (entry / "table.csv").is_file()))


@cache
def builtin(name: str) -> Table:
    """A table that comes with Pavedroad. Raises TableError for an unknown name or a broken folder."""
    if name not in table_names():
        raise TableError(f"there is no decision table '{name}'", next_step=f"tables there: {', '.join(table_names())}")
    where = f"priority/tables/{name}"
    try:
        about = read_toml((FOLDER / name / "table.toml").read_bytes(), where=f"{where}/table.toml")
        content = (FOLDER / name / "table.csv").read_bytes()
        outcomes = tuple(Outcome(rank=rank, **each) for rank, each in enumerate(about.pop("outcomes")))
        head, rows = _read(content, f"{where}/table.csv")
        return _table(name, head, rows, {each.name: each for each in outcomes}, f"{where}/table.csv", about)
    except (DocumentError, OSError, KeyError, TypeError) as error:
        raise TableError(f"this table is broken: {error}", where=where, next_step="install Pavedroad anew") from error


def own(path: Path, shown: str = "", *, special: bool = True) -> Table:
    """An organisation's table from a CSV file. Raises TableError, naming the row, for anything that cannot decide.

    Columns: inputs by name, then ``outcome`` and ``days`` (empty: no deadline), and ``text`` if wanted. ``*`` is any
    value. Outcomes rank by their days, then by the order in which they first stand in the file. ``special``: pipes are
    read too, for paths that the user named.
    """
    where = shown or str(path)
    try:
        content = read_file(path, MAX_BYTES, special=special)
    except FileError as error:
        raise TableError(error.what, where=where, next_step=error.next_step) from error
    if content is None:
        raise TableError(
            "there is no such decision table", where=where, next_step="correct priority.path in paved.yaml"
        )
    return parse(content, path.stem, where)


def parse(content: bytes, name: str, where: str) -> Table:
    """The table in the bytes of an organisation's CSV. Raises TableError."""
    head, rows = _read(content, where)
    if _OUTCOME not in head or _DAYS not in head:
        raise TableError(
            "the table needs the columns 'outcome' and 'days'",
            where=f"{where}:1",
            next_step="add them to the first row",
        )
    return _table(name, head, rows, _own_outcomes(rows, where), where, {"title": f"decision table {name}"})


def load(name: str, path: Path | None = None, shown: str = "") -> Table:
    """A table by name, or an organisation's own where a file is named. Raises TableError."""
    return own(path, shown) if path is not None else builtin(name or DEFAULT)


def load_for(root: Path, name: str, path: str) -> Table:
    """The table that a project's ``paved.yaml`` asks for; ``path`` is seen from ``root`` and goes before ``name``.

    Raises TableError. The settings come with the tree under judgement, so the file must lie in it: an error about a row
    would show a piece of any other file.
    """
    if not path:
        return builtin(name or DEFAULT)
    file = root / path
    inside = not Path(path).is_absolute() and ".." not in Path(path).parts
    if not inside or not file.resolve().is_relative_to(root.resolve()):
        raise TableError(
            "the decision table lies outside of the project",
            where=plain(path, 100),
            next_step="copy it into the project and name it in priority.path of paved.yaml",
        )
    return own(file, plain(path, 200), special=False)


def check_tiers(table: Table, names: Iterable[str]) -> None:
    """Raises TableError for a tier that the table does not have: a gate rule about it would never hold."""
    known = {outcome.name.casefold() for outcome in table.outcomes}
    for name in names:
        if name.casefold() not in known:
            raise TableError(
                f"'{plain(name, 60)}' is no tier of the decision table {table.label}",
                where="paved.yaml",
                next_step=f"tiers there: {', '.join(outcome.name for outcome in table.outcomes)}",
            )


Row = tuple[int, dict[str, str]]


def _read(content: bytes, where: str) -> tuple[list[str], list[Row]]:
    """The head, and the rows with their line numbers. Cells are stripped and in lower case, but for texts."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError("the table is not UTF-8", where=where, next_step="save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    head: list[str] = []
    rows: list[Row] = []
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
                continue
            if not head:
                head = _head(cells, f"{where}:{lines.line_num}")
                continue
            rows.append((lines.line_num, _row(head, cells, f"{where}:{lines.line_num}")))
            if len(rows) * len(head) > MAX_CELLS:
                raise TableError(f"a decision table has at most {MAX_CELLS} cells", where=where)
    except csv.Error as error:
        raise TableError(f"this is no CSV: {error}", where=f"{where}:{lines.line_num}") from error
    if not rows:
        raise TableError("the table has no rows", where=where, next_step="write one row per combination, or use '*'")
    return head, rows


def _head(cells: list[str], where: str) -> list[str]:
    head = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in cells]
    for name in head:
        if name not in INPUTS and name not in (_OUTCOME, _DAYS, _TEXT):
            raise TableError(
                f"'{name[:60]}' is no input we know", where=where, next_step=f"inputs there: {', '.join(INPUTS)}"
            )
        if head.count(name) > 1:
            raise TableError(f"the column '{name}' stands there twice", where=where, next_step="remove one")
    if not any(name in INPUTS for name in head):
        raise TableError("the table asks for no input", where=where, next_step=f"inputs there: {', '.join(INPUTS)}")
    return head


def _row(head: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) != len(head):
        raise TableError(
            f"the row has {len(cells)} cells, the head {len(head)}", where=where, next_step="give every column a cell"
        )
    row = {
        name: cell.strip() if name in (_TEXT, _OUTCOME) else cell.strip().lower()
        for name, cell in zip(head, cells, strict=True)
    }
    for name, value in row.items():
        if name in INPUTS and value != _ANY and value not in INPUTS[name].values:
            raise TableError(
                f"'{value[:60]}' is no value of '{name}'",
                where=where,
                next_step=f"values there: {', '.join(INPUTS[name].values)}, or '*' for any",
            )
    if not row.get(_OUTCOME):
        raise TableError("the row has no outcome", where=where, next_step="fill the column 'outcome'")
    return row


def _own_outcomes(rows: list[Row], where: str) -> dict[str, Outcome]:
    """The outcomes that rows name, ranked. Raises TableError where two rows give one outcome different days."""
    found: dict[str, tuple[int | None, int, str]] = {}
    for line, row in rows:
        name, days = row[_OUTCOME], _days(row[_DAYS], f"{where}:{line}")
        known = found.setdefault(name, (days, line, row.get(_TEXT, "")))
        if known[0] != days:
            raise TableError(
                f"'{name[:60]}' has {_shown(days)} here and {_shown(known[0])} in row {known[1]}",
                where=f"{where}:{line}",
                next_step="give the outcome the same days everywhere, or another name",
            )
    order = sorted(found, key=lambda name: (math.inf if found[name][0] is None else found[name][0], found[name][1]))
    return {
        name: Outcome(name=name[:80], rank=rank, days=found[name][0], text=found[name][2][:200])
        for rank, name in enumerate(order)
    }


def _days(text: str, where: str) -> int | None:
    if text in ("", "none", "-"):
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= MAX_DAYS):
        raise TableError(
            f"'{text[:20]}' is no number of days",
            where=where,
            next_step=f"write a whole number up to {MAX_DAYS}, or nothing for no deadline",
        )
    return int(text)


def _shown(days: int | None) -> str:
    return "no deadline" if days is None else f"{days} days"


def _table(
    name: str, head: list[str], rows: list[Row], outcomes: Mapping[str, Outcome], where: str, about: dict[str, Any]
) -> Table:
    inputs = tuple(column for column in head if column in INPUTS)
    if math.prod(len(INPUTS[each].values) for each in inputs) > MAX_CELLS:
        raise TableError("the table has too many combinations", where=where, next_step="use fewer inputs")
    decided: dict[tuple[str, ...], tuple[str, int]] = {}
    work = 0
    for line, row in rows:
        for key in _expanded(inputs, row):
            work += 1
            if work > MAX_CELLS * 10:
                raise TableError("the table has too many rows with '*'", where=f"{where}:{line}")
            outcome = row[_OUTCOME]
            before = decided.setdefault(key, (outcome, line))
            if before[0] != outcome:
                raise TableError(
                    f"for {_said(inputs, key)} this row says '{outcome[:60]}' and row {before[1]} '{before[0][:60]}'",
                    where=f"{where}:{line}",
                    next_step="keep one of them",
                )
            if outcome not in outcomes:
                raise TableError(f"'{outcome[:60]}' is no outcome of this table", where=f"{where}:{line}")
    _complete(inputs, decided, where)
    return Table(
        name=name,
        inputs=inputs,
        outcomes=tuple(sorted(outcomes.values(), key=lambda each: each.rank)),
        rows={key: outcomes[outcome] for key, (outcome, _) in decided.items()},
        **about,
    )


def _expanded(inputs: tuple[str, ...], row: dict[str, str]) -> Iterator[tuple[str, ...]]:
    return itertools.product(*(INPUTS[name].values if row[name] == _ANY else (row[name],) for name in inputs))


def _complete(inputs: tuple[str, ...], decided: Mapping[tuple[str, ...], object], where: str) -> None:
    missing = [key for key in itertools.product(*(INPUTS[name].values for name in inputs)) if key not in decided]
    if missing:
        raise TableError(
            f"no row for {_said(inputs, missing[0])}"
            + (f", and for {len(missing) - 1} other combinations" if len(missing) > 1 else ""),
            where=where,
            next_step="add the rows; '*' stands for any value",
        )


def _said(inputs: tuple[str, ...], key: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(inputs, key, strict=True))
