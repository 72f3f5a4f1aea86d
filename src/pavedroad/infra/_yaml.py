"""The YAML half of :mod:`pavedroad.infra.documents`, apart because loading PyYAML costs 50 ms that many runs can do
without."""

from typing import Any

import yaml

from pavedroad.infra.errors import DocumentError


def check(text: str, where: str, max_depth: int, max_nodes: int) -> None:
    """Raise DocumentError for a document too deep, or too large once its aliases are written out."""
    # One sum per open collection, and the anchor it will be known by; the first entry stands for the whole document.
    open_sums: list[int] = [0]
    anchors: list[str | None] = [None]
    sizes: dict[str, int] = {}
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        size = 1
        if isinstance(event, yaml.CollectionStartEvent):
            open_sums.append(1)
            anchors.append(event.anchor)
            if len(open_sums) - 1 > max_depth:
                raise DocumentError(f"the document is nested deeper than {max_depth} levels", where=where)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            size, anchor = open_sums.pop(), anchors.pop()
        elif isinstance(event, yaml.AliasEvent):
            size, anchor = sizes.get(event.anchor or "", 1), None
        else:
            anchor = getattr(event, "anchor", None)
        if anchor:
            sizes[anchor] = size
        open_sums[-1] += size
        if open_sums[-1] > max_nodes:
            raise DocumentError(f"the document has more than {max_nodes} nodes, aliases written out", where=where)


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


def load(text: str, where: str, max_depth: int, max_nodes: int) -> Any:
    """The only document in ``text``. Raises DocumentError."""
    try:
        check(text, where, max_depth, max_nodes)
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
