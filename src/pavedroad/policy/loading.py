"""Reads ``paved.yaml`` and complains well: the line, the key's path, the key that was probably meant.

A mistake in a policy must never pass as "no such rule", so everything unknown is an error.
"""

import difflib
import re
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from pavedroad.infra.documents import read_yaml
from pavedroad.infra.errors import DocumentError
from pavedroad.infra.marks import Mark, yaml_marks
from pavedroad.policy.config import FORMS, Config
from pavedroad.policy.errors import PolicyError
from pavedroad.policy.wording import plain

MAX_CONFIG_BYTES = 1 << 20

KeyPath = tuple[str | int, ...]
_T = TypeVar("_T")
_AT = re.compile(r"(?s)(.*?)(?: - at (?:`key` in )?`\$(.*)`)?")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|(\[\.\.\.\])")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_ENUM = re.compile(r"Invalid enum value (.*)", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(.*)`, got `(.*)`")
_FORM = re.compile(r"Expected `str` matching regex '(.*)'", re.DOTALL)
# msgspec quotes a regular expression as Python would.
_TWICE, _ONCE = "\\\\", "\\"
_WORDS = {
    "bool": "true or false",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "object": "a section (key: value)",
    "array": "a list",
    "null": "nothing",
    "date": "a date such as 2026-01-31",
}


def load_config(content: bytes, where: str) -> Config:
    """The configuration in ``content``; all defaults when it is empty. ``where`` names the file in messages.

    Raises PolicyError, naming line and key, for broken YAML, unknown keys and wrong values.
    """
    data, marks = read_document(content, where, MAX_CONFIG_BYTES)
    return read_as(Config, data, marks, where) if data is not None else Config()


def read_document(content: bytes, where: str, max_bytes: int) -> tuple[dict[str, Any] | None, dict[KeyPath, Mark]]:
    """The mapping in a YAML text (None when it is empty) and the place of each of its values. Raises PolicyError."""
    try:
        data = read_yaml(content, where=where, max_bytes=max_bytes)
        marks = yaml_marks(content, where=where)
    except DocumentError as error:
        raise PolicyError(
            plain(error.what, 400), where=error.where, next_step="repair the file; nothing was decided"
        ) from None
    if data is not None and not isinstance(data, dict):
        raise PolicyError("the file must hold keys and values, such as 'version: 1'", where=where)
    return data, marks


def config_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of paved.yaml, for editors and for publishing."""
    (top,), components = msgspec.json.schema_components([Config], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pavedroad configuration (paved.yaml), version 1",
        "description": "What is looked at, how a verdict is reached, what an exception may be.",
        **top,
        "$defs": {name: _tidy(components[name]) for name in sorted(components)},
    }


def _tidy(component: dict[str, Any]) -> dict[str, Any]:
    text = component.get("description", "")
    return {**component, "description": " ".join(text.replace("``", "`").split())} if text else component


def read_as(kind: type[_T], data: Any, marks: dict[KeyPath, Mark], where: str) -> _T:
    """``data`` as a ``kind`` of Setting. Raises PolicyError in plain words, with the line from ``marks``."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        what, path, next_step = complaint(kind, str(error))
        line = line_of(marks, path)
        place = f"{where}:{line}" if line else where
        raise PolicyError(plain(what, 400), where=place, next_step=plain(next_step, 1000)) from None


def complaint(kind: type[Any], text: str) -> tuple[str, KeyPath, str]:
    """What is wrong in plain words, the path of the key, and what to do, from a message of msgspec about ``kind``."""
    match = _AT.fullmatch(text)
    problem, at = (match[1], match[2] or "") if match else (text, "")
    path = _steps(at)
    here = f"{_shown(path)}: " if path else ""
    if unknown := _UNKNOWN.fullmatch(problem):
        # The value's own line helps more than the section's, so the unknown key joins the path.
        name = unknown[1][:100]
        return f"unknown key '{_shown((*path, name))}'", (*path, unknown[1]), _choices(name, _keys(kind, path), "keys")
    if missing := _MISSING.fullmatch(problem):
        return f"{here}the key '{missing[1]}' is missing", path, f"add '{missing[1]}: ...' there"
    if wrong := _ENUM.fullmatch(problem):
        value = wrong[1].strip("'")[:100]
        return f"{here}'{value}' is not one of the values known", path, _choices(value, _values(kind, path), "values")
    if expected := _EXPECTED.fullmatch(problem):
        return f"{here}must be {_words(expected[1])}, not {_words(expected[2])}", path, "correct the value"
    if form := _FORM.fullmatch(problem):
        return (
            f"{here}must be {FORMS.get(form[1].replace(_TWICE, _ONCE), 'of another form')}",
            path,
            "correct the value",
        )
    return f"{here}{problem[:300].rstrip('.')}", path, "correct the value"


def _steps(at: str) -> KeyPath:
    """``.gate.rules[2]`` as ``("gate", "rules", 2)``; ``[...]``, which stands for any key, becomes ``*``."""
    return tuple(
        int(match[2]) if match[2] is not None else (match[1] if match[1] is not None else "*")
        for match in _STEP.finditer(at)
    )


def _shown(path: KeyPath) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _words(types: str) -> str:
    return " or ".join(_WORDS.get(name.strip(), name.strip()) for name in types.split("|"))


def _choices(given: str, known: list[str], noun: str) -> str:
    close = difflib.get_close_matches(given.lower(), known, 1)
    listed = f"{noun} there: {', '.join(known)}" if known else "remove it"
    return f"did you mean '{close[0]}'? {listed}" if close else listed


def _type_at(kind: type[Any], path: KeyPath) -> list[inspect.Type]:
    """The types allowed at ``path``, unions taken apart."""
    types = _flat(inspect.type_info(kind))
    for step in path:
        types = [inner for each in types for inner in _inside(each, step)]
    return types


def _flat(each: inspect.Type) -> list[inspect.Type]:
    if isinstance(each, inspect.Metadata):
        return _flat(each.type)
    if isinstance(each, inspect.UnionType):
        return [inner for part in each.types for inner in _flat(part)]
    return [each]


def _inside(each: inspect.Type, step: str | int) -> list[inspect.Type]:
    if isinstance(each, inspect.StructType):
        return [inner for field in each.fields if field.encode_name == step for inner in _flat(field.type)]
    if isinstance(each, inspect.DictType):
        return _flat(each.value_type)
    if isinstance(each, inspect.VarTupleType):
        return _flat(each.item_type)
    return []


def _keys(kind: type[Any], path: KeyPath) -> list[str]:
    return sorted(
        field.encode_name
        for each in _type_at(kind, path)
        if isinstance(each, inspect.StructType)
        for field in each.fields
    )


def _values(kind: type[Any], path: KeyPath) -> list[str]:
    values: list[str] = []
    for each in _type_at(kind, path):
        if isinstance(each, inspect.EnumType):
            values += [str(member.value) for member in each.cls]
        elif isinstance(each, inspect.LiteralType):
            values += [str(value) for value in each.values]
    return values


def line_of(marks: dict[KeyPath, Mark], path: KeyPath) -> int:
    """The line of the value at ``path``, or of the nearest section around it; 0 when unknown."""
    while path and path not in marks:
        path = path[:-1]
    return marks[path].line if path in marks else 0
