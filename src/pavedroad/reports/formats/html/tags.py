"""Writes HTML that cannot be injected into: a text is escaped by being a child; only what ``tag`` made is markup."""

import html
from collections.abc import Sequence
from typing import TypeAlias

from pavedroad.reports.text import block, web_url

_VOID = frozenset({"meta", "br", "hr", "input"})


class Markup:
    """Finished HTML."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


Child: TypeAlias = str | Markup | Sequence[str | Markup]


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """``<name ...>children</name>``. Strings are made harmless and escaped. Attributes: ``class_`` is ``class``,
    ``data_sort`` is ``data-sort``; True writes the bare name, None and False write nothing."""
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in _VOID:
        return Markup(opening)
    return Markup(f"{opening}{''.join(_text(child) for child in children)}</{name}>")


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(block(str(value)), quote=True)}"'


def _text(child: Child) -> str:
    if isinstance(child, Markup):
        return child.text
    if isinstance(child, str):
        return html.escape(block(child), quote=True)
    return "".join(_text(part) for part in child)


def link(url: str, text: str = "") -> Markup | str:
    """A link where ``url`` is a plain web address; else the bare text, so that nothing is lost."""
    safe = web_url(url)
    said = text or url
    return tag("a", said, href=safe, rel="noreferrer noopener") if safe else said
