"""What a report format is."""

from typing import Protocol

from pavedroad.core.noun import Noun
from pavedroad.core.run import Run


class ReportContext(Noun, frozen=True, kw_only=True):
    """Where the text will be read. ``width`` is in characters; ``root`` is shown to people, never put into URIs."""

    color: bool = False
    width: int = 100
    root: str = "."
    verbose: bool = False


class Format(Protocol):
    """A plug-in: ``reports/formats/<name>.py`` defines ``FORMAT``."""

    name: str
    title: str
    extension: str

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The whole report. Deterministic: the same run gives the same bytes."""
        ...
