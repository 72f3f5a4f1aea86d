"""Signed snapshots: the local data as one file, to be carried into a closed network.

A zip of ``manifest.json``, ``manifest.sig`` and the database files. The manifest says the size and SHA-256 of each file
and what is in it; the signature is Ed25519 over a fixed prefix and the manifest's bytes. The same data and key give the
same bytes. Nothing of a snapshot is opened before its signature and its digests are right.
"""

import base64
import binascii
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pavedroad.advisories import _layout
from pavedroad.advisories.database import Database
from pavedroad.advisories.errors import AdvisoryError, CorruptSignals, NoDatabase, NoSignals, SnapshotError, WrongSchema
from pavedroad.advisories.exploitation.store import SignalStore
from pavedroad.advisories.lock import exclusive
from pavedroad.advisories.placing import compact, replace_durably
from pavedroad.core.noun import Noun
from pavedroad.infra.archives import ArchiveError, extract, write_zip
from pavedroad.infra.keys import key_id, verifies

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = 1
MANIFEST, SIGNATURE, ADVISORIES, SIGNALS = "manifest.json", "manifest.sig", "osv.sqlite3", "signals.sqlite3"
CONTEXT = b"pavedroad advisory snapshot v1\n"
"""In front of what is signed, so that a signature over other things by the same key proves nothing here."""

MAX_MANIFEST = 1 << 20
MAX_FILE = 16 << 30
WAIT_SECONDS = 600.0


class Part(Noun, frozen=True, kw_only=True):
    """One source in a snapshot. ``as_of`` is the age that gates judge, ``imported`` when it was brought in."""

    name: str
    records: int
    digest: str
    imported: datetime
    as_of: datetime | None = None


class FileFacts(Noun, frozen=True, kw_only=True):
    """One file in a snapshot: size in bytes, SHA-256, and what it holds."""

    name: str
    size: int
    sha256: str
    digest: str
    parts: tuple[Part, ...] = ()


class Manifest(Noun, frozen=True, kw_only=True):
    """What a snapshot holds. ``layout`` is that of the advisory database."""

    format: int
    layout: int
    files: tuple[FileFacts, ...]

    @property
    def as_of(self) -> datetime | None:
        """The date of the newest part, None when none has one."""
        return max((p.as_of for f in self.files for p in f.parts if p.as_of), default=None)


class Targets(Noun, frozen=True, kw_only=True):
    """Where the files of this machine are."""

    advisories: Path
    signals: Path


@contextmanager
def _writing(where: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise AdvisoryError(
            f"cannot be written: {error}",
            where=str(where),
            next_step="check the free space and the rights of the folder",
        ) from error


def export(targets: Targets, out: Path, key: "Ed25519PrivateKey | None" = None) -> Manifest:
    """Write a snapshot to ``out``, signed with ``key``. Raises AdvisoryError."""
    with _writing(out), ExitStack() as stack:
        # The lock keeps base and delta as one state while they are read.
        stack.enter_context(exclusive(targets.advisories.with_name(f"{targets.advisories.name}.lock"), WAIT_SECONDS))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent)))
        files = {ADVISORIES: _one_file(targets.advisories, scratch / ADVISORIES)}
        if targets.signals.is_file():
            files[SIGNALS] = targets.signals
        facts = tuple(_facts(name, path) for name, path in files.items())
        manifest = Manifest(format=FORMAT, layout=_layout.LAYOUT, files=facts)
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
        entries: dict[str, Path | bytes] = {MANIFEST: text}
        if key is not None:
            entries[SIGNATURE] = base64.b64encode(key.sign(CONTEXT + text)) + b"\n"
        entries.update(files)
        write_zip(scratch / "out", entries)
        replace_durably(scratch / "out", out)
    return manifest


def _one_file(base: Path, scratch: Path) -> Path:
    """The base, or base and delta written together."""
    with Database.open(base) as database:
        if database.delta is None:
            return base
        compact(base, database.delta, scratch)
    return scratch


def _facts(name: str, path: Path) -> FileFacts:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
    content, parts = _look_inside(name, path)
    return FileFacts(name=name, size=size, sha256=digest.hexdigest(), digest=content, parts=parts)


def _look_inside(name: str, path: Path) -> tuple[str, tuple[Part, ...]]:
    """The digest and the parts of a file. Raises AdvisoryError when it cannot be used here."""
    if name == SIGNALS:
        with SignalStore.open(path) as store:
            store.verify()
            sources = store.sources().values()
            return store.digest, tuple(
                Part(name=s.name, records=s.rows, digest=s.digest, imported=s.imported, as_of=s.as_of) for s in sources
            )
    with Database.open(path) as database:
        database.verify()
        return database.digest, tuple(
            Part(name=f"OSV {e.name}", records=e.records, digest=e.digest, imported=e.imported, as_of=e.as_of)
            for e in database.ecosystems()
        )


def read_manifest(archive: Path, key: "Ed25519PublicKey | None") -> Manifest:
    """The manifest, after its signature was checked with ``key``; None takes it unsigned, which proves nothing. Raises
    SnapshotError."""
    with tempfile.TemporaryDirectory() as folder:
        text = _small(archive, MANIFEST, Path(folder))
        if key is not None:
            _check_signature(archive, text, key, Path(folder))
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SnapshotError("the manifest of the snapshot cannot be read", where=str(archive)) from error
    if manifest.format != FORMAT:
        raise SnapshotError(
            f"the snapshot has format {manifest.format}; this version reads format {FORMAT}", where=str(archive)
        )
    if manifest.layout != _layout.LAYOUT:
        raise WrongSchema(str(archive), manifest.layout, _layout.LAYOUT)
    if [facts.name for facts in manifest.files] not in ([ADVISORIES], [ADVISORIES, SIGNALS]):
        raise SnapshotError("the snapshot does not hold the files it should", where=str(archive))
    return manifest


