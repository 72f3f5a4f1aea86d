"""What a CI platform is to ``paved init``, and what it says about a project."""

from pathlib import Path
from typing import Protocol

from pavedroad.core.noun import Noun


class Package(Noun, frozen=True, kw_only=True):
    """What a job installs. ``arguments`` follow ``pip install``: one line, safe inside a job as it is.

    ``remarks`` are lines for a comment of the job. ``after`` is a person's next step; ``missing`` says, when it is not
    empty, why CI may find nothing to install and what to do about it.
    """

    arguments: str
    remarks: tuple[str, ...] = ()
    after: str = ""
    missing: str = ""

    def fill(self, job: str, *, comment: str = "#") -> str:
        """``job`` with ``@INSTALL@`` replaced, and the remarks as comments in place of the line ``@REMARKS@``."""
        remarks = "".join(f"{comment} {text}\n" for text in self.remarks)
        return job.replace("@REMARKS@\n", remarks).replace("@INSTALL@", self.arguments)


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

    def job(self, package: Package) -> str:
        """The whole file, for a job that installs ``package``."""
        ...


class Surroundings(Noun, frozen=True, kw_only=True):
    """What is known of the project. ``host`` is the host of the git remote, empty when there is none.

    ``hooks`` is the folder of git's hooks, None outside git or where another tool has moved them (``hooks_moved``).
    """

    root: Path
    host: str = ""
    hooks: Path | None = None
    hooks_moved: bool = False
