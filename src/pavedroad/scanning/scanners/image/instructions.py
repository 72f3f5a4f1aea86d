"""History lines of an image: what was run, with whatever may be a secret left out.

The forms are those that Docker's classic builder, BuildKit, buildah and kaniko write into ``created_by``. What is shown
here goes into reports, so values of variables and build arguments never are: the secrets scanner looks at those.
"""

import re
from typing import NamedTuple

STARS = "********"
MAX_LINE = 8000
MAX_SHOWN = 300

_NOP = re.compile(r"^(?:/bin/sh -c|cmd /S /C)\s+#\(nop\)\s*", re.IGNORECASE)
_CALL = r"(?:/\S{0,40}/\w{0,4}sh(?:\s+\S+){0,6}?\s+-\w{0,8}c|cmd /S /C|powershell -Command)\s+"
_SHELL = re.compile(f"^{_CALL}", re.IGNORECASE)
_ARGUMENTS = re.compile(rf"^(?:RUN\s+)?\|\d+\s+(.*?)\s*({_CALL}.*)$", re.DOTALL | re.IGNORECASE)
_UNREAD = re.compile(r"^(?:RUN\s+)?\|\d+\s")
_ARGUMENT_START = re.compile(r"(?:^|\s)(?=[A-Za-z_]\w*=)")
_KEYWORD = re.compile(
    r"^(RUN|CMD|ENTRYPOINT|COPY|ADD|ENV|ARG|LABEL|USER|EXPOSE|VOLUME|WORKDIR|HEALTHCHECK|STOPSIGNAL|SHELL|ONBUILD|"
    r"MAINTAINER)\b"
)
_BUILDKIT = re.compile(r"\s*# buildkit$")

_NAMED = r"[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|auth|credential|pwd)[\w.-]*"
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^\s;|&]+)"
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(\bauthorization\s*:\s*)[^\"']+", re.IGNORECASE), rf"\1{STARS}"),
    (re.compile(r"(://)[^/\s@]{1,200}@"), rf"\1{STARS}@"),
    (re.compile(rf"({_NAMED}[\"']?\s{{0,3}}[=:]\s{{0,3}}){_VALUE}", re.IGNORECASE), rf"\1{STARS}"),
    (re.compile(rf"((?<!\S)--?{_NAMED}\s{{1,3}}){_VALUE}", re.IGNORECASE), rf"\1{STARS}"),
    (re.compile(r"((?<!\S)(?:-u|--user)\s{0,3}=?)[^\s:]{1,100}:\S{1,400}"), rf"\1{STARS}"),
    (re.compile(r"([\w-]{1,40}:)[^\s|\"']{1,200}(?=[\"']?\s{0,3}\|\s{0,3}(?:\S{0,40}/)?chpasswd)"), rf"\1{STARS}"),
)
_TOKEN = re.compile(r"(?<![\w+/=.~%!$^&-])[A-Za-z0-9+/_=~%!$^&-]{20,}")
_DRAWN = (re.compile(r"[0-9]"), re.compile(r"[a-z]"), re.compile(r"[A-Z]"))


class Line(NamedTuple):
    """One history line: ``text`` starts with a Dockerfile keyword where one is known. ``arguments`` are the build
    arguments that were given, values included: not to be shown."""

    text: str
    arguments: tuple[tuple[str, str], ...] = ()


def parsed(created_by: str) -> Line:
    """The instruction behind a ``created_by`` line, as a Dockerfile would spell it."""
    text = " ".join(created_by[:MAX_LINE].split())
    text = _BUILDKIT.sub("", text)
    given = _ARGUMENTS.match(text)
    arguments: tuple[tuple[str, str], ...] = ()
    if given:
        arguments = _arguments(given[1])
        text = given[2]
    elif _UNREAD.match(text):
        return Line("RUN", _arguments(text))  # where the arguments end cannot be told: none of it is shown
    if _NOP.match(text):
        return Line(_NOP.sub("", text), arguments)
    command = _SHELL.sub("", text.removeprefix("RUN ").strip())
    if given or text.startswith("RUN ") or command != text:
        return Line(f"RUN {command}", arguments)
    return Line(text, arguments)


def _arguments(text: str) -> tuple[tuple[str, str], ...]:
    """``A=one two B=3``: values are not quoted in history, so a value goes on until the next name."""
    pieces = [piece for piece in _ARGUMENT_START.split(text) if "=" in piece]
    return tuple((name, value) for name, _, value in (piece.partition("=") for piece in pieces))


def keyword(text: str) -> str:
    """``RUN``, ``COPY`` ...; empty for what no Dockerfile instruction starts with."""
    match = _KEYWORD.match(text)
    return match[1] if match else ""


def shown(created_by: str, limit: int = MAX_SHOWN) -> str:
    """The instruction fit for a report: one printable line without values that may be secrets."""
    text = parsed(created_by).text
    if keyword(text) in ("ENV", "ARG", "LABEL"):
        text = _names_only(text)
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    text = _TOKEN.sub(lambda match: STARS if _looks_drawn(match[0]) else match[0], text)
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _names_only(text: str) -> str:
    word, _, rest = text.partition(" ")
    names = re.findall(r"(?:^|\s)([\w.-]+)=", rest) or rest.split()[:1]
    return f"{word} {' '.join(f'{name}={STARS}' for name in names)}".strip()


def _looks_drawn(token: str) -> bool:
    """Drawn by a machine: digits, small and large letters together, or a long hexadecimal number."""
    return all(kind.search(token) for kind in _DRAWN) or re.fullmatch(r"[0-9a-fA-F]{32,}", token) is not None
