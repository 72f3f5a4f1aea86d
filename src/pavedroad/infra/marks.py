"""Where things stand in a YAML text: lines for messages, columns for edits that keep a person's own text.

Called by ``policy``, for errors that name a line and for adding a waiver without rewriting the file.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from pavedroad.infra.documents import read_yaml
from pavedroad.infra.errors import DocumentError

if TYPE_CHECKING:
    import yaml

Path = tuple[str | int, ...]


class Mark(msgspec.Struct, frozen=True):
    """One value's place. ``line`` and ``end_line`` count from 1, ``column`` from 0; ``flow`` is true for ``[]`` and
    ``{}``.

    For a block sequence ``column`` is that of its dashes, and ``end_line`` the first line after it (comments that
    follow belong to it).
    """

    line: int
    column: int
    end_line: int
    flow: bool


def yaml_marks(content: bytes, *, where: str = "") -> dict[Path, Mark]:
    """The place of every value by its path of keys and indexes; ``()`` is the whole. Empty for an empty document.

    Raises DocumentError for what ``read_yaml`` refuses. A value reached through an alias is listed once.
    """
    if not content:
        return {}
    import yaml  # here, because it costs 15 ms that a run without YAML can do without

    read_yaml(content, where=where)
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        # A lone tab is no document when read, and an error when composed.
        raise DocumentError("broken YAML", where=where) from error
    return dict(_visit(root)) if root is not None else {}


def _visit(root: "yaml.Node") -> Iterator[tuple[Path, Mark]]:
    seen: set[int] = set()
    from yaml import MappingNode, SequenceNode

    stack: list[tuple[Path, yaml.Node, yaml.Node]] = [((), root, root)]
    while stack:
        path, node, place = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield path, _mark(node, place)
        if isinstance(node, MappingNode):
            stack.extend(((*path, str(key.value)), value, key) for key, value in node.value)
        elif isinstance(node, SequenceNode):
            stack.extend(((*path, index), value, value) for index, value in enumerate(node.value))


def _mark(node: "yaml.Node", place: "yaml.Node") -> Mark:
    """``place`` is the key in front of a mapping's value: a person looks for the key."""
    return Mark(
        line=place.start_mark.line + 1,
        column=node.start_mark.column,
        end_line=node.end_mark.line + 1,
        flow=bool(getattr(node, "flow_style", False)),
    )
