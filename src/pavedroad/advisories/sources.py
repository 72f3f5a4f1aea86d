"""Where records come from: the OSV bulk layout, on a web server or in a folder.

The layout is ``<base>/<ecosystem>/all.zip``, with ``modified_id.csv`` and ``<id>.json`` beside it where the source
keeps them. A folder may as well hold one ``all.zip``, or plain ``*.json`` files, that mix ecosystems.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from io import BufferedReader
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from pavedroad.advisories import listing
from pavedroad.advisories.delivery import MAX_RECORD, Delivery, json_files
from pavedroad.advisories.errors import SourceError
from pavedroad.advisories.model import EcosystemFacts
from pavedroad.advisories.versions import scheme
from pavedroad.infra.errors import NetworkError
from pavedroad.infra.http import Download, Validators, check_url, download

PUBLIC = "https://osv-vulnerabilities.storage.googleapis.com"
"""The public export of the OSV project (google.github.io/osv.dev/data)."""

MAX_ARCHIVE = 4 << 30
MAX_SECONDS = 1800.0
ARCHIVE = "all.zip"
MIXED = ""
"""In place of an ecosystem's name: the source mixes several."""

_ECOSYSTEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .:+_-]{0,79}")
# What a project locks, without the distributions, which are large and only of use for images.
_LANGUAGES = (
    *("PyPI", "npm", "Go", "crates.io", "Maven", "RubyGems", "Packagist", "NuGet", "Hex", "Pub", "SwiftURL"),
    *("ConanCenter", "GitHub Actions", "CRAN"),
)

Progress = Callable[[str, int, int | None], None]
"""Called with the ecosystem, the bytes so far, and the total when it is known."""

Old = tuple[EcosystemFacts, ...]
"""What was imported before, from whatever source."""

Known = Callable[[str], Iterable[str]]
"""Gives the ids that are held of an ecosystem."""


class Source(Protocol):
    """Something in the bulk layout."""

    def default_ecosystems(self) -> tuple[str, ...]:
        """What to import when the user names nothing: ecosystems, or MIXED alone."""
        ...

    def mixed(self) -> bool:
        """Whether the records of all ecosystems are in one place."""
        ...

    def fetch(self, ecosystem: str, old: Old, known: Known, scratch: Path, progress: Progress) -> Delivery:
        """Get what changed of one ecosystem, or of MIXED, in or below ``scratch`` if it must be copied. Raises
        SourceError or NetworkError."""
        ...


def _earlier(old: Old, ecosystem: str, where: str) -> EcosystemFacts | None:
    """The last import of this ecosystem (of any, when mixed) from the same place: only that can be built upon."""
    same = [facts for facts in old if facts.source == where and (not ecosystem or facts.name == ecosystem)]
    return same[0] if same else None


def check_ecosystem(name: str) -> None:
    """Raises SourceError for a name that cannot be an ecosystem's: it becomes part of a path."""
    if not _ECOSYSTEM.fullmatch(name):
        raise SourceError(
            "this is not the name of an ecosystem", next_step="name one as OSV does: PyPI, npm, Go, crates.io"
        )


class FolderSource:
    """A folder: a mirror, or a copy carried into a closed network. ``base`` may be an ``all.zip`` itself."""

    def __init__(self, base: Path) -> None:
        self._base = base

    def default_ecosystems(self) -> tuple[str, ...]:
        names = self._folders()
        if names:
            return names
        if self.mixed():
            return (MIXED,)
        raise SourceError(
            "no advisories here",
            where=str(self._base),
            next_step=f"give a folder that holds <ecosystem>/{ARCHIVE}, one {ARCHIVE}, or *.json files",
        )

    def mixed(self) -> bool:
        if self._folders():
            return False
        return self._mixed_archive().is_file() or next(json_files(self._base), None) is not None

    def _mixed_archive(self) -> Path:
        return self._base if self._base.is_file() else self._base / ARCHIVE

    def _folders(self) -> tuple[str, ...]:
        """Sub-folders of the layout. One that holds only ``*.json`` counts when its name is an ecosystem's."""
        if not self._base.is_dir():
            return ()
        return tuple(sorted(path.name for path in self._base.iterdir() if path.is_dir() and _in_layout(path)))

    def fetch(self, ecosystem: str, old: Old, known: Known, scratch: Path, progress: Progress) -> Delivery:
        folder = self._base / ecosystem if ecosystem else self._base
        path = folder / ARCHIVE if ecosystem else self._mixed_archive()
        if not path.exists() and folder.is_dir():
            return self._plain(ecosystem, folder, old, known)
        copy = scratch / f"{quote(ecosystem, safe='') or 'mixed'}.zip"
        try:
            stream = path.open("rb")
        except OSError as error:
            raise SourceError(
                f"the archive of {ecosystem or 'the source'} cannot be read: {error.strerror}",
                where=str(path),
                next_step=f"a source holds <ecosystem>/{ARCHIVE}",
            ) from error
        with stream:
            digest = self._copy(stream, copy, ecosystem, progress)
        earlier = _earlier(old, ecosystem, str(path))
        unchanged = earlier is not None and earlier.archive == digest
        return Delivery(ecosystem=ecosystem, source=str(path), content=None if unchanged else copy, archive=digest)

    @staticmethod
    def _plain(ecosystem: str, folder: Path, old: Old, known: Known) -> Delivery:
        """A folder of records. With a list of changes only what it names is read, else everything is compared."""
        changes, where = folder / listing.FILE, str(folder)
        if changes.is_file() and ecosystem:
            listed = listing.parse(_bounded(changes))
            earlier = _earlier(old, ecosystem, where)
            plan = listing.plan(listed, known(ecosystem), earlier.cursor if earlier else "")
            if not plan.whole:
                files = tuple(folder / f"{name}.json" for name in plan.changed)
                return Delivery(ecosystem=ecosystem, source=where, content=files, gone=plan.gone, cursor=plan.cursor)
            return Delivery(ecosystem=ecosystem, source=where, content=folder, cursor=plan.cursor)
        return Delivery(ecosystem=ecosystem, source=where, content=folder)

    @staticmethod
    def _copy(stream: BufferedReader, copy: Path, ecosystem: str, progress: Progress) -> str:
        """Copied while hashed: a mirror may replace the file at any time; the digest must be of what is imported."""
        digest, done, total = hashlib.sha256(), 0, os.fstat(stream.fileno()).st_size
        if total > MAX_ARCHIVE:
            raise SourceError(f"the archive has {total} bytes; at most {MAX_ARCHIVE} are read", where=stream.name)
        with copy.open("wb") as out:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
                out.write(chunk)
                done += len(chunk)
                progress(ecosystem, done, total)
        return digest.hexdigest()


