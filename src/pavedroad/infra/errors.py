"""Errors of the doors.

::

    PavedError
    └── InfraError
        ├── DocumentError    a YAML, JSON or TOML text is broken, too large or too deep
        ├── PluginError      a plug-in file is broken: the program stops (a scanner that vanishes is a false all-clear)
        ├── GuestError       an outside program could not be run as required
        ├── GitError         git failed or is absent
        ├── FileError        a file or folder cannot be read or written
        ├── CacheError       a cache cannot be used
        ├── ToolError        a guest tool is missing, or is not what the lock says
        ├── KeyFileError     a key file is missing, broken or of another kind
        └── NetworkError     a download failed or is not allowed
"""

from pavedroad.core.errors import PavedError


class InfraError(PavedError):
    """Anything that failed at the border to the outside."""


class DocumentError(InfraError):
    """A document is broken, too large or too deep. ``line`` counts from 1, 0 when unknown."""

    def __init__(self, what: str, *, where: str = "", next_step: str = "", line: int = 0) -> None:
        super().__init__(what, where=f"{where}:{line}" if line else where, next_step=next_step)
        self.line = line


class PluginError(InfraError):
    """A plug-in is broken; names its file."""


class GuestError(InfraError):
    """An outside program could not be started, or not as confined as required."""


class GitError(InfraError):
    """git is absent, or said no."""


class FileError(InfraError):
    """A file or folder cannot be read or written."""


class CacheError(InfraError):
    """The cache cannot be opened; a run goes on without it and says so."""


class ToolError(InfraError):
    """A guest tool is missing or differs from its lock."""


class NetworkError(InfraError):
    """A download failed, or the network is not allowed."""


class KeyFileError(InfraError):
    """A key file is missing, broken or of another kind. Never quotes it."""
