"""What a caller asks of the gate."""

from pathlib import Path
from typing import Protocol

import msgspec


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One check. ``path`` is a folder or file inside the project. ``only`` and ``skip`` name kinds.

    At most one of ``since`` (a git ref), ``staged`` and ``baseline`` (a saved run) chooses the comparison; with none of
    them and ``compare`` true, the CI's own variables choose. ``image`` (a reference), ``rootfs`` (a folder) or ``sbom``
    (a file) is looked at in place of the tree; ``path`` then only says whose settings and waivers hold.
    ``vex`` are documents to heed beside those that the configuration lists.
    """

    path: Path
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    since: str = ""
    staged: bool = False
    baseline: Path | None = None
    compare: bool = True
    history: bool = False
    cache: bool = True
    network: bool = False
    image: str = ""
    rootfs: Path | None = None
    platform: str = ""
    sbom: Path | None = None
    config: Path | None = None
    vex: tuple[Path, ...] = ()


def check_options(request: CheckRequest) -> str:
    """Why the request cannot be about an image, empty when it can."""
    if sum((bool(request.image), request.rootfs is not None, request.sbom is not None)) > 1:
        return "--image, --rootfs and --sbom each name the subject; give one of them"
    if request.since or request.staged or request.history:
        return "an image has no history here: leave --since, --staged and --history out (--baseline FILE compares)"
    return ""


def is_subject(request: CheckRequest) -> bool:
    """Whether the request names an image, a root file system or a bill rather than a tree."""
    return bool(request.image) or request.rootfs is not None or request.sbom is not None


class Progress(Protocol):
    """Told how far each scanner is. Called from several threads."""

    def started(self, scanner: str, total: int) -> None: ...

    def advanced(self, scanner: str, count: int) -> None: ...

    def finished(self, scanner: str) -> None: ...


class NoProgress:
    """Shows nothing: for CI logs and tests."""

    def started(self, scanner: str, total: int) -> None:
        """Ignore it."""

    def advanced(self, scanner: str, count: int) -> None:
        """Ignore it."""

    def finished(self, scanner: str) -> None:
        """Ignore it."""
