"""Reads dated snapshots for the back-test: the KEV catalogue, daily EPSS files, and lists of CVSS vectors.

Files of others: bounded in size and rows. A row that cannot be read is counted and told, never dropped in silence.
"""

import csv
import io
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec

from pavedroad.core.noun import Noun
from pavedroad.infra.errors import FileError
from pavedroad.infra.files import read_file
from pavedroad.priority.errors import SnapshotError, VectorError
from pavedroad.priority.scoring import parse

MAX_PACKED, MAX_TEXT, MAX_ROWS, MAX_FILES = 64 << 20, 512 << 20, 3_000_000, 20_000
_CVE = re.compile(r"CVE-\d{4}-\d{4,19}", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)", re.ASCII)
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
_IMPACT = {"total": True, "partial": False}
_EXPLOITATION = {"none": "none", "poc": "poc", "public poc": "poc", "active": "active"}


class Kev(Noun, frozen=True, kw_only=True):
    """The catalogue: CVE to the day it was added; ``broken`` entries could not be read."""

    released: date | None
    added: dict[str, date]
    broken: int = 0


class Epss(Noun, frozen=True, kw_only=True):
    """The scores of one day, 0 to 1, by CVE."""

    day: date
    model: str
    scores: dict[str, float]
    broken: int = 0


class Facts(Noun, frozen=True, kw_only=True):
    """What a list of vectors says about one CVE; None where it is silent."""

    vector: str = ""
    published: date | None = None
    exploitation: str | None = None
    automatable: bool | None = None
    total_impact: bool | None = None


class Vectors(Noun, frozen=True, kw_only=True):
    """Facts by CVE. ``dated``: the list says when CVEs were published."""

    facts: dict[str, Facts]
    dated: bool = False
    broken: int = 0


class _KevEntry(msgspec.Struct):
    cveID: str = ""  # noqa: N815 - the catalogue's own name
    dateAdded: str = ""  # noqa: N815 - the catalogue's own name


class _KevFile(msgspec.Struct):
    vulnerabilities: list[_KevEntry]
    dateReleased: str = ""  # noqa: N815 - the catalogue's own name


def is_cve(text: str) -> bool:
    """Whether ``text`` is the id of a CVE."""
    return _CVE.fullmatch(text) is not None


