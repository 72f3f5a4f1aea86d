"""Where advisories come from: a folder or a web server in the OSV bulk layout, ``<base>/<ecosystem>/all.zip``."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from pavedroad.advisories.errors import SourceError
from pavedroad.advisories.model import EcosystemFacts
from pavedroad.advisories.versions import schemes
from pavedroad.core.noun import Noun
from pavedroad.infra.http import Validators, check_url, download

PUBLIC = "https://osv-vulnerabilities.storage.googleapis.com"
"""The public export of the OSV project (google.github.io/osv.dev/data)."""

MAX_ARCHIVE = 4 << 30
MAX_SECONDS = 1800.0
ARCHIVE = "all.zip"

_ECOSYSTEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .:+_-]{0,79}")

Progress = Callable[[str, int, int | None], None]
"""Called with the ecosystem, the bytes so far, and the total when it is known."""


class Archive(Noun, frozen=True, kw_only=True):
    """One fetched archive. ``path`` is None when it is the one already imported."""

    ecosystem: str
    source: str
    path: Path | None = None
    digest: str = ""
    etag: str = ""
    last_modified: str = ""


class Source(Protocol):
    """Something in the bulk layout."""

    def default_ecosystems(self) -> tuple[str, ...]:
        """What to import when the user names nothing."""
        ...

    def fetch(self, ecosystem: str, old: EcosystemFacts | None, scratch: Path, progress: Progress) -> Archive:
        """Get one archive, in or below ``scratch`` if it must be copied. Raises SourceError or NetworkError."""
        ...


def check_ecosystem(name: str) -> None:
    """Raises SourceError for a name that cannot be an ecosystem's: it becomes part of a path."""
    if not _ECOSYSTEM.fullmatch(name):
        raise SourceError(
            "this is not the name of an ecosystem", next_step="name one as OSV does: PyPI, npm, Go, crates.io"
        )


class FolderSource:
    """A folder: a mirror, or a copy carried into a closed network."""

    def __init__(self, base: Path) -> None:
        self._base = base

    def default_ecosystems(self) -> tuple[str, ...]:
        names = sorted(path.parent.name for path in self._base.glob(f"*/{ARCHIVE}") if path.is_file())
        if not names:
            raise SourceError(
                "no advisories here", where=str(self._base), next_step=f"give a folder that holds <ecosystem>/{ARCHIVE}"
            )
        return tuple(names)

    def fetch(self, ecosystem: str, old: EcosystemFacts | None, scratch: Path, progress: Progress) -> Archive:
        path = self._base / ecosystem / ARCHIVE
        copy = scratch / f"{quote(ecosystem, safe='')}.zip"
        try:
            digest = self._copy(path, copy, ecosystem, progress)
        except OSError as error:
            raise SourceError(
                f"the archive of {ecosystem} cannot be read: {error.strerror}",
                where=str(path),
                next_step=f"a source holds <ecosystem>/{ARCHIVE}",
            ) from error
        unchanged = old is not None and old.digest == digest
        return Archive(ecosystem=ecosystem, source=str(path), path=None if unchanged else copy, digest=digest)

    @staticmethod
    def _copy(path: Path, copy: Path, ecosystem: str, progress: Progress) -> str:
        """Copied while hashed: a mirror may replace the file at any time; the digest must be of what is imported."""
        digest, done, total = hashlib.sha256(), 0, path.stat().st_size
        if total > MAX_ARCHIVE:
            raise SourceError(f"the archive has {total} bytes; at most {MAX_ARCHIVE} are read", where=str(path))
        with path.open("rb") as stream, copy.open("wb") as out:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
                out.write(chunk)
                done += len(chunk)
                progress(ecosystem, done, total)
        return digest.hexdigest()


class WebSource:
    """A web server, asked only for what changed since the last import."""

    def __init__(self, base: str) -> None:
        check_url(base)
        self._base = base.rstrip("/")

    def default_ecosystems(self) -> tuple[str, ...]:
        """Those that Pavedroad can match: the whole public export is gigabytes."""
        return tuple(sorted(schemes()))

    def fetch(self, ecosystem: str, old: EcosystemFacts | None, scratch: Path, progress: Progress) -> Archive:
        url = f"{self._base}/{quote(ecosystem)}/{ARCHIVE}"
        same = old is not None and old.source == url
        known = Validators(etag=old.etag, last_modified=old.last_modified) if old and same else None
        target = scratch / f"{quote(ecosystem, safe='')}.zip"
        got = download(
            url,
            target,
            known=known,
            max_bytes=MAX_ARCHIVE,
            seconds=MAX_SECONDS,
            progress=lambda done, total: progress(ecosystem, done, total),
        )
        unchanged = got.unchanged or (old is not None and got.sha256 == old.digest)
        return Archive(
            ecosystem=ecosystem,
            source=url,
            path=None if unchanged else target,
            digest=got.sha256,
            etag=got.validators.etag,
            last_modified=got.validators.last_modified,
        )


def source(text: str) -> Source:
    """The source a user means: a URL when it has a scheme, else a folder. Raises SourceError or NetworkError."""
    if "://" in text:
        return WebSource(text)
    base = Path(text)
    if not base.is_dir():
        raise SourceError(
            "there is no such folder", where=text, next_step="give a URL or a folder in the OSV bulk layout"
        )
    return FolderSource(base)
