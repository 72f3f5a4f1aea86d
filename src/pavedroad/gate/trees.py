"""The other files that a scanner may read while it looks at one: as they are now, and as they were at the base.

Called by :mod:`.scan` for scanners that say they read neighbours. An old version of a file must be judged with the old
versions of its neighbours, and a file that did not change must be judged anew when a neighbour of it did.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from pavedroad.gate.sources import Side, Source
from pavedroad.infra.cache import content_digest
from pavedroad.infra.git import Repository
from pavedroad.infra.walk import read_inside
from pavedroad.scanning.errors import ScanningError
from pavedroad.scanning.model import ReadsNeighbours, Scanner
from pavedroad.scanning.protocol import Overlays

MAX_OVERLAY = 64 << 20


class Trees(msgspec.Struct):
    """Overlays for the scanner's processes, and what they let a cached result be checked against."""

    root: Path
    max_bytes: int
    overlays: Overlays = Overlays()
    _digests: dict[tuple[str, bool], bytes] = {}

    def digest(self, path: str, *, old: bool) -> bytes:
        """The digest of a neighbour as it stands now (``old``: as it stood), empty when there is none."""
        key = (path, old)
        if key not in self._digests:
            content = self._content(path, self.overlays.base if old else self.overlays.head)
            self._digests[key] = b"" if content is None else content_digest(content)
        return self._digests[key]

    def _content(self, path: str, overlay: dict[str, bytes | None]) -> bytes | None:
        if path in overlay or not self.overlays.on_disk:
            return overlay.get(path)
        return read_inside(self.root, path, self.max_bytes)


def promoted(scanner: Scanner, selected: list[Source], sources: Sequence[Source]) -> list[Source]:
    """``selected``, where unchanged files count as changed, with today's content as their old one, when a file that
    they may read has changed."""
    if not isinstance(scanner, ReadsNeighbours) or not any(
        s.side is Side.BASE or s.side is Side.KNOWN for s in sources
    ):
        return selected
    if not any(s.side is not Side.KNOWN and not s.commit and scanner.shares(s.path) for s in sources):
        return selected
    again = msgspec.structs.replace
    result: list[Source] = []
    for source in selected:
        if source.side is Side.KNOWN:
            result += [again(source, side=Side.HEAD), again(source, side=Side.BASE)]
        else:
            result.append(source)
    return result


def overlays(scanner: Scanner, sources: Sequence[Source], repository: Repository | None, max_bytes: int) -> Overlays:
    """What differs from the files on disk, for neighbours that ``scanner`` shares. Raises ScanningError when that is
    too much to hold, and GitError."""
    if not isinstance(scanner, ReadsNeighbours):
        return Overlays()
    shared = [s for s in sources if s.side is not Side.KNOWN and not s.commit and scanner.shares(s.path)]
    spooled = [s for s in shared if s.spool is not None]
    if spooled or any(s.spool is not None for s in sources):
        return Overlays(head=_of_spool(scanner, spooled), on_disk=False)
    now = {s.path: s for s in shared if s.side is Side.HEAD}
    then = {s.path: s for s in shared if s.side is Side.BASE}
    blobs = [s for s in shared if s.entry is None]
    contents: dict[tuple[Side, str], bytes | None] = {}
    if blobs and repository is not None:
        read = repository.contents((s.blob_id for s in blobs), max_bytes)
        contents = {(s.side, s.path): content for s, (_, content) in zip(blobs, read, strict=True)}
    _check_size(scanner, sum(len(content or b"") for content in contents.values()))
    head = {path: contents.get((Side.HEAD, path)) for path, source in now.items() if source.entry is None}
    base = {path: contents.get((Side.BASE, path)) for path, source in then.items() if source.entry is None}
    return Overlays(
        head=head | {path: None for path in then if path not in now},
        base=base | {path: None for path in now if path not in then},
    )


def _of_spool(scanner: Scanner, spooled: list[Source]) -> dict[str, bytes | None]:
    _check_size(scanner, sum(source.size for source in spooled))
    return {s.path: s.spool.read(s.place, s.size) for s in spooled if s.spool is not None}


def _check_size(scanner: Scanner, size: int) -> None:
    if size > MAX_OVERLAY:
        raise ScanningError(
            f"the files that '{scanner.name}' must read beside others hold more than {MAX_OVERLAY >> 20} MiB",
            next_step="compare smaller changes, or look at the whole tree: --full",
        )
