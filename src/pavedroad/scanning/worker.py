"""The inside of a scanner process: ``python -m pavedroad.scanning.worker``. Reads jobs, looks at files, answers.

Runs confined by :mod:`pavedroad.infra.process`. Whatever goes wrong with one file is said of that file alone.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import msgspec

from pavedroad.core.errors import PavedError
from pavedroad.infra.cache import content_digest
from pavedroad.infra.plugins import load_module
from pavedroad.infra.walk import read_bounded
from pavedroad.scanning.errors import ScanningError
from pavedroad.scanning.markers import mark
from pavedroad.scanning.model import Blob, ReadsNeighbours, Scanner, Session
from pavedroad.scanning.neighbours import Neighbours
from pavedroad.scanning.protocol import Answer, Hello, Job, Ready, receive_bytes, send
from pavedroad.scanning.verification import Verifier, Verifies

Trees = Callable[[Job], Neighbours]


def look(session: Session, root: Path, max_bytes: int, job: Job, trees: Trees | None = None) -> Answer:
    """Judge one file. Never raises for anything the file did."""
    content = _content(root, max_bytes, job)
    if isinstance(content, Answer):
        return content
    digest = content_digest(content)
    tree = trees(job) if trees is not None else None
    try:
        result = session.scan(Blob(job.path, content) if tree is None else Blob(job.path, content, tree))
        marked = mark(result.observations, content)
        reads = tuple(tree.reads.items()) if tree is not None else ()
        return Answer(job.id, digest, msgspec.structs.replace(result, observations=marked), reads=reads)
    except PavedError as error:
        return Answer(job.id, digest, None, error=error.what)
    except (Exception, RecursionError) as error:
        return Answer(job.id, digest, None, error=_failed("scanner", error))


def ask(verifier: Verifier, root: Path, max_bytes: int, job: Job) -> Answer:
    """Check the findings of one file live. Never raises for anything the file or the world did."""
    content = _content(root, max_bytes, job)
    if isinstance(content, Answer):
        return content
    try:
        return Answer(job.id, b"", None, checks=verifier.verify(Blob(job.path, content), job.asked))
    except (Exception, RecursionError) as error:
        return Answer(job.id, b"", None, error=_failed("live check", error))


def _content(root: Path, max_bytes: int, job: Job) -> bytes | Answer:
    """The file's bytes, or the answer that says why there are none."""
    try:
        return job.content if job.content is not None else read_bounded(root, job.raw, max_bytes)
    except FileNotFoundError:
        return Answer(job.id, b"", None, gone=True)
    except OSError as error:
        return Answer(job.id, b"", None, error=f"cannot be read: {error.strerror or error}")


def _failed(what: str, error: BaseException) -> str:
    """The text of a foreign exception may quote the file, and with it a secret: only its type is told."""
    return f"the {what} failed on this file ({type(error).__name__})"


def serve(source: IO[bytes], sink: IO[bytes], find: Callable[[str], Scanner] | None = None) -> int:
    """Answer frames until the source ends. ``find`` resolves a scanner by module name (tests hand in their own)."""
    hello = msgspec.msgpack.decode(receive_bytes(source), type=Hello)
    try:
        most, work = _open((find or _find)(hello.scanner), hello)
    except PavedError as error:
        send(sink, Ready(error=error.what, next_step=error.next_step))
        return 1
    except Exception as error:
        send(sink, Ready(error=f"the scanner could not start ({type(error).__name__})"))
        return 1
    send(sink, Ready())
    jobs = msgspec.msgpack.Decoder(list[Job])
    with ThreadPoolExecutor(max_workers=hello.threads or most) as threads:
        while frame := receive_bytes(source):
            send(sink, list(threads.map(work, jobs.decode(frame))))
    return 0


def _open(scanner: Scanner, hello: Hello) -> tuple[int, Callable[[Job], Answer]]:
    """How many threads it bears, and what is done with a job."""
    root, most = Path(os.fsdecode(hello.root)), hello.max_bytes
    if hello.verify:
        if not isinstance(scanner, Verifies):
            raise ScanningError(f"the scanner '{scanner.name}' has no live checks")
        verifier = scanner.open_verifier(hello.settings)
        return verifier.threads, lambda job: ask(verifier, root, most, job)
    session = scanner.open(hello.settings)
    trees = _trees(hello) if isinstance(scanner, ReadsNeighbours) else None
    return session.threads, lambda job: look(session, root, most, job, trees)


def _trees(hello: Hello) -> Trees:
    given = hello.overlays
    root = Path(os.fsdecode(hello.root)) if given.on_disk else None
    return lambda job: Neighbours(root, hello.max_bytes, given.base if job.old else given.head)


def _find(name: str) -> Scanner:
    scanner: Scanner = load_module("pavedroad.scanning.scanners", name).SCANNER
    return scanner


def main() -> int:
    """Take over stdin and stdout for frames; anything printed by an engine goes to stderr."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    sys.exit(main())
