"""Finds the programs that :mod:`pavedroad.infra.process` runs, and never one that the scanned tree brought along."""

import os
import shutil
from pathlib import Path

from pavedroad.infra.errors import GuestError

SAFE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# How to get the programs that we know of; the words end an error message.
HOW_TO_GET = {"git": "install git, for example: apt-get install git"}


def find_program(name: str, *, cwd: str | os.PathLike[str] = "/") -> str:
    """The absolute path of a program. Raises GuestError when there is none.

    A folder of PATH inside ``cwd`` is passed over: what we scan must not choose what we run.
    """
    if os.sep in name:
        if os.access(name, os.X_OK) and Path(name).is_file():
            return os.path.abspath(name)  # noqa: PTH100 - links stay: a venv's python is one
    elif found := shutil.which(name, path=search_path(cwd)):
        return found
    raise GuestError(
        f"the program '{name}' was not found or cannot be run",
        next_step=HOW_TO_GET.get(name, f"install '{name}' and put it on the PATH; 'paved doctor' says what is missing"),
    )


def search_path(cwd: str | os.PathLike[str]) -> str:
    """The PATH of a guest: the absolute folders of ours that are outside ``cwd``, then the system's."""
    inside = os.path.realpath(cwd)
    folders = []
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        real = os.path.realpath(folder)
        if folder.startswith(os.sep) and (inside == "/" or os.path.commonpath([real, inside]) != inside):
            folders.append(folder)
    return os.pathsep.join([*folders, SAFE_PATH])
