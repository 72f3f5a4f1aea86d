"""The Run as a document: written, read back, and described by a JSON Schema."""

import re
from typing import Any

import msgspec

from pavedroad.core.run import RUN_SCHEMA_VERSION, Run
from pavedroad.reports.errors import ReportError
from pavedroad.reports.text import UNSEEN_IN_BLOCK, without_surrogates

MAX_RUN_BYTES = 256 * 1024 * 1024

_DESCRIPTION = "One run of Pavedroad: what was looked at, what was found, and what the gate said."
_UNSEEN = re.compile(f"[{UNSEEN_IN_BLOCK}]")
_QUOTED = re.compile(r"'[^']*'")


class _Head(msgspec.Struct):
    """The only field that is read before the schema version is known to be ours."""

    schema: str = ""


def run_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a saved Run, derived from ``core.Run``."""
    (top,), components = msgspec.json.schema_components([Run], ref_template="#/$defs/{name}")
    run = components["Run"]
    run["properties"] = {**run["properties"], "schema": {"const": RUN_SCHEMA_VERSION}}
    run["required"] = ["schema", *run["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Pavedroad run, schema version {RUN_SCHEMA_VERSION}",
        "description": _DESCRIPTION,
        **top,
        "$defs": {name: _with_clean_text(components[name]) for name in sorted(components)},
    }


def _with_clean_text(component: dict[str, Any]) -> dict[str, Any]:
    """A definition whose description is one paragraph instead of an indented docstring."""
    if "description" not in component:
        return component
    return {**component, "description": " ".join(component["description"].replace("``", "`").split())}


def dump_run(run: Run) -> bytes:
    """``run`` as indented JSON in UTF-8, its schema version first; ``load_run`` gives the same Run back.

    Characters that a terminal would obey or a person could not see are written as JSON escapes: the same data, but
    harmless to look at.
    """
    document = {"schema": run.schema, **msgspec.to_builtins(run)}
    return escaped_json(document)


def escaped_json(document: Any) -> bytes:
    """``document`` as indented JSON; unseen characters become ``\\uNNNN``, lone surrogates ``\\xNN`` in the text."""
    try:
        raw = msgspec.json.encode(document)
    except UnicodeEncodeError:
        raw = msgspec.json.encode(without_surrogates(document))
    # Outside of strings JSON is plain ASCII: whatever matches stands inside one, where an escape means the same.
    text = _UNSEEN.sub(_json_escape, msgspec.json.format(raw, indent=2).decode())
    return text.encode() + b"\n"


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def load_run(content: bytes, *, where: str = "", max_bytes: int = MAX_RUN_BYTES) -> Run:
    """The Run in ``content`` as written by the ``json`` format. ``where`` names its source in messages.

    Fields this version does not know are passed over. Raises ReportError when the text is larger than ``max_bytes``,
    is not a Run, or is of another schema version.
    """
    if len(content) > max_bytes:
        raise ReportError(f"the saved run has {len(content):,} bytes; at most {max_bytes:,} are read", where=where)
    try:
        _check_version(msgspec.json.decode(content, type=_Head).schema, where)
        return msgspec.json.decode(content, type=Run)
    except msgspec.ValidationError as error:
        raise ReportError(
            f"this is not a run saved by Pavedroad: {_QUOTED.sub('…', str(error))}",
            where=where,
            next_step="save one with: paved check --format json -o run.json",
        ) from None
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ReportError(
            f"the saved run is broken JSON: {_QUOTED.sub('…', str(error))}",
            where=where,
            next_step="write it again; it may have been cut off",
        ) from None


def _check_version(version: str, where: str) -> None:
    if version == RUN_SCHEMA_VERSION:
        return
    said = f"has schema version {version[:20]!a}" if version else "does not say its schema version"
    raise ReportError(
        f"the saved run {said}; this version of Pavedroad reads version {RUN_SCHEMA_VERSION}",
        where=where,
        next_step="read it with the version of Pavedroad that wrote it, or upgrade this one",
    )
