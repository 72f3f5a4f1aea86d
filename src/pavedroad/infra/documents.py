"""Reads YAML, JSON and TOML that nobody trusts: bounded in size, depth and aliases, with one error type that names
the line."""

import json
import tomllib
from typing import Any

import yaml

from pavedroad.infra.errors import DocumentError

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


def _depth_of_json(text: str) -> int:
    """The deepest nesting of brackets outside strings: an upper bound found without recursion."""
    depth = deepest = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
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
    text = _text(content, where, max_bytes)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"broken TOML: {error}", where=where) from error
    except (RecursionError, ValueError) as error:
        raise DocumentError(f"broken TOML: {error}", where=where) from error


def _check_yaml(text: str, where: str) -> None:
    depth = aliases = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _too_deep(where)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        if nodes > MAX_NODES:
            raise DocumentError(f"the document has more than {MAX_NODES} nodes", where=where)
    # Ten aliases can double a document ten times over; configuration has no need of hundreds.
    if aliases > 100:
        raise DocumentError(f"the document has {aliases} aliases; at most 100 are read", where=where)


class _UniqueKeyLoader(yaml.CSafeLoader):
    """Refuses a mapping with the same key twice: the second would silently win."""


def _unique_mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if isinstance(key_node, yaml.ScalarNode) and key_node.tag != "tag:yaml.org,2002:merge":
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key_node.value}' stands twice", key_node.start_mark
                )
            seen.add(key_node.value)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)


def read_yaml(content: bytes, *, where: str = "", max_bytes: int = MAX_BYTES) -> Any:
    """The only YAML document in ``content`` (None when empty). Raises DocumentError."""
    text = _text(content, where, max_bytes)
    try:
        _check_yaml(text, where)
        return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 - derives from CSafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            f"broken YAML: {error.problem or error.context}",
            where=where,
            line=mark.line + 1 if mark else 0,
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise DocumentError(f"broken YAML: {error}", where=where) from error
