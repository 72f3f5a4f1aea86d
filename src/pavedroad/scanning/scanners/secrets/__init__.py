"""The scanner for secrets: MongoDB's Kingfisher in process, next to detectors of ours that know file formats.

Called by the engine in ``gate``. It never contacts a provider, and never lets a secret out: a finding carries a type, a
masked value and a keyed hash. How it decides what is no secret stands in :mod:`.judgement`.
"""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import msgspec

from pavedroad.core.finding import RuleInfo
from pavedroad.scanning.model import Needs, Preparation, ScanSettings, Session
from pavedroad.scanning.scanners.secrets.options import read_options
from pavedroad.scanning.scanners.secrets.wordlists import word_set

_ENGINE = "kingfisher-secret-scanner"
# Compressed pictures, sound, fonts and archives: their bytes hold no readable text.
_MEDIA = tuple(
    word_set(
        ".png .jpg .jpeg .gif .webp .ico .bmp .tif .tiff .avif .heic .psd .mp3 .mp4 .m4a .m4v .mov .avi .mkv",
        ".webm .ogg .ogv .oga .wav .flac .woff .woff2 .ttf .otf .eot .gz .bz2 .xz .zst .7z .rar .zip .whl",
        ".jar .tgz",
    )
)


class SecretsScanner:
    """The plug-in. Cheap to import and to prepare; the engine is loaded by :meth:`open`, in the worker."""

    name = "secrets"
    kind = "secrets"
    title = "Secrets in files and history"
    needs = Needs(caches=("kingfisher",), memory=1 << 30, seconds=900)
    history = True

    def selects(self, path: str, size: int) -> bool:
        """Everything but empty files and obvious media and archives."""
        return size > 0 and not path.lower().endswith(_MEDIA)

    def prepare(self, settings: ScanSettings) -> Preparation:
        """Versions and digest, without loading the engine. Raises UsageError for wrong options."""
        options = read_options(settings.options)
        version = metadata.version(_ENGINE)
        digest = hashlib.sha256()
        # The key itself stays out of anything stored: only its hash is mixed in.
        for part in (
            version.encode(),
            _own_sources(),
            msgspec.json.encode(options),
            hashlib.sha256(settings.key).digest(),
        ):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return Preparation(
            digest=digest.hexdigest(),
            engine_version=f"kingfisher {version}",
            notes=("live validation is off: no provider was asked whether a secret works",),
        )

    def open(self, settings: ScanSettings) -> Session:
        """Load the engine; about 0.7 s with a warm rule cache, several seconds the first time."""
        from pavedroad.scanning.scanners.secrets.session import SecretsSession

        return SecretsSession(settings)

    def rules(self) -> tuple[RuleInfo, ...]:
        """Every secret type, ours and Kingfisher's."""
        from pavedroad.scanning.scanners.secrets.pages import all_rules

        return all_rules()


@cache
def _own_sources() -> bytes:
    """A digest of everything in this folder that decides: code, patterns, words."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted(here.rglob("*")):
        if file.suffix in (".py", ".yml"):
            digest.update(str(file.relative_to(here)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.digest()


SCANNER = SecretsScanner()
