"""What there is to look at: working files, staged contents, old versions, history; each a `Source` that gives a job."""

import enum
import os
from collections.abc import Iterable, Iterator

import msgspec

from pavedroad.gate.spool import Spool
from pavedroad.infra.cache import blob_digest
from pavedroad.infra.git import FileChange, Repository
from pavedroad.infra.walk import FileEntry, WalkResult, shown
from pavedroad.scanning.protocol import Job

# Git tells a blob's size only when it is asked for each one. Scanners pass over empty files, so it is not 0; the bound
# on size is kept where the content is read.
UNKNOWN_SIZE = 1


class Side(enum.Enum):
    """HEAD is judged; BASE is what it is compared with; KNOWN is unchanged, and only counted where the cache knows
    it."""

    HEAD = "head"
    BASE = "base"
    KNOWN = "known"


class Source(msgspec.Struct, frozen=True):
    """One content: a working file (``entry``), a git blob (``blob_id``, with ``commit`` when it comes from history), or
    a file of an image (``spool``, ``place`` in it and ``digest``)."""

    path: str
    raw: bytes
    side: Side
    size: int = 0
    entry: FileEntry | None = None
    blob_id: str = ""
    commit: str = ""
    spool: Spool | None = None
    place: int = 0
    digest: bytes = b""

    @property
    def content_name(self) -> bytes:
        """A digest of the content that is known without reading; empty for working files."""
        if self.entry is not None:
            return b""
        return self.digest if self.spool is not None else blob_digest(self.blob_id)


class Sources(msgspec.Struct, frozen=True):
    """Everything one run looks at. ``renames`` maps old to new paths; ``compared`` says whether BASE means anything."""

    sources: tuple[Source, ...]
    scope: str
    renames: dict[str, str] = {}
    compared: bool = False


def of_tree(found: WalkResult) -> Sources:
    """Every file of the walk, compared with nothing."""
    return Sources(tuple(_working(entry, Side.HEAD) for entry in found.entries), "tree")


def of_changes(found: WalkResult, changes: Iterable[FileChange]) -> Sources:
    """The changed and the untracked files, old versions, and the unchanged rest as known."""
    changes = tuple(changes)
    changed = {change.new for change in changes if change.new} | found.untracked
    head = [_working(e, Side.HEAD if e.raw in changed else Side.KNOWN) for e in found.entries]
    return Sources((*head, *_old_versions(changes)), "changes", _renames(changes), compared=True)


def of_index(changes: Iterable[FileChange]) -> Sources:
    """The staged contents against those of HEAD."""
    changes = tuple(changes)
    head = [Source(shown(c.new), c.new, Side.HEAD, UNKNOWN_SIZE, blob_id=c.new_id) for c in changes if c.new]
    return Sources((*head, *_old_versions(changes)), "staged", _renames(changes), compared=True)


def of_history(repository: Repository, span: str = "") -> tuple[Source, ...]:
    """Every content that a commit of ``span`` (all refs when empty) introduced."""
    return tuple(
        Source(shown(blob.path), blob.path, Side.HEAD, size=UNKNOWN_SIZE, blob_id=blob.blob_id, commit=blob.commit)
        for blob in repository.history(span)
    )


def _working(entry: FileEntry, side: Side) -> Source:
    return Source(entry.path, entry.raw, side, entry.size, entry)


def _old_versions(changes: tuple[FileChange, ...]) -> Iterator[Source]:
    for change in changes:
        if change.old:
            yield Source(shown(change.old), change.old, Side.BASE, UNKNOWN_SIZE, blob_id=change.old_id)


def _renames(changes: tuple[FileChange, ...]) -> dict[str, str]:
    return {shown(c.old): shown(c.new) for c in changes if c.status == "R" and c.old and c.new}


def jobs(
    sources: Iterable[tuple[int, Source]], repository: Repository | None, max_bytes: int
) -> Iterator[Job | tuple[int, str]]:
    """A job per source, contents of blobs included; or its number and why there is none."""
    blobs: list[tuple[int, Source]] = []
    for number, source in sources:
        if source.entry is not None:
            yield Job(number, source.path, source.raw, source.size, old=source.side is Side.BASE)
        elif source.spool is not None:
            yield Job(number, source.path, source.raw, source.size, source.spool.read(source.place, source.size))
        else:
            blobs.append((number, source))
    if not blobs or repository is None:
        return
    contents = repository.contents((source.blob_id for _, source in blobs), max_bytes)
    for (number, source), (_, content) in zip(blobs, contents, strict=True):
        if content is None:
            yield number, f"missing from this clone, or larger than {max_bytes} bytes"
        else:
            old = source.side is Side.BASE
            yield Job(number, source.path, os.fsencode(source.path), len(content), content, old=old)
