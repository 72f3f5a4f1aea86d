"""Paper to write on: width, colour, wrapped lines. Colour is always on top of words, never instead of them."""

from collections.abc import Iterator

from pavedroad.core.severity import Severity
from pavedroad.reports.text import columns, fit, wrap

MIN_WIDTH, MAX_WIDTH = 40, 160

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _BLUE, _CYAN = "1", "2", "31", "32", "33", "34", "36"
_SEVERITY_CODES = {
    Severity.MALICIOUS: "1;7;31",
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
    Severity.UNKNOWN: "35",
}


class Paper:
    """Lays out harmless text (see :mod:`pavedroad.reports.text`) for one terminal."""

    def __init__(self, *, color: bool, width: int) -> None:
        self.color = color
        self.width = min(max(width, MIN_WIDTH), MAX_WIDTH)

    def paint(self, text: str, code: str) -> str:
        """``text`` in an SGR colour code (ECMA-48), or as it is when colour is off."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def bold(self, text: str) -> str:
        return self.paint(text, _BOLD)

    def dim(self, text: str) -> str:
        return self.paint(text, _DIM)

    def good(self, text: str) -> str:
        return self.paint(text, _GREEN)

    def bad(self, text: str) -> str:
        return self.paint(text, _RED)

    def warn(self, text: str) -> str:
        return self.paint(text, _YELLOW)

    def frame(self, text: str) -> str:
        """The marks that hold a block together."""
        return self.paint(text, _BLUE)

    def place(self, text: str) -> str:
        return self.paint(text, _CYAN)

    def severity(self, severity: Severity) -> str:
        """The severity as a word in capitals."""
        return self.paint(severity.value.upper(), _SEVERITY_CODES[severity])

    def hanging(self, lead: str, text: str, indent: int, code: str = "") -> Iterator[str]:
        """``lead`` (already painted, ``indent`` columns wide) and ``text`` wrapped beside it."""
        for number, part in enumerate(wrap(text, self.width - indent)):
            yield (lead if number == 0 else " " * indent) + (self.paint(part, code) if code else part)

    def heading(self, word: str, text: str) -> Iterator[str]:
        """A blank line, then the words with a line drawn to the edge when there is room."""
        lines = wrap(text, self.width - len(word) - 2)
        yield ""
        room = self.width - len(word) - 2 - columns(lines[0]) - 1
        tail = self.dim(" " + "─" * room) if room > 3 and len(lines) == 1 else ""
        yield f"{self.bold(word)}  {self.bold(lines[0])}{tail}"
        for part in lines[1:]:
            yield " " * (len(word) + 2) + self.bold(part)

    def fitted(self, text: str, indent: int) -> str:
        """``text`` cut to what is left of the line beside ``indent`` columns."""
        return fit(text, max(self.width - indent, 8))