def _small(archive: Path, name: str, folder: Path) -> bytes:
    try:
        extract(archive, name, folder / "entry", MAX_MANIFEST)
    except ArchiveError as error:
        raise SnapshotError(
            f"this is not a snapshot: {error.what}", where=str(archive), next_step="make one: paved advisories export"
        ) from error
    return (folder / "entry").read_bytes()


def _check_signature(archive: Path, text: bytes, key: "Ed25519PublicKey", folder: Path) -> None:
    try:
        extract(archive, SIGNATURE, folder / "entry", 1024)
        signature = base64.b64decode((folder / "entry").read_bytes().strip(), validate=True)
    except (ArchiveError, binascii.Error) as error:
        raise SnapshotError(
            "the snapshot is not signed", where=str(archive), next_step="have it exported with --sign-key"
        ) from error
    if not verifies(key, signature, CONTEXT + text):
        raise SnapshotError(
            f"the signature of the snapshot is not by the key {key_id(key)}, or the snapshot was changed",
            where=str(archive),
            next_step="get it again from its maker; do not use it",
        )


def take_in(
    archive: Path,
    targets: Targets,
    key: "Ed25519PublicKey | None",
    *,
    allow_older: bool = False,
    wait: float = WAIT_SECONDS,
) -> Manifest:
    """Put the files of a snapshot in place of those here. Raises SnapshotError when it is broken, is not signed by
    ``key``, or holds older data than is present (unless ``allow_older``); then nothing changes."""
    with _writing(targets.advisories.parent), ExitStack() as stack:
        for path in (targets.advisories, targets.signals):
            stack.enter_context(exclusive(path.with_name(f"{path.name}.lock"), wait))
        manifest = read_manifest(archive, key)
        # The suffix is that of updates: a leftover of a killed import is removed by the next one.
        folder = tempfile.TemporaryDirectory(
            prefix=f"{targets.advisories.name}.", suffix=".new", dir=targets.advisories.parent
        )
        scratch = Path(stack.enter_context(folder))
        for facts in manifest.files:
            _unpack(archive, facts, scratch / facts.name)
        if not allow_older:
            _refuse_older(manifest, targets, archive)
        _put_in_place(manifest, targets, scratch)
    return manifest


def _unpack(archive: Path, facts: FileFacts, target: Path) -> None:
    try:
        size, sha256 = extract(archive, facts.name, target, min(MAX_FILE, facts.size))
    except ArchiveError as error:
        raise SnapshotError(f"the snapshot is broken: {error.what}", where=str(archive)) from error
    if (size, sha256) != (facts.size, facts.sha256):
        raise SnapshotError(
            f"{facts.name} in the snapshot is not what the manifest says", where=str(archive), next_step="get it again"
        )
    digest, parts = _look_inside(facts.name, target)
    if (digest, parts) != (facts.digest, facts.parts):
        raise SnapshotError(f"{facts.name} in the snapshot does not hold what the manifest says", where=str(archive))


def _present(targets: Targets) -> dict[str, Part]:
    """The sources here; what cannot be read protects nothing."""
    found: dict[str, Part] = {}
    for name, path in ((ADVISORIES, targets.advisories), (SIGNALS, targets.signals)):
        try:
            found.update({part.name: part for part in _look_inside(name, path)[1]})
        except (NoDatabase, NoSignals, WrongSchema, CorruptSignals):
            continue
        except AdvisoryError:
            continue
    return found


_NEVER = datetime.min.replace(tzinfo=UTC)


def _age(part: Part) -> tuple[datetime, datetime]:
    return (part.as_of or _NEVER, part.imported)


def _refuse_older(manifest: Manifest, targets: Targets, archive: Path) -> None:
    """An old snapshot in place of a newer state would bring known flaws back into the dark."""
    coming = {part.name: part for facts in manifest.files for part in facts.parts}
    for name, here in _present(targets).items():
        there = coming.get(name)
        if there is not None and _age(there) >= _age(here):
            continue
        if there is None and name not in _replaced(manifest, here):
            continue  # a snapshot without signals leaves those here alone
        told = "does not hold it" if there is None else f"has it as of {_told(there)}"
        raise SnapshotError(
            f"{name} here is as of {_told(here)}, and the snapshot {told}",
            where=str(archive),
            next_step="get a newer snapshot, or give --allow-older if going back is meant",
        )


def _replaced(manifest: Manifest, part: Part) -> tuple[str, ...]:
    """The part's name when the file it is in will be replaced."""
    mine = ADVISORIES if part.name.startswith("OSV ") else SIGNALS
    return (part.name,) if any(facts.name == mine for facts in manifest.files) else ()


def _told(part: Part) -> str:
    return f"{part.as_of or part.imported:%Y-%m-%d %H:%M}"


def _put_in_place(manifest: Manifest, targets: Targets, scratch: Path) -> None:
    """Signals first: a run that starts in between sees new signals with old advisories, both whole."""
    for facts in reversed(manifest.files):
        target = targets.signals if facts.name == SIGNALS else targets.advisories
        os.chmod(scratch / facts.name, 0o644)  # noqa: PTH101 - readable like every other database
        replace_durably(scratch / facts.name, target)
    _layout.delta_of(targets.advisories).unlink(missing_ok=True)
