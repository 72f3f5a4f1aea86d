"""The root of every error tree.

::

    PavedError            something a person must act on: what happened, where, what to do next
    └── UsageError        the command line or a configuration file is wrong (exit code 2)

Each room derives its own errors from these, in its ``errors.py``. Only ``cli`` turns an error into an exit code.
"""


class PavedError(Exception):
    """An error whose text a user reads: what happened, where, and what to do next."""

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  next: {self.next_step}" if self.next_step else text


class UsageError(PavedError):
    """The command line or a configuration file is wrong; the program ends with exit code 2."""
