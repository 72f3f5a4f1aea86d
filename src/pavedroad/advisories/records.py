"""Decodes OSV records (schema 1.x, ossf.github.io/osv-schema) that nobody trusts into our own bounded data.

Tolerant in what the field tolerates (nulls for empty lists, missing schema version, unknown keys), strict in what
decides a match: a record whose id, package or events have the wrong shape is refused as a whole, and counted by the
importer.
"""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from pavedroad.advisories.errors import SourceError
from pavedroad.advisories.model import Affected, Event, Header, Range
from pavedroad.core.finding import Reference

MAX_SUMMARY = 300
MAX_DETAILS = 6000
MAX_NAMES = 200
MAX_REFERENCES = 20
MAX_URL = 2000
MAX_IMPORTS = 20
MAX_VECTOR = 300
MAX_ID = 120
MAX_PACKAGE = 400

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+~-]*")
_WORD = re.compile(r"[a-z]{2,20}")
_CWE = re.compile(r"CWE-([0-9]{1,6})")


class _Package(msgspec.Struct):
    ecosystem: str = ""
    name: str = ""


class _Severity(msgspec.Struct):
    type: str = ""
    score: str = ""


class _Range(msgspec.Struct):
    type: str = ""
    events: list[dict[str, str]] | None = None


class _Affected(msgspec.Struct):
    package: _Package | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None
    severity: list[_Severity] | None = None
    ecosystem_specific: dict[str, Any] | None = None
    database_specific: dict[str, Any] | None = None


class _Reference(msgspec.Struct):
    type: str = ""
    url: str = ""


class _Record(msgspec.Struct):
    id: str
    schema_version: str | None = None
    modified: str | None = None
    published: str | None = None
    withdrawn: str | None = None
    aliases: list[str] | None = None
    related: list[str] | None = None
    upstream: list[str] | None = None
    summary: str | None = None
    details: str | None = None
    severity: list[_Severity] | None = None
    affected: list[_Affected] | None = None
    references: list[_Reference] | None = None
    database_specific: dict[str, Any] | None = None


class Decoded(msgspec.Struct, frozen=True):
    """One record: its header, and per package (ecosystem, name as written) what it says. ``git``: some of its ranges
    are of commits."""

    header: Header
    packages: dict[tuple[str, str], tuple[Affected, ...]]
    git: bool = False


_DECODER = msgspec.json.Decoder(_Record)


def clean(text: str | None, limit: int, *, lines: bool = False) -> str:
    """``text`` without control and bidirectional characters (they could rewrite a terminal), at most ``limit`` long."""
    kept = "".join(c if c.isprintable() or (lines and c == "\n") else " " for c in (text or "")[: limit + 1])
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def instant(text: str | None) -> datetime | None:
    """An RFC 3339 time in UTC; None when absent, broken or a zero date (Go's export writes year 1)."""
    try:
        value = datetime.fromisoformat(text or "")
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return value if value.year >= 1990 else None


def _event(raw: dict[str, str]) -> Event:
    if len(raw) != 1:
        raise SourceError("a range event does not have exactly one kind")
    kind, version = next(iter(raw.items()))
    if kind not in ("introduced", "fixed", "last_affected", "limit"):
        raise SourceError("a range event is of an unknown kind")
    if not version:
        raise SourceError("a range event has no version")
    return Event(**{kind: clean(version, MAX_VECTOR)})


def _vectors(severities: list[_Severity] | None) -> tuple[str, ...]:
    wanted = ("CVSS_V2", "CVSS_V3", "CVSS_V4")
    return tuple(s.score for s in severities or () if s.type in wanted and len(s.score) <= MAX_VECTOR)


def _word(severities: list[_Severity] | None, *others: Any) -> str:
    """The first severity that is a word: of types such as ``Ubuntu``, then what the source keeps in fields of its
    own."""
    stated = [s.score for s in severities or () if not s.type.startswith("CVSS")]
    words = [clean(word, 20).strip().lower() for word in (*stated, *others) if isinstance(word, str)]
    return next((word for word in words if _WORD.fullmatch(word)), "")


def _texts(raw: Any, limit: int) -> tuple[str, ...]:
    return tuple(clean(x, MAX_PACKAGE) for x in raw[:limit] if isinstance(x, str)) if isinstance(raw, list) else ()


