"""What a caller asks of the gate."""

from pathlib import Path
from typing import Protocol

import msgspec


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One check. ``path`` is a folder or file inside the project. ``only`` and ``skip`` name kinds.

    At most one of ``since`` (a git ref), ``staged`` and ``baseline`` (a saved run) chooses the comparison; with none of
    them and ``compare`` true, the CI's own variables choose. ``image`` (a reference) or ``rootfs`` (a folder) is looked
    at in place of the tree; ``path`` then only says whose settings and waivers hold.
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
    config: Path | None = None


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
