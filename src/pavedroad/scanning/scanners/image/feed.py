"""What this scanner is shown of an image: texts that no file of an image has, all below ``image:/``.

Called by ``gate`` to make them, and by the session to read them. ``config.json`` keeps the shape of an OCI image
configuration, but no value of a variable, label or build argument: those stand in ``environment.env``, ``labels.env``,
``arguments.env`` and ``history.sh``, which are for the secrets scanner, in forms it understands.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pavedroad.core.noun import Noun
from pavedroad.scanning.scanners.image.configuration import MAX_ITEMS, MAX_STEPS, plain, read
from pavedroad.scanning.scanners.image.instructions import MAX_LINE, Line, parsed, shown

PREFIX = "image:/"
CONFIG, LAYERS, REFERENCE, FILES = (
    f"{PREFIX}{n}" for n in ("config.json", "layers.json", "reference.json", "files.jsonl")
)
ENVIRONMENT, LABELS, ARGUMENTS = (f"{PREFIX}{name}.env" for name in ("environment", "labels", "arguments"))
HISTORY = f"{PREFIX}history.sh"
FOR_SECRETS = (ENVIRONMENT, LABELS, ARGUMENTS, HISTORY)
SYSTEM = ("etc/passwd", "etc/shadow", "etc/os-release", "usr/lib/os-release")


class FileLine(Noun, frozen=True, kw_only=True):
    """One line of ``files.jsonl``: one entry of the merged file system. ``mode`` are permission bits, ``layer`` counts
    from 0."""

    path: str
    kind: str = "file"
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    size: int = 0
    target: str = ""
    layer: int = 0


class LayerLine(Noun, frozen=True, kw_only=True):
    """One layer of ``layers.json``. ``created_by`` is masked."""

    number: int
    name: str = ""
    created_by: str = ""
    size: int = 0


class Reference(Noun, frozen=True, kw_only=True):
    """``reference.json``: what was asked for, where that is (``registry``, ``oci`` ...), and what was read."""

    reference: str = ""
    transport: str = ""
    name: str = ""
    digest: str = ""
    annotations: dict[str, str] = msgspec.field(default_factory=dict)


def texts(config: Mapping[str, Any], layers: Sequence[LayerLine], reference: Reference) -> dict[str, bytes]:
    """Every text but the list of files, by path. Raises nothing, whatever ``config`` holds."""
    given = _mapping(config.get("config"))
    safe = [msgspec.structs.replace(each, created_by=shown(each.created_by)) for each in layers]
    return {
        CONFIG: json.dumps(_redacted(config), sort_keys=True, indent=1).encode(),
        LAYERS: msgspec.json.encode(safe),
        REFERENCE: msgspec.json.encode(reference),
        ENVIRONMENT: _lines(_assigned(each) for each in _texts(given.get("Env"))),
        LABELS: _lines(_assigned(f"{name}={value}") for name, value in _mapping(given.get("Labels")).items()),
        ARGUMENTS: _lines(_assigned(f"{n}={value}") for line in _history(config) for n, value in line.arguments),
        HISTORY: _lines(_commands(config, given)),
    }


def file_lines(files: Sequence[FileLine]) -> bytes:
    """``files.jsonl``."""
    return b"".join(msgspec.json.encode(each) + b"\n" for each in files)


def _redacted(config: Mapping[str, Any]) -> dict[str, Any]:
    """An OCI configuration with what the rules read, and nothing that may be secret. Reading it gives the same."""
    known = read(config)
    return {
        "config": {
            "User": known.user,
            "ExposedPorts": list(known.ports),
            "Volumes": list(known.volumes),
            "Cmd": list(known.command),
            "Env": list(known.variables),
            "Healthcheck": {"": None, "none": {"Test": ["NONE"]}, "set": {"Test": ["CMD"]}}[known.healthcheck],
            "Labels": known.labels,
        },
        "history": [
            {"created": each.created, "created_by": each.instruction, "empty_layer": each.empty} for each in known.steps
        ],
        "rootfs": {"type": "layers", "diff_ids": list(known.layers)},
        "problems": list(known.problems),
    }


def _history(config: Mapping[str, Any]) -> Iterator[Line]:
    history = config.get("history")
    for each in history[:MAX_STEPS] if isinstance(history, list) else ():
        words = each.get("created_by") if isinstance(each, dict) else None
        if isinstance(words, str) and words.strip():
            yield parsed(words)


def _commands(config: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """What the build ran, and what the container starts with."""
    yield from (line.text.removeprefix("RUN ") for line in _history(config))
    for name in ("Entrypoint", "Cmd"):
        parts = given.get(name)
        yield parts if isinstance(parts, str) else " ".join(_texts(parts))


def _assigned(text: str) -> str:
    """``NAME=value`` on one line, quoted where a shell would need it."""
    name, _, value = text.partition("=")
    if any(c in value for c in " \t\n\r\"'#$\\`"):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        value = f'"{escaped}"'
    return f"{name}={value}"


def _lines(lines: Iterator[str]) -> bytes:
    kept = [" ".join(line.splitlines())[:MAX_LINE] for line in lines]
    return "".join(f"{line}\n" for line in kept if line).encode("utf-8", "replace")


def _texts(value: Any) -> list[str]:
    listed = value[:MAX_ITEMS] if isinstance(value, list) else []
    return [plain(each, MAX_LINE) for each in listed if isinstance(each, str)]


def _mapping(value: Any) -> Mapping[str, Any]:
    return dict(list(value.items())[:MAX_ITEMS]) if isinstance(value, dict) else {}
