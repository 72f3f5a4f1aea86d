"""Text from strangers inside Markdown, as GitHub and GitLab render it: no mention, link, image or markup comes alive.

Names, paths and code go into code spans, where nothing is interpreted. Sentences are escaped; what the platforms link
on their own (``@name``, ``#12``, ``https://...``) is broken by a zero-width space, which escapes alone cannot do,
because those links are made after Markdown has been rendered.
"""

import re

from pavedroad.reports.text import line, prose

_BREAK = "&#8203;"
_MARKUP = re.compile(r"([\\`*_\[\]|~!$^{}])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HTML = re.compile("[&<>]")
_AUTOLINKS = re.compile(r"([@#%])|(:)(?=//)|(?<=www)(\.)|\b(mailto|xmpp)(?=:)", re.IGNORECASE)
_LINE_START = re.compile(r"^([-+=]|\d+(?=[.)]))")
_RUNS = re.compile("`+")


def escape(text: str, limit: int = 400) -> str:
    """One line of ``text`` that reads the same when rendered; at most ``limit`` characters of it."""
    said = _HTML.sub(lambda match: _ENTITIES[match[0]], prose(text, limit))
    said = _MARKUP.sub(r"\\\1", said)
    said = _AUTOLINKS.sub(lambda match: ("\\#" if match[0] == "#" else match[0]) + _BREAK, said)
    # Markdown takes a list marker or a heading's underline only at the start of a line.
    return _LINE_START.sub(lambda match: match[1] + _BREAK if match[1].isdigit() else "\\" + match[1], said)


def code(text: str, limit: int = 200) -> str:
    """``text`` as a code span that also fits into a table cell; at most ``limit`` characters of it.

    A pipe would end the cell even inside a code span, and a backslash before it would show; so it is replaced by the
    look-alike U+2502.
    """
    said = line(text, limit).replace("|", "\u2502").strip() or "(empty)"
    fence = "`" * (max((len(run) for run in _RUNS.findall(said)), default=0) + 1)
    pad = " " if "`" in (said[0], said[-1]) else ""
    return f"{fence}{pad}{said}{pad}{fence}"


def fenced(text: str, language: str = "text") -> str:
    """A fenced block of already harmless lines; its fence is longer than any run of backticks inside."""
    fence = "`" * max(3, max((len(run) for run in _RUNS.findall(text)), default=0) + 1)
    return f"{fence}{language}\n{text}\n{fence}"
