"""What a check is given and what it answers."""

import enum
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import msgspec

from pavedroad.core.clock import Clock
from pavedroad.core.noun import Noun
from pavedroad.infra.files import read_file
from pavedroad.infra.git import find_root
from pavedroad.policy import Config, load_config

CONFIG_NAME = "paved.yaml"
_MAX_CONFIG_BYTES = 1 << 20


class State(enum.Enum):
    """``warn``: a check would do its work, but less well. ``missing`` and ``wrong``: it would not."""

    OK = "ok"
    WARN = "warn"
    MISSING = "missing"
    WRONG = "wrong"

    @property
    def stops(self) -> bool:
        """Whether ``paved check`` could not do its work."""
        return self in {State.MISSING, State.WRONG}


class Answer(Noun, frozen=True, kw_only=True):
    """One sentence, and the next step when there is one to take."""

    state: State
    sentence: str
    next_step: str = ""


class Patient:
    """The project that is looked at, and the time."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.root = find_root(path.absolute()) or path.absolute()
        self.in_git = find_root(path.absolute()) is not None
        self.clock = clock

    @cached_property
    def content(self) -> bytes | None:
        """The text of ``paved.yaml``, None without one. Raises FileError."""
        return read_file(self.root / CONFIG_NAME, _MAX_CONFIG_BYTES)

    @cached_property
    def config(self) -> Config:
        """The configuration. Raises PolicyError and FileError."""
        return load_config(self.content or b"", where=CONFIG_NAME)


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check. ``look`` may raise PavedError: the answer is then ``wrong``, in the error's words."""

    name: str
    title: str
    look: Callable[[Patient], Answer]
