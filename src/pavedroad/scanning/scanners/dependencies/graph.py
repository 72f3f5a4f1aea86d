"""Shortest dependency paths. Lock files may hold cycles and may be hostile: every node is visited once, paths are
bounded."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)

MAX_PATH = 30


def parents(roots: Iterable[Node], edges: Callable[[Node], Iterable[Node]]) -> dict[Node, Node | None]:
    """For every node that can be reached, the node before it on a shortest path; None for the roots themselves."""
    before: dict[Node, Node | None] = dict.fromkeys(roots)
    queue = deque(before)
    while queue:
        node = queue.popleft()
        for target in edges(node):
            if target not in before:
                before[target] = node
                queue.append(target)
    return before


def names_to(node: Node, before: Mapping[Node, Node | None], name: Callable[[Node], str]) -> tuple[str, ...]:
    """Names from the root to ``node``; empty when it was not reached. Of a longer path than MAX_PATH only the end is
    kept, after an ellipsis: walking a hostile chain to its root for each of its nodes would cost its square."""
    if node not in before:
        return ()
    path, current = [name(node)], before[node]
    while current is not None:
        if len(path) == MAX_PATH:
            path.append("…")
            break
        path.append(name(current))
        current = before[current]
    return tuple(reversed(path))