def _in_layout(folder: Path) -> bool:
    if (folder / ARCHIVE).is_file() or (folder / listing.FILE).is_file():
        return True
    return scheme(folder.name) is not None and next(folder.glob("*.json"), None) is not None


def _bounded(path: Path) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(listing.MAX_BYTES + 1)
    if len(content) > listing.MAX_BYTES:
        raise SourceError(f"the list of changes has more than {listing.MAX_BYTES} bytes", where=str(path))
    return content


class WebSource:
    """A web server, asked only for what changed since the last import."""

    def __init__(self, base: str) -> None:
        check_url(base)
        self._base = base.rstrip("/")

    def default_ecosystems(self) -> tuple[str, ...]:
        """Those of programming languages that Pavedroad can match: the whole public export is gigabytes."""
        return (MIXED,) if self.mixed() else tuple(name for name in _LANGUAGES if scheme(name) is not None)

    def mixed(self) -> bool:
        """Whether the URL is that of one archive."""
        return self._base.endswith(".zip")

    def fetch(self, ecosystem: str, old: Old, known: Known, scratch: Path, progress: Progress) -> Delivery:
        url = f"{self._base}/{quote(ecosystem)}/{ARCHIVE}" if ecosystem else self._base
        same = _earlier(old, ecosystem, url)
        listed = self._list(ecosystem, scratch) if ecosystem and same is not None else None
        if same is not None and listed is not None:
            plan = listing.plan(listed, known(ecosystem), same.cursor)
            got = None if plan.whole else self._singles(ecosystem, plan.changed, scratch, progress)
            if got is not None:
                content = got or (() if plan.gone or plan.cursor != same.cursor else None)
                return Delivery(ecosystem=ecosystem, source=url, content=content, gone=plan.gone, cursor=plan.cursor)
        if ecosystem and listed is None and same is None:
            listed = self._list(ecosystem, scratch)  # before the archive: what changes in between is asked for again
        return self._whole(ecosystem, url, same, listed, scratch, progress)

    def _whole(
        self,
        ecosystem: str,
        url: str,
        old: EcosystemFacts | None,
        listed: dict[str, str] | None,
        scratch: Path,
        progress: Progress,
    ) -> Delivery:
        target = scratch / f"{quote(ecosystem, safe='') or 'mixed'}.zip"
        known = Validators(etag=old.etag, last_modified=old.last_modified) if old else None
        got = download(
            url,
            target,
            known=known,
            max_bytes=MAX_ARCHIVE,
            seconds=MAX_SECONDS,
            progress=lambda done, total: progress(ecosystem, done, total),
        )
        unchanged = got.unchanged or (old is not None and got.sha256 == old.archive)
        return Delivery(
            ecosystem=ecosystem,
            source=url,
            content=None if unchanged else target,
            archive=got.sha256,
            etag=got.validators.etag,
            last_modified=got.validators.last_modified,
            cursor=listing.newest(listed) if listed is not None else "",
        )

    def _get(self, ecosystem: str, name: str, target: Path, max_bytes: int) -> Download:
        url = f"{self._base}/{quote(ecosystem)}/{quote(name)}"
        return download(url, target, max_bytes=max_bytes, seconds=MAX_SECONDS)

    def _list(self, ecosystem: str, scratch: Path) -> dict[str, str] | None:
        """The list of changes; None when the source keeps none that can be used: then the archive says everything."""
        target = scratch / listing.FILE
        try:
            self._get(ecosystem, listing.FILE, target, listing.MAX_BYTES)
            return listing.parse(target.read_bytes())
        except (NetworkError, SourceError):
            return None
        finally:
            target.unlink(missing_ok=True)

    def _singles(
        self, ecosystem: str, names: tuple[str, ...], scratch: Path, progress: Progress
    ) -> tuple[Path, ...] | None:
        """The changed records one by one; None when one cannot be had."""
        folder = scratch / f"{quote(ecosystem, safe='')}.records"
        folder.mkdir()
        size = 0
        for name in names:
            try:
                size += self._get(ecosystem, f"{name}.json", folder / f"{name}.json", MAX_RECORD).size
            except NetworkError:
                return None
            progress(ecosystem, size, None)
        return tuple(folder / f"{name}.json" for name in names)


def source(text: str) -> Source:
    """The source a user means: a URL when it has a scheme, else a folder or a zip. Raises SourceError or
    NetworkError."""
    if "://" in text:
        return WebSource(text)
    base = Path(text)
    if not base.is_dir() and not (base.is_file() and base.suffix == ".zip"):
        raise SourceError(
            "there is no such folder", where=text, next_step="give a URL or a folder in the OSV bulk layout"
        )
    return FolderSource(base)
