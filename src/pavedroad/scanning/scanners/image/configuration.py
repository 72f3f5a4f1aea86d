"""The image configuration (OCI image specification, config.md) as typed data without secrets.

Called by :mod:`.feed`, in the gate's process, on what an image says about itself. Wrong types count as absent and are
told in ``problems``; nothing is raised. Values of variables, labels and build arguments are left out on purpose.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from pavedroad.core.noun import Noun
from pavedroad.scanning.scanners.image.instructions import MAX_LINE, shown

MAX_STEPS = 2000
MAX_ITEMS = 500
MAX_TEXT = 1000
MAX_PROBLEMS = 50
_KEPT_LABELS = "org.opencontainers.image.base."


class Step(Noun, frozen=True, kw_only=True):
    """One history entry. ``instruction`` is masked. ``layer`` is the number of the layer it made, -1 when it made none
    or history does not fit the layers."""

    instruction: str = ""
    created: str = ""
    empty: bool = False
    layer: int = -1


class Configuration(Noun, frozen=True, kw_only=True):
    """What the rules know of the configuration. ``healthcheck`` is ``set``, ``none`` (switched off) or empty.
    ``labels`` holds only those about the base image; ``ports`` are spelled ``22/tcp``."""

    user: str = ""
    ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    healthcheck: str = ""
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    layers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class _Reader:
    """Typed access that remembers what was wrong."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, what: str) -> None:
        if len(self.problems) < MAX_PROBLEMS and what not in self.problems:
            self.problems.append(what)

    def text(self, value: Any, what: str, most: int = MAX_TEXT) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(f"{what} is no text")
            return ""
        return plain(value, most)

    def mapping(self, value: Any, what: str) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(f"{what} is no object")
            return {}
        return value

    def items(self, value: Any, what: str, most: int = MAX_ITEMS) -> list[Any]:
        """A list, or the keys of an object: ports and volumes are spelled both ways."""
        if value is None:
            return []
        if not isinstance(value, list | dict):
            self.wrong(f"{what} is no list")
            return []
        listed = list(value)
        if len(listed) > most:
            self.wrong(f"{what} has {len(listed)} entries; the first {most} are read")
        return listed[:most]

    def texts(self, value: Any, what: str) -> tuple[str, ...]:
        return tuple(text for each in self.items(value, what) if (text := self.text(each, f"an entry of {what}")))


def plain(text: str, most: int = MAX_TEXT) -> str:
    """Bounded text that can be encoded: a lone surrogate becomes ``?``."""
    return text[:most].encode("utf-8", "replace").decode()


def read(config: Mapping[str, Any]) -> Configuration:
    """The configuration as far as it can be read, also from what :mod:`.feed` made of it, which lists earlier
    ``problems``. Raises nothing."""
    reader = _Reader()
    inner = reader.mapping(config.get("config"), "config")
    rootfs = reader.mapping(config.get("rootfs"), "rootfs")
    layers = reader.texts(
        reader.items(rootfs.get("diff_ids"), "rootfs.diff_ids", 2 * MAX_STEPS)[:MAX_STEPS], "diff_ids"
    )
    steps = tuple(_steps(reader, config, len(layers)))
    labels = reader.mapping(inner.get("Labels"), "Labels")
    return Configuration(
        user=reader.text(inner.get("User"), "User").strip(),
        ports=reader.texts(inner.get("ExposedPorts"), "ExposedPorts"),
        volumes=reader.texts(inner.get("Volumes"), "Volumes"),
        command=tuple(shown(part) for name in ("Entrypoint", "Cmd") for part in _words(reader, inner.get(name), name)),
        variables=tuple(plain(each.partition("=")[0]) for each in reader.texts(inner.get("Env"), "Env")),
        healthcheck=_healthcheck(reader, inner.get("Healthcheck")),
        labels={
            name: plain(value)
            for name, value in list(labels.items())[:MAX_ITEMS]
            if name.startswith(_KEPT_LABELS) and isinstance(value, str)
        },
        steps=steps,
        layers=layers,
        problems=(*reader.texts(config.get("problems"), "problems"), *reader.problems),
    )


def _words(reader: _Reader, value: Any, what: str) -> tuple[str, ...]:
    return (plain(value),) if isinstance(value, str) else reader.texts(value, what)


def _healthcheck(reader: _Reader, value: Any) -> str:
    test = reader.texts(reader.mapping(value, "Healthcheck").get("Test"), "Healthcheck.Test")
    if not test:
        return ""
    return "none" if test[0] == "NONE" else "set"


def _steps(reader: _Reader, config: Mapping[str, Any], layers: int) -> Iterator[Step]:
    entries = [
        reader.mapping(each, "a history entry") for each in reader.items(config.get("history"), "history", MAX_STEPS)
    ]
    fits = sum(each.get("empty_layer") is not True for each in entries) == layers
    number = 0
    for each in entries:
        empty = each.get("empty_layer") is True
        words = reader.text(each.get("created_by"), "created_by", MAX_LINE) or reader.text(
            each.get("comment"), "comment"
        )
        yield Step(
            instruction=shown(words, MAX_TEXT),
            created=reader.text(each.get("created"), "created")[:40],
            empty=empty,
            layer=number if fits and not empty else -1,
        )
        number += not empty
