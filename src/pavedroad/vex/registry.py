"""Finds the formats by folder, and the one that a document is written in."""

import difflib
from typing import cast

import msgspec

from pavedroad.core.errors import UsageError
from pavedroad.infra.documents import read_json
from pavedroad.infra.errors import DocumentError
from pavedroad.infra.plugins import registry
from pavedroad.vex.errors import VexError
from pavedroad.vex.model import MAX_BYTES, Document, VexFormat

PACKAGE = "pavedroad.vex.formats"


def known_formats() -> dict[str, VexFormat]:
    """Every format by name, sorted. Raises PluginError for a broken one."""
    return cast("dict[str, VexFormat]", registry(PACKAGE, "FORMAT"))


def choose(name: str) -> VexFormat:
    """The format called ``name``. Raises UsageError with the nearest name otherwise."""
    known = known_formats()
    if name not in known:
        close = difflib.get_close_matches(name.lower().replace("_", "-"), known, 1, 0.4)
        hint = f"did you mean '{close[0]}'? " if close else ""
        raise UsageError(f"there is no VEX format '{name[:60]}'", next_step=f"{hint}choose from {', '.join(known)}")
    return known[name]


def read_vex(content: bytes, *, where: str = "") -> Document:
    """The document in ``content``, of any format that is known. Raises VexError, naming ``where``."""
    try:
        tree = read_json(content, where=where, max_bytes=MAX_BYTES)
    except DocumentError as error:
        hint = "only the JSON forms of VEX are read" if content.lstrip()[:1] == b"<" else "make the document anew"
        raise VexError(error.what, where=error.where or where, next_step=hint) from error
    formats = known_formats().values()
    found = next((each for each in formats if isinstance(tree, dict) and each.detects(tree)), None)
    if found is None:
        titles = ", ".join(each.title for each in formats)
        raise VexError("this is no VEX document that is known", where=where, next_step=f"these are read: {titles}")
    try:
        return msgspec.structs.replace(found.read(tree), where=where)
    except VexError as error:
        raise VexError(f"{found.title}: {error.what}", where=where, next_step=error.next_step) from error


def write_vex(document: Document, name: str) -> bytes:
    """``document`` in the format called ``name``; the same document gives the same bytes. Raises UsageError."""
    tree = choose(name).write(document)
    return msgspec.json.format(msgspec.json.encode(tree), indent=2) + b"\n"
