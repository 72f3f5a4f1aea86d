"""The scanner for secrets: MongoDB's Kingfisher in process, next to detectors of ours that know file formats.

Called by the engine in ``gate``. It never lets a secret out: a finding carries a type, a masked value and a keyed hash.
How it decides what is no secret stands in :mod:`.judgement`. Looking never opens a socket; asking a provider whether a
secret works is a second step in a process of its own (:mod:`.asking`), off unless the user asks for it and allows the
network.
"""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import msgspec

from pavedroad.core.finding import RuleInfo
from pavedroad.core.identity import Observation
from pavedroad.scanning.model import Needs, Preparation, ScanSettings, Session
from pavedroad.scanning.scanners.secrets.options import read_options
from pavedroad.scanning.scanners.secrets.wordlists import word_set
from pavedroad.scanning.verification import Check, Verification, Verifier

_ENGINE = "kingfisher-secret-scanner"
_OFF = "live validation is off: no provider was asked whether a secret works"
_MOST_CONNECTIONS = 1000  # a question takes one connection, of AWS up to four; see asking.MAX_ASKED
# Compressed pictures, sound, fonts and archives: their bytes hold no readable text.
_MEDIA = frozenset(
    word_set(
        "png jpg jpeg gif webp ico bmp tif tiff avif heic psd mp3 mp4 m4a m4v mov avi mkv",
        "webm ogg ogv oga wav flac woff woff2 ttf otf eot gz bz2 xz zst 7z rar zip whl",
        "jar tgz",
    )
)

# What an image says of itself, in forms that the detectors know: see scanners/image/feed.py.
_OF_IMAGE = ("image:/environment.env", "image:/labels.env", "image:/arguments.env", "image:/history.sh")


class SecretsScanner:
    """The plug-in. Cheap to import and to prepare; the engine is loaded by :meth:`open`, in the worker."""

    name = "secrets"
    kind = "secrets"
    title = "Secrets in files and history"
    needs = Needs(caches=("kingfisher",), memory=1 << 30, seconds=900)
    history = True

    def selects(self, path: str, size: int) -> bool:
        """Everything but empty files and obvious media and archives; of what the gate tells about an image, the texts
        that are made for us."""
        dot = path.rfind(".")
        if size <= 0 or (dot >= 0 and path[dot + 1 :].lower() in _MEDIA):
            return False
        return not path.startswith("image:/") or path in _OF_IMAGE

    def prepare(self, settings: ScanSettings) -> Preparation:
        """Versions and digest, without loading the engine. Raises UsageError for wrong options."""
        options = read_options(settings.options)
        version = metadata.version(_ENGINE)
        digest = hashlib.sha256()
        # The key itself stays out of anything stored: only its hash is mixed in.
        for part in (
            version.encode(),
            _own_sources(),
            # Live checks come after scanning, and what they learn is not kept.
            msgspec.json.encode(msgspec.structs.replace(options, validate=False)),
            hashlib.sha256(settings.key).digest(),
        ):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return Preparation(
            digest=digest.hexdigest(),
            engine_version=f"kingfisher {version}",
            notes=() if options.validate else (_OFF,),
        )

    def open(self, settings: ScanSettings) -> Session:
        """Load the engine; about 0.7 s with a warm rule cache, several seconds the first time."""
        from pavedroad.scanning.scanners.secrets.session import SecretsSession

        return SecretsSession(settings)

    def verification(self, settings: ScanSettings) -> Verification | None:
        """The hosts of all providers, when the user asked for live checks. Raises UsageError for wrong options."""
        if not read_options(settings.options).validate:
            return None
        from pavedroad.scanning.scanners.secrets.providers import all_hosts

        needs = msgspec.structs.replace(self.needs, network=True, seconds=300)
        return Verification(needs=needs, hosts=all_hosts(), most=_MOST_CONNECTIONS)

    def open_verifier(self, settings: ScanSettings) -> Verifier:
        """Load the engine, to ask with it."""
        from pavedroad.scanning.scanners.secrets.asking import Asking
        from pavedroad.scanning.scanners.secrets.live import KingfisherLive

        return Asking(KingfisherLive(Path(settings.user_cache) / "kingfisher"), settings.key)

    def told(self, observation: Observation, check: Check) -> Observation:
        """An active secret is critical."""
        from pavedroad.scanning.scanners.secrets.liveness import told

        return told(observation, check)

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
