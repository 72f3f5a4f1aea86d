"""One good file of every format of the inventory, written by us, and what is found in it.

The contract tests run over all of them, cut them and twist them. A parser without a sample fails its contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sample:
    """``finds`` are texts ``name version scope direct``; scope is ``-`` when unknown, direct is ``direct``,
    ``indirect`` or ``-``. ``gaps`` are the reasons of gaps that are not harmless, ``harmless`` those of the others.
    ``beside`` are other files of the tree. ``anywhere`` is False for files that are not found by name in a tree."""

    parser: str
    path: str
    content: str | bytes
    finds: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    beside: Mapping[str, str | bytes] = field(default_factory=dict)
    anywhere: bool = True

    @property
    def data(self) -> bytes:
        return self.content.encode() if isinstance(self.content, str) else self.content


class Folder:
    """A tree in memory."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = files
        self.asked: list[str] = []

    def read(self, path: str) -> bytes | None:
        self.asked.append(path)
        content = self._files.get(path)
        return content.encode() if isinstance(content, str) else content


def samples() -> list[Sample]:
    """All of them."""
    from importlib import import_module
    from pkgutil import iter_modules

    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return [sample for module in modules for sample in module.SAMPLES]
