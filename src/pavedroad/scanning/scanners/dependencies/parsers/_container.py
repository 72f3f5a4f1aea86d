"""References to container images (distribution specification): ``host/name:tag@sha256:...``."""

import re
from typing import Any

from pavedroad.scanning.scanners.dependencies.model import SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import UNPINNED, Source

ECOSYSTEM = "Docker"

_REFERENCE = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._/-]{0,300}?(?::[0-9]{1,5}/[A-Za-z0-9._/-]{1,300}?)?)"
    r"(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?"
)


def image(source: Source, text: Any, line: int, scope: str = SCOPE_RUNTIME) -> Package | None:
    """The image a text refers to. A tag may be moved by whoever owns the image: without a digest that is told."""
    match = _REFERENCE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        source.gaps.add("an image whose name is computed or cannot be read", shown(str(text)))
        return None
    name, tag, digest = match.groups()
    if not tag and not digest:
        source.gaps.add(UNPINNED, shown(name))
        return None
    if not digest:
        source.gaps.add("an image by tag, without a digest: it may change", shown(str(text)), harmless=True)
    return source.package(
        name,
        tag or digest,
        line,
        ecosystem=ECOSYSTEM,
        direct=True,
        scope=scope,
        hashes=read.prefixed(digest or ""),
    )
