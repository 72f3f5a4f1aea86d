"""Reads the VEX documents that a run is told to heed, and applies them. Those that merely lie in the tree are not
heeded: whoever sends a change could bring one."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pavedroad.core.errors import PavedError, UsageError
from pavedroad.core.run import Judged
from pavedroad.gate.project import Project
from pavedroad.gate.request import CheckRequest
from pavedroad.infra.files import read_file


class Heeded(msgspec.Struct, frozen=True):
    """The findings in the order given. ``digest`` is that of the documents, empty without any."""

    judged: tuple[Judged, ...]
    digest: str = ""
    notes: tuple[str, ...] = ()


def heed(judged: Sequence[Judged], request: CheckRequest, project: Project) -> Heeded:
    """Raises UsageError for a document that is not there or cannot be read."""
    listed = [(project.root / name, name, False) for name in project.config.vex.documents]
    wanted = [*listed, *((path, str(path), True) for path in request.vex)]
    if not wanted:
        return Heeded(tuple(judged))
    from pavedroad.vex import apply_vex, purls_of, read_vex

    digest, documents = hashlib.sha256(), []
    for path, name, special in wanted:
        try:
            content = _content(path, name, special=special)
            documents.append(read_vex(content, where=name))
        except UsageError:
            raise
        except PavedError as error:
            raise UsageError(f"the VEX document cannot be used: {error.what}", where=name,
                             next_step=error.next_step or "make it anew, or leave it out") from error  # fmt: skip
        digest.update(hashlib.sha256(content).digest())
    products = purls_of(project.asset, project.config.vex.products)
    outcome = apply_vex(judged, documents, products=products)
    return Heeded(outcome.judged, digest.hexdigest(), outcome.notes)


def _content(path: Path, name: str, *, special: bool) -> bytes:
    from pavedroad.vex.model import MAX_BYTES

    if path.is_symlink() and not special:
        raise UsageError("the VEX document is a symbolic link", where=name, next_step="make it a plain file")
    content = read_file(path, MAX_BYTES, special=special)
    if content is None:
        raise UsageError("there is no such VEX document", where=name, next_step="correct the path")
    return content
