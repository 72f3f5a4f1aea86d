"""Lists what Python and JavaScript files import. No scanner that users choose: it finds no flaws. The gate runs it,
with the cache and the confinement of scanners, where a finding about a package asks whether the code uses it.

Facts are ``python:requests``, ``python:google.cloud.storage`` (at most three levels), ``javascript:@acme/ui``;
``python:?`` for an import by a name that is made at run time, and ``named:rest_framework`` for a module that settings
name in a text.
"""

import hashlib
from functools import cache
from pathlib import Path

from pavedroad.core.finding import RuleInfo
from pavedroad.scanning.model import Blob, FileResult, Needs, Preparation, ScanSettings, Session
from pavedroad.scanning.scanners._imports.extract import facts, language


class ImportsSession:
    """Needs nothing loaded."""

    threads = 1

    def scan(self, blob: Blob) -> FileResult:
        """The imports of one file."""
        return FileResult(facts=facts(blob.path, blob.content), data=())


class ImportsScanner:
    """Looks like a scanner, so that it is run like one."""

    name = "imports"
    kind = "reachability"
    title = "What the code imports"
    needs = Needs(memory=1 << 30, seconds=300)
    history = False

    def selects(self, path: str, size: int) -> bool:
        """The project's own source files: by name, and outside of folders that hold packages of others."""
        return size > 0 and bool(language(path))

    def prepare(self, settings: ScanSettings) -> Preparation:
        """The digest is that of the code that extracts."""
        return Preparation(digest=_digest(), engine_version="1")

    def open(self, settings: ScanSettings) -> Session:
        """There is nothing to load."""
        return ImportsSession()

    def rules(self) -> tuple[RuleInfo, ...]:
        """It reports nothing."""
        return ()


@cache
def _digest() -> str:
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


SCANNER = ImportsScanner()
