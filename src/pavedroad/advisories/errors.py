"""Errors of the advisory room.

::

    PavedError
    └── AdvisoryError
        ├── NoDatabase         there is no database file
        ├── WrongSchema        the file was written by another version of Pavedroad
        ├── CorruptDatabase    the file is damaged, or not ours
        ├── NoSignals          there is no file of signals (KEV, EPSS, SSVC)
        ├── CorruptSignals     the file of signals is damaged, or of another version
        ├── SnapshotError      a snapshot is broken, not signed as required, or older than what is present
        ├── SourceError        what was to be imported is missing, broken or not OSV
        ├── UpdateRunning      another update holds the lock
        └── VersionError       a version cannot be compared: the answer is "cannot tell", never "not affected"
"""

from pavedroad.core.errors import PavedError

UPDATE = "run 'paved advisories update'"


class AdvisoryError(PavedError):
    """Anything that keeps us from knowing what the world knows."""


class NoDatabase(AdvisoryError):  # noqa: N818 - the name says what is wrong
    """There is no database file yet."""

    def __init__(self, where: str) -> None:
        super().__init__("there is no advisory database", where=where, next_step=f"{UPDATE} to get one")


class WrongSchema(AdvisoryError):  # noqa: N818 - the name says what is wrong
    """The file is a database of another version of Pavedroad."""

    def __init__(self, where: str, found: int, wanted: int) -> None:
        super().__init__(
            f"the advisory database has layout {found}; this version reads layout {wanted}",
            where=where,
            next_step=f"{UPDATE} to build it anew",
        )


class CorruptDatabase(AdvisoryError):  # noqa: N818 - the name says what is wrong
    """The file is damaged, or something else altogether."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__(
            f"the advisory database cannot be read: {detail}", where=where, next_step=f"{UPDATE} to build it anew"
        )


class NoSignals(AdvisoryError):  # noqa: N818 - the name says what is wrong
    """Nobody has imported KEV, EPSS or SSVC yet."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "there are no signals of exploitation",
            where=where,
            next_step="run 'paved advisories update --kev public --epss public'",
        )


class CorruptSignals(AdvisoryError):  # noqa: N818 - the name says what is wrong
    """The file of signals is damaged, of another version, or something else altogether."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__(
            f"the file of signals cannot be read: {detail}",
            where=where,
            next_step="run 'paved advisories update --kev public --epss public' to build it anew",
        )


class SnapshotError(AdvisoryError):
    """A snapshot cannot be taken in. What is present stays as it was."""


class SourceError(AdvisoryError):
    """What was to be imported is missing, broken, or not in the OSV bulk layout. The old database stays as it was."""


class UpdateRunning(AdvisoryError):  # noqa: N818 - the name says what is wrong
    """Another update holds the lock."""


class VersionError(AdvisoryError):
    """A version text that its ecosystem's rules cannot order."""
