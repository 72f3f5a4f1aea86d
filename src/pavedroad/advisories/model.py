"""Frozen data of the advisory room: an advisory as one package sees it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pavedroad.core.finding import Reference
from pavedroad.core.noun import Noun


class Event(Noun, frozen=True, kw_only=True):
    """One turning point of a range; exactly one field is set. ``introduced`` may be ``0``: before every version."""

    introduced: str = ""
    fixed: str = ""
    last_affected: str = ""
    limit: str = ""


class Range(Noun, frozen=True, kw_only=True):
    """A version range (OSV SEMVER or ECOSYSTEM; GIT ranges are not kept: lock files name versions, not commits)."""

    events: tuple[Event, ...] = ()


class Affected(Noun, frozen=True, kw_only=True):
    """What one advisory says about one package: ranges, and versions listed one by one. ``informational`` is RustSec's
    word for what is no vulnerability (unmaintained, unsound, notice). ``severity_word`` is what the source says about
    this package in a word, lower case. ``imports`` are the packages of a Go module."""

    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()
    severity_word: str = ""
    informational: str = ""
    imports: tuple[str, ...] = ()


class Header(Noun, frozen=True, kw_only=True):
    """What an advisory says independent of the package. Texts are cleaned of control characters and bounded.

    ``upstream`` names the records that this one passes on (a distribution's about a CVE); like ``related`` it makes no
    two records one. ``vectors`` are CVSS vectors; ``severity_word`` is the source's own word, lower case.
    ``reviewed`` is False when the source says that no person has looked at the record.
    """

    id: str
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    summary: str = ""
    details: str = ""
    modified: datetime | None = None
    published: datetime | None = None
    withdrawn: datetime | None = None
    vectors: tuple[str, ...] = ()
    severity_word: str = ""
    cwe: tuple[int, ...] = ()
    references: tuple[Reference, ...] = ()
    reviewed: bool = True


class Advisory(Noun, frozen=True, kw_only=True):
    """One record of one source about one package. ``ecosystem`` and ``package`` are spelled as looked up.

    ``release_unknown``: it speaks about releases of a distribution (``Debian:12``) and the component does not say which
    one it belongs to, so the answer can be no more than "cannot tell".
    """

    source: str
    ecosystem: str
    package: str
    header: Header
    affected: tuple[Affected, ...] = ()
    release_unknown: bool = False

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def malicious(self) -> bool:
        """Whether the package itself is the attack (ids of the OpenSSF malicious-packages project start with MAL-)."""
        return any(name.startswith("MAL-") for name in (self.header.id, *self.header.aliases))


class EcosystemFacts(Noun, frozen=True, kw_only=True):
    """One imported ecosystem. ``newest`` is the date of its newest record, None when most records have no usable date.

    ``records`` are those that can be looked up; ``withdrawn``, ``foreign`` (no package of this ecosystem) and
    ``broken`` are counted beside them. ``git`` of all have ranges of commits, which no look-up by version can use.
    ``digest`` is a SHA-256 over the name and the content of each record: equal data gives an equal digest, whichever
    way it came. ``archive`` is the SHA-256 of the zip it came in, ``cursor`` the newest time in the source's list of
    changes: both only help to ask for what changed.
    """

    name: str
    records: int
    withdrawn: int = 0
    foreign: int = 0
    broken: int = 0
    undated: int = 0
    git: int = 0
    newest: datetime | None = None
    imported: datetime
    source: str
    digest: str
    archive: str = ""
    etag: str = ""
    last_modified: str = ""
    cursor: str = ""

    @property
    def as_of(self) -> datetime | None:
        """How new the data is: the newest record's date, else the export's date as its server gave it, else unknown.
        Never the date of the import: importing an old copy today does not make it new (ADR 4)."""
        return self.newest or _http_date(self.last_modified)


def _http_date(text: str) -> datetime | None:
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


class Broken(Noun, frozen=True, kw_only=True):
    """One record that could not be read."""

    ecosystem: str
    entry: str
    problem: str
