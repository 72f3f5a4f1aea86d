"""What a CI platform is to ``paved init``, and what it says about a project."""

from pathlib import Path
from typing import Protocol

from pavedroad.core.noun import Noun


class Platform(Protocol):
    """A plug-in: ``platforms/<name>.py`` defines ``PLATFORM``.

    ``path`` is where the job lives, relative to the root. ``shared`` says that this file holds other jobs too; it is
    then never replaced, not even with ``--force``. ``marks`` are paths whose presence shows that the platform is used,
    ``hosts`` parts of a remote's host name that suggest it. ``after`` is what a person still has to do.
    """

    name: str
    title: str
    path: str
    shared: bool
    marks: tuple[str, ...]
    hosts: tuple[str, ...]
    after: str

    def job(self, version: str) -> str:
        """The whole file, for this version of Pavedroad."""
        ...


class Surroundings(Noun, frozen=True, kw_only=True):
    """What is known of the project. ``host`` is the host of the git remote, empty when there is none.

    ``hooks`` is the folder of git's hooks, None outside git or where another tool has moved them (``hooks_moved``).
    """

    root: Path
    host: str = ""
    hooks: Path | None = None
    hooks_moved: bool = False
