"""What a source hands over: entries to read, and which of the old ones are gone."""

import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pavedroad.advisories.errors import SourceError
from pavedroad.infra.archives import ZipEntry, ZipLimits, printable, read_zip

Differs = Callable[[str, int, int], bool]
"""Asked with an entry's label, CRC-32 and size; False when it is known already and need not be read."""

MAX_FILES = 2_000_000
MAX_RECORD = 32 << 20

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+~-]{0,119}")


def safe_id(name: str) -> bool:
    """Whether an id can be part of a path and of a URL: no slash, nothing that starts with a dot."""
    return _SAFE_ID.fullmatch(name) is not None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One delivery. ``ecosystem`` is empty when it mixes several; ``only`` then names those wanted, empty for all.

    ``content`` is a zip, a folder of ``*.json``, a tuple of single files, or None when nothing changed. Of a zip or a
    folder, what it does not hold is gone; of single files only what ``gone`` names.
    """

    ecosystem: str
    source: str
    only: tuple[str, ...] = ()
    content: Path | tuple[Path, ...] | None = None
    gone: tuple[str, ...] = ()
    archive: str = ""
    etag: str = ""
    last_modified: str = ""
    cursor: str = ""
    limits: ZipLimits | None = None

    @property
    def complete(self) -> bool:
        return isinstance(self.content, Path)

    def entries(self, differs: Differs) -> Iterator[ZipEntry]:
        """The entries that differ from what is known. Raises ArchiveError or SourceError."""
        if isinstance(self.content, tuple):
            yield from _files(self.content, None, differs)
        elif self.content is not None and self.content.is_dir():
            yield from _files(json_files(self.content), self.content, differs)
        elif self.content is not None:
            yield from read_zip(self.content, self.limits, differs=differs)


def json_files(base: Path) -> Iterator[Path]:
    """Every ``*.json`` below, sorted, links and hidden folders left out. Raises SourceError for too many."""
    count = 0
    for folder, names, files in os.walk(base):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".json") and not name.startswith("."):
                count += 1
                if count > MAX_FILES:
                    raise SourceError(f"the folder has more than {MAX_FILES} records", where=str(base))
                yield Path(folder, name)


def _files(paths: Iterator[Path] | tuple[Path, ...], base: Path | None, differs: Differs) -> Iterator[ZipEntry]:
    for path in paths:
        label = printable(str(path.relative_to(base)) if base else path.name)
        entry = _file(path, label)
        if entry.problem or differs(label, zlib.crc32(entry.content), len(entry.content)):
            yield entry


def _file(path: Path, label: str) -> ZipEntry:
    try:
        if path.is_symlink() or not path.is_file():
            return ZipEntry(label=label, problem="it is a link or no plain file")
        with path.open("rb") as stream:
            content = stream.read(MAX_RECORD + 1)
    except OSError as error:
        return ZipEntry(label=label, problem=f"it cannot be read: {error.strerror}")
    if len(content) > MAX_RECORD:
        return ZipEntry(label=label, problem=f"it has more than {MAX_RECORD} bytes")
    return ZipEntry(label=label, content=content)