def _imports(specific: dict[str, Any]) -> tuple[str, ...]:
    raw = specific.get("imports")
    paths = [x.get("path") for x in raw if isinstance(x, dict)] if isinstance(raw, list) else []
    return _texts(paths, MAX_IMPORTS)


def _affected(raw: _Affected) -> Affected:
    database, own = raw.database_specific or {}, raw.ecosystem_specific or {}
    word = database.get("informational")
    return Affected(
        ranges=tuple(
            Range(events=tuple(_event(event) for event in r.events or ())) for r in raw.ranges or () if _by_version(r)
        ),
        versions=tuple(clean(version, MAX_VECTOR) for version in raw.versions or ()),
        vectors=_vectors(raw.severity),
        severity_word=_word(raw.severity, own.get("severity"), own.get("urgency"), database.get("severity")),
        informational=clean(word, 40) if isinstance(word, str) else "",
        imports=_imports(own),
    )


def _by_version(span: _Range) -> bool:
    """Whether lock files can be compared with the range. A type nobody knows yet could be the one that matters."""
    if span.type not in ("SEMVER", "ECOSYSTEM", "GIT"):
        raise SourceError("a range is of an unknown type")
    return span.type != "GIT"


def _packages(raw: _Record) -> dict[tuple[str, str], tuple[Affected, ...]]:
    found: dict[tuple[str, str], list[Affected]] = {}
    for entry in raw.affected or ():
        package = entry.package
        if package is None or not package.name or not package.ecosystem:
            continue  # affected by commit only: no lock file entry can match it
        if len(package.name) > MAX_PACKAGE or len(package.ecosystem) > MAX_PACKAGE:
            raise SourceError("a package name is too long")
        found.setdefault((package.ecosystem, package.name), []).append(_affected(entry))
    return {key: tuple(value) for key, value in found.items()}


def _cwe(database: dict[str, Any]) -> tuple[int, ...]:
    raw = database.get("cwe_ids")
    texts = [x for x in raw if isinstance(x, str)] if isinstance(raw, list) else []
    return tuple(sorted({int(m.group(1)) for x in texts[:50] if (m := _CWE.fullmatch(x))}))


def _names(raw: list[str] | None) -> tuple[str, ...]:
    return tuple(name for name in (raw or ())[:MAX_NAMES] if len(name) <= MAX_ID and _ID.fullmatch(name))


def _references(raw: list[_Reference] | None) -> tuple[Reference, ...]:
    kept = [r for r in raw or () if r.url.startswith(("https://", "http://")) and len(r.url) <= MAX_URL]
    return tuple(Reference(url=clean(r.url, MAX_URL), title=clean(r.type, 40).lower()) for r in kept[:MAX_REFERENCES])


def _header(raw: _Record) -> Header:
    database = raw.database_specific or {}
    review = database.get("review_status")
    return Header(
        id=raw.id,
        aliases=_names(raw.aliases),
        related=_names(raw.related),
        upstream=_names(raw.upstream),
        summary=clean(raw.summary, MAX_SUMMARY).strip(),
        details=clean(raw.details, MAX_DETAILS, lines=True).strip(),
        modified=instant(raw.modified),
        published=instant(raw.published),
        # A withdrawal with a broken date is still a withdrawal.
        withdrawn=(instant(raw.withdrawn) or datetime(1990, 1, 1, tzinfo=UTC)) if raw.withdrawn else None,
        vectors=_vectors(raw.severity),
        severity_word=_word(raw.severity, database.get("severity")),
        cwe=_cwe(database),
        references=_references(raw.references),
        reviewed=review != "UNREVIEWED",
    )


def decode(content: bytes) -> Decoded:
    """One OSV record. Raises SourceError, saying which part is wrong without quoting it."""
    try:
        raw = _DECODER.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"this is not an OSV record: {clean(str(error), 160)}") from error
    if len(raw.id) > MAX_ID or not _ID.fullmatch(raw.id):
        raise SourceError("the record's id is not one")
    if raw.schema_version and raw.schema_version.partition(".")[0] != "1":
        raise SourceError("the record follows another major version of the OSV schema")
    git = any(span.type == "GIT" for entry in raw.affected or () for span in entry.ranges or ())
    return Decoded(_header(raw), _packages(raw), git)
