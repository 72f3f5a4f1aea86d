"""Layers into one file system, in one pass from the top layer down, so that each visible file is met first.

The rules are those of the OCI image specification, "layer filesystem changeset": a whiteout ``.wh.NAME`` hides NAME of
lower layers, ``.wh..wh..opq`` everything of its folder in lower layers; a file replaces a folder with all it holds.
What a layer hides it hides below itself only. Two entries of one name in one layer are both given: which of them wins
depends on who unpacks.
"""

import io
import time
from collections.abc import Iterator

from pavedroad.infra.images.errors import LayerError
from pavedroad.infra.images.model import Entry, Image, ImageLimits, Layer, LayerProblem, Problem
from pavedroad.infra.images.streams import CHUNK, Verified, unpacked
from pavedroad.infra.images.tarring import Member, Wants, members

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"

Item = Entry | Problem | LayerProblem


class _Hidden:
    """Which paths of lower layers are no longer visible."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._trees: set[str] = set()
        self._fresh: list[tuple[str, bool]] = []

    def add(self, path: str, *, tree: bool) -> None:
        """Hide ``path`` (with ``tree``: and all below it) from the next layer on."""
        self._fresh.append((path, tree))

    def next_layer(self) -> None:
        for path, tree in self._fresh:
            (self._trees if tree else self._names).add(path)
        self._fresh.clear()

    def holds(self, path: str) -> bool:
        if path in self._names or path in self._trees:
            return True
        end = path.rfind("/")
        while end > 0:
            if path[:end] in self._trees:
                return True
            end = path.rfind("/", 0, end)
        return "" in self._trees


class _Budget:
    def __init__(self, limits: ImageLimits) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.seconds
        self.entries = self.names = self.bytes = 0

    def take(self, member: Member) -> None:
        self.entries += 1
        self.names += len(member.path)
        if self.entries > self.limits.entries or self.names > self.limits.name_bytes:
            raise LayerError(
                f"the image has more than {self.limits.entries} entries, or names of more than "
                f"{self.limits.name_bytes} bytes",
                next_step="look at it by hand: no ordinary image has",
            )


def merged(image: Image, wants: Wants, limits: ImageLimits) -> Iterator[Item]:
    """Every visible entry of ``image`` and every problem met. ``wants(path, size)`` chooses the files whose content is
    given. A layer that breaks off ends in a LayerProblem, and the layers below it are still read. Never raises for what
    an image holds."""
    hidden, budget = _Hidden(), _Budget(limits)
    for layer in reversed(image.layers):
        try:
            yield from _of_layer(image, layer, wants, hidden, budget)
        except LayerError as error:
            yield LayerProblem(layer=layer, message=error.what, next_step=error.next_step)
        hidden.next_layer()


def _of_layer(image: Image, layer: Layer, wants: Wants, hidden: _Hidden, budget: _Budget) -> Iterator[Item]:
    missed: set[str] = set()  # hidden files of this layer that a visible hard link names

    def wanted(path: str, size: int) -> bool:
        return not hidden.holds(path) and wants(path, size)

    for member in _read(image, layer, wanted, budget):
        budget.take(member)
        yield from _judge(member, layer, hidden, wants, missed, budget.limits)
    if missed:
        yield from _behind_links(image, layer, missed, budget)


def _read(image: Image, layer: Layer, wants: Wants, budget: _Budget) -> Iterator[Member]:
    limits = budget.limits
    room = min(limits.layer_bytes, limits.total_bytes - budget.bytes)
    with image.open_layer(layer) as blob:
        stored = Verified(blob, layer.digest, layer.size, limits.layer_bytes, budget.deadline)
        plain = Verified(unpacked(stored), layer.diff_id, -1, room, budget.deadline)
        reader = io.BufferedReader(plain, CHUNK)  # kept by name: it would close what it reads when it goes
        yield from members(reader, wants, limits.file_bytes)
        plain.finish()
        stored.finish()
        budget.bytes += plain.seen


def _judge(
    member: Member, layer: Layer, hidden: _Hidden, wants: Wants, missed: set[str], limits: ImageLimits
) -> Iterator[Item]:
    if member.problem:
        yield Problem(reason=member.problem, path=member.path)
        return
    folder, _, name = member.path.rpartition("/")
    if name == _OPAQUE:
        hidden.add(folder, tree=True)
    elif name == _WHITEOUT:
        yield Problem(reason="a whiteout without a name, which hides nothing", path=member.path)
    elif name.startswith(_WHITEOUT):
        hidden.add(f"{folder}/{name[4:]}" if folder else name[4:], tree=True)
    elif member.path:
        seen = hidden.holds(member.path)
        # Also when it is hidden itself: a file that a folder replaced had replaced what was below it before.
        hidden.add(member.path, tree=member.kind != "directory")
        if seen:
            return
        if member.kind == "hardlink" and hidden.holds(member.target) and wants(member.path, 1):
            missed.add(member.target)
        if member.kind == "file" and member.size > limits.file_bytes:
            yield Problem(reason="larger than the limit on files", path=member.path, harmless=not wants(member.path, 1))
        yield _entry(member, layer)


def _behind_links(image: Image, layer: Layer, missed: set[str], budget: _Budget) -> Iterator[Item]:
    """The contents of files that are hidden under their own name but visible through a hard link: read once more."""
    for member in _read(image, layer, lambda path, size: path in missed, budget):
        if member.path in missed and member.content is not None:
            yield _entry(member, layer)


def _entry(member: Member, layer: Layer) -> Entry:
    return Entry(
        path=member.path,
        kind=member.kind,
        size=member.size,
        mode=member.mode,
        uid=member.uid,
        gid=member.gid,
        layer=layer,
        target=member.target,
        content=member.content,
    )
