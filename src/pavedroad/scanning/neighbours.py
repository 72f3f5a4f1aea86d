"""Other files of the same tree, for formats that are spread over several files: a ``pom.xml`` and its parent.

Handed to scanners with each file. What was read is recorded, so that a cached result holds only as long as all of its
files stay as they were. A path never leads out of the tree, and links are not followed.
"""

import posixpath
from collections.abc import Mapping
from pathlib import Path

from pavedroad.infra.cache import content_digest
from pavedroad.infra.walk import read_inside

MAX_READS = 500
MAX_BYTES = 64 << 20


class Neighbours:
    """A tree on disk, some of whose files have another content: that of an old version, of the index, of an image.

    ``overlay`` maps paths to contents, None for files that do not exist there; ``root`` is None when nothing but the
    overlay counts. ``reads`` maps every path asked for to the digest of what was found, empty for nothing.
    """

    def __init__(self, root: Path | None, max_bytes: int, overlay: Mapping[str, bytes | None]) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._overlay = overlay
        self._left = MAX_BYTES
        self.reads: dict[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        """See :class:`pavedroad.scanning.model.Tree`."""
        path = posixpath.normpath(path)
        if path.startswith(("/", "../")) or path in ("..", ".") or len(self.reads) >= MAX_READS:
            return None
        content = self._content(path)
        self.reads[path] = b"" if content is None else content_digest(content)
        return content

    def _content(self, path: str) -> bytes | None:
        if path in self._overlay:
            content = self._overlay[path]
        elif self._root is None:
            return None
        else:
            content = read_inside(self._root, path, min(self._max_bytes, self._left))
        if content is None or len(content) > self._left:
            return None
        self._left -= len(content)
        return content
