"""Reads YAML, JSON, TOML and XML that nobody trusts: bounded in size, depth and aliases, with one error type that names
the line."""

import json
import re
from typing import TYPE_CHECKING, Any

from pavedroad.infra.errors import DocumentError

if TYPE_CHECKING:
    from pavedroad.infra._xml import Element

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 1_000_000


def _text(content: bytes, where: str, max_bytes: int) -> str:
    if len(content) > max_bytes:
        raise DocumentError(f"the document has {len(content)} bytes; at most {max_bytes} are read", where=where)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DocumentError("the text is not UTF-8", where=where, line=line) from error


def _too_deep(where: str) -> DocumentError:
    return DocumentError(f"the document is nested deeper than {MAX_DEPTH} levels", where=where)


# A string (to the end of the text when it is never closed, so that the search stays linear) or a bracket.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def _depth_of_json(text: str) -> int:
    """The deepest nesting of brackets outside strings: an upper bound found without recursion."""
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        found = match.group()
        if found in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif found in "]}":
            depth -= 1
    return deepest


def read_json(content: bytes, *, where: str = "", max_bytes: int = MAX_BYTES) -> Any:
    """The JSON value. Raises DocumentError."""
    text = _text(content, where, max_bytes)
    # Counting brackets in a C loop first: a document with few brackets cannot be deep.
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth_of_json(text) > MAX_DEPTH:
        raise _too_deep(where)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(f"broken JSON: {error.msg}", where=where, line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise DocumentError(f"broken JSON: {error}", where=where) from error


def read_toml(content: bytes, *, where: str = "", max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The TOML table. Raises DocumentError."""
    import tomllib

    text = _text(content, where, max_bytes)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"broken TOML: {error}", where=where) from error
    except (RecursionError, ValueError) as error:
        raise DocumentError(f"broken TOML: {error}", where=where) from error


def read_yaml(content: bytes, *, where: str = "", max_bytes: int = MAX_BYTES) -> Any:
    """The only YAML document in ``content`` (None when empty). Raises DocumentError."""
    text = _text(content, where, max_bytes)
    if not text.strip():
        return None
    from pavedroad.infra import _yaml

    return _yaml.load(text, where, MAX_DEPTH, MAX_NODES)


def read_xml(content: bytes, *, where: str = "", max_bytes: int = MAX_BYTES) -> "Element":
    """The root element, with line numbers. A document type, and with it every entity of the document's own, is
    refused. Raises DocumentError."""
    if len(content) > max_bytes:
        raise DocumentError(f"the document has {len(content)} bytes; at most {max_bytes} are read", where=where)
    from pavedroad.infra import _xml

    return _xml.load(content, where, MAX_DEPTH, MAX_NODES)