def read_kev(path: Path) -> Kev:
    """CISA's catalogue in JSON. Raises SnapshotError."""
    content = _content(path, "the KEV catalogue")
    try:
        document = msgspec.json.decode(content, type=_KevFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SnapshotError(
            f"this is no KEV catalogue: {str(error)[:200]}", where=str(path), next_step="give CISA's JSON file"
        ) from error
    added: dict[str, date] = {}
    broken = 0
    for entry in document.vulnerabilities:
        day, cve = _day(entry.dateAdded), entry.cveID.strip().upper()
        if day is None or not is_cve(cve):
            broken += 1
        else:
            added[cve] = min(day, added.get(cve, day))
    return Kev(released=_day(document.dateReleased), added=added, broken=broken)


def read_epss(path: Path, at: date) -> Epss:
    """The scores of ``at``: of the file given, or of the newest file of a folder that is not newer than ``at``.

    Raises SnapshotError when there is none: later scores know what happened, and would flatter every strategy.
    """
    if not path.is_dir():
        return _epss_file(path, at)
    named: list[tuple[date, Path]] = []
    for number, file in enumerate(sorted(path.iterdir())):
        if number >= MAX_FILES:
            raise SnapshotError(f"the folder has more than {MAX_FILES} entries", where=str(path))
        day = _day(found[1]) if (found := _DAY.search(file.name)) else None
        if day is not None and day <= at and file.name.endswith((".csv", ".csv.gz")):
            named.append((day, file))
    if not named:
        raise SnapshotError(
            f"there is no EPSS file of {at} or before",
            where=str(path),
            next_step="put daily files there, named such as epss_scores-2026-01-31.csv.gz",
        )
    return _epss_file(max(named)[1], at)


def _epss_file(path: Path, at: date) -> Epss:
    text = _text(_content(path, "the EPSS file"), path)
    first, _, rest = text.partition("\n")
    about = dict(pair.partition(":")[::2] for pair in first.lstrip("#").strip().split(",")) if first[:1] == "#" else {}
    named = _DAY.search(path.name)
    day = _day(about.get("score_date", "")) or (_day(named[1]) if named else None)
    if day is None:
        raise SnapshotError(
            "the day of these scores is not known",
            where=str(path),
            next_step="keep the first line of the file (score_date), or name it such as epss_scores-2026-01-31.csv",
        )
    if day > at:
        raise SnapshotError(
            f"the scores are of {day}, after {at}: they know what happened since",
            where=str(path),
            next_step=f"give scores of {at} or before",
        )
    scores: dict[str, float] = {}
    broken = 0
    for row in _rows(rest if about else text, path, ("cve", "epss")):
        cve, score = row["cve"].upper(), _fraction(row["epss"])
        if score is None or not is_cve(cve):
            broken += 1
        else:
            scores[cve] = score
    return Epss(day=day, model=about.get("model_version", "")[:40], scores=scores, broken=broken)


def read_vectors(path: Path) -> Vectors:
    """A CSV with the columns ``cve`` and ``vector``, and if known ``published`` (a day), ``exploitation``,
    ``automatable`` and ``technical_impact`` (as CISA Vulnrichment says them). Several rows of a CVE: the best vector
    counts. Raises SnapshotError."""
    facts: dict[str, Facts] = {}
    broken, dated = 0, False
    for row in _rows(_text(_content(path, "the list of vectors"), path), path, ("cve", "vector")):
        cve = row["cve"].upper()
        made = _facts(row)
        if made is None or not is_cve(cve):
            broken += 1
            continue
        dated = dated or made.published is not None
        known = facts.get(cve)
        facts[cve] = made if known is None else _merged(known, made)
    return Vectors(facts=facts, dated=dated, broken=broken)


def _facts(row: dict[str, str]) -> Facts | None:
    vector = row["vector"]
    try:
        if vector:
            parse(vector)
    except VectorError:
        return None
    return Facts(
        vector=vector,
        published=_day(row.get("published", "")),
        exploitation=_EXPLOITATION.get(row.get("exploitation", "").lower()),
        automatable=_YES_NO.get(row.get("automatable", "").lower()),
        total_impact=_IMPACT.get(row.get("technical_impact", "").lower()),
    )


def _merged(one: Facts, two: Facts) -> Facts:
    days = [each.published for each in (one, two) if each.published]
    vectors = [each.vector for each in (one, two) if each.vector]
    return Facts(
        vector=max(vectors, key=lambda text: (parse(text).version, parse(text).base, text), default=""),
        published=min(days, default=None),
        exploitation=one.exploitation or two.exploitation,
        automatable=two.automatable if one.automatable is None else one.automatable,
        total_impact=two.total_impact if one.total_impact is None else one.total_impact,
    )


def _content(path: Path, what: str) -> bytes:
    try:
        content = read_file(path, MAX_PACKED, special=True)
    except FileError as error:
        raise SnapshotError(error.what, where=str(path), next_step=error.next_step) from error
    if content is None:
        raise SnapshotError(f"{what} is not there", where=str(path), next_step="correct the path")
    return content


def _text(content: bytes, path: Path) -> str:
    """The text of a CSV, unpacked when it is gzip; at most MAX_TEXT bytes of it are ever made."""
    try:
        if content[:2] == b"\x1f\x8b":
            unpack = zlib.decompressobj(wbits=31)
            content = unpack.decompress(content, MAX_TEXT)
            if unpack.unconsumed_tail:
                raise SnapshotError(f"it unpacks to more than {MAX_TEXT} bytes", where=str(path))
            if not unpack.eof:
                raise SnapshotError("the gzip file is cut off", where=str(path), next_step="get it again")
        return content.decode("utf-8-sig")
    except (zlib.error, UnicodeDecodeError) as error:
        raise SnapshotError(f"it cannot be read: {error}", where=str(path), next_step="get it again") from error


def _rows(text: str, path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Rows as stripped text by column, the head in lower case. Raises SnapshotError for a missing column, broken CSV or
    too many rows; short rows have empty cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head: list[str] = []
    number = 0
    try:
        for cells in reader:
            if not cells or cells[0].startswith("#"):
                continue
            if not head:
                head = [cell.strip().lower() for cell in cells]
                missing = [name for name in needed if name not in head]
                if missing:
                    raise SnapshotError(
                        f"the column '{missing[0]}' is missing", where=f"{path}:{reader.line_num}", next_step="add it"
                    )
                continue
            number += 1
            if number > MAX_ROWS:
                raise SnapshotError(f"it has more than {MAX_ROWS} rows", where=str(path))
            yield {name: cell.strip() for name, cell in zip(head, cells + [""] * len(head), strict=False)}
    except csv.Error as error:
        raise SnapshotError(f"this is no CSV: {error}", where=f"{path}:{reader.line_num}") from error
    if not head:
        raise SnapshotError("the file is empty", where=str(path), next_step=f"it needs the columns {', '.join(needed)}")


def _day(text: str) -> date | None:
    """The day of a date or a date with time, None for anything else."""
    try:
        return datetime.strptime(text.strip()[:10], "%Y-%m-%d").date()  # noqa: DTZ007 - only the day is kept
    except ValueError:
        return None


def _fraction(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 <= value <= 1.0 else None
