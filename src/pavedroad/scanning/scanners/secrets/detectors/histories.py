"""Shell histories and scripts: variables and options that carry a password. Command lines themselves are found by our patterns."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate

_HISTORY = re.compile(
    r"^\.?(?:(?:ba|z|k|c|tc|fi)?sh|mysql|psql|sqlite|redis|node_repl|python|irb|pry|rediscli|mongo\w*|dbshell)_?-?history$|^\.?histfile$|^\.dbshell$|^\.?rediscli_history$|^consolehost_history\.txt$"
)
_OPTION = re.compile(
    r"\s--?(?:p(?:ass(?:word|wd|phrase)?)?|pw|secret|token|api-?key)(?:[= ]|(?<=-p))[\"']?([^\s\"'-][^\s\"']{3,128})"
)
_EXPORT = re.compile(r"(?m)\b(?:export\s{1,64}|set\s{1,64}|env\s{1,64})?([A-Za-z_]\w{2,80})=[\"']?([^\s\"';]{4,256})")
_SQL = re.compile(r"(?i)(?:identified\\?\s{1,64}by|password)\\?(?:\\040|\s)*[=(]?(?:\\040|\s)*'([^'\r\n]{4,128})'")
_SPEC = Spec("histories", "shell-password", "a command in a shell history passes it as a password")
_MAYBE = Spec(
    "histories", "shell-password", "a command in a shell history passes it behind a short option", Confidence.MEDIUM
)


class Histories:
    """Options and exported variables of every remembered command."""

    name = "histories"

    def selects(self, path: str) -> bool:
        return bool(_HISTORY.match(basename(path)))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        for match in _OPTION.finditer(text):
            short = match[0].lstrip().startswith("-p") and not match[0].lstrip().startswith("-pa")
            if not (short and match[1].isdigit()):
                yield candidate(_MAYBE if short else _SPEC, text, match.start(1), match.end(1), "password")
        for match in _EXPORT.finditer(text):
            if promises_secret(match[1]):
                yield candidate(_SPEC, text, match.start(2), match.end(2), match[1])
        for match in _SQL.finditer(text):
            yield candidate(_SPEC, text, match.start(1), match.end(1), "password")


DETECTOR = Histories()
