"""Counts records by what they are, so that an update of a few records need not read all."""

import struct
import zlib
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from pavedroad.advisories.model import EcosystemFacts, Header

WITHDRAWN, FOREIGN, UNDATED, GIT = 1, 2, 4, 8
"""Flags of a record. Foreign: it names no package of the ecosystem it is listed under."""

_STAMP = struct.Struct(">II")


def quick_stamp(crc: int, size: int) -> bytes:
    """The first part of a stamp: what a zip tells about an entry without unpacking it."""
    return _STAMP.pack(crc, size & 0xFFFFFFFF)


def stamp_of(content: bytes) -> bytes:
    """24 bytes that tell whether a record's text is the same: CRC-32, size, and a BLAKE2b digest of 128 bits."""
    return quick_stamp(zlib.crc32(content), len(content)) + blake2b(content, digest_size=16).digest()


def flags_of(header: Header, packages: int, git: bool, now: datetime) -> int:
    """The flags of a record."""
    kind = WITHDRAWN if header.withdrawn else 0 if packages else FOREIGN
    return kind | (0 if dates_of(header, now) else UNDATED) | (GIT if git else 0)


def dates_of(header: Header, now: datetime) -> list[datetime]:
    """Its usable dates. A date in the future is a mistake of the record: taking it would make old data look fresh for
    ever."""
    return [d for d in (header.modified, header.published) if d and d <= now + timedelta(days=1)]


class Tally:
    """Counts of one ecosystem: those of its old facts, then every record that came or went."""

    def __init__(self, old: EcosystemFacts | None) -> None:
        self.records = old.records if old else 0
        self.withdrawn = old.withdrawn if old else 0
        self.foreign = old.foreign if old else 0
        self.undated = old.undated if old else 0
        self.git = old.git if old else 0
        self.broken = old.broken if old else 0
        self.came = self.went = self.kept = 0
        # Stays when the newest record goes: the data was read at that age.
        self._newest = old.newest if old else None

    def add(self, flags: int, sign: int) -> None:
        """Count one record in (1) or out (-1)."""
        if flags & WITHDRAWN:
            self.withdrawn += sign
        elif flags & FOREIGN:
            self.foreign += sign
        else:
            self.records += sign
        self.undated += sign * bool(flags & UNDATED)
        self.git += sign * bool(flags & GIT)

    def date(self, header: Header, now: datetime) -> None:
        """Take the record's dates into account."""
        for value in dates_of(header, now):
            self._newest = max(value, self._newest) if self._newest else value

    def fill(self, facts: EcosystemFacts) -> EcosystemFacts:
        """``facts`` with the counts. ``newest`` is None when most records carry no usable date (Go's own export): the
        few that do say nothing about the rest."""
        known = self.records + self.withdrawn + self.foreign - self.undated
        return msgspec.structs.replace(
            facts,
            records=self.records,
            withdrawn=self.withdrawn,
            foreign=self.foreign,
            undated=self.undated,
            git=self.git,
            broken=self.broken,
            newest=self._newest if known >= self.undated else None,
        )
