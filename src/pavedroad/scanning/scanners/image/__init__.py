"""The scanner for images: how a container image or root file system is set up.

Called by the engine in ``gate``, which shows it an image as a few texts (:mod:`.feed`): the configuration, the list of
all files with owners and permissions, accounts and distribution. Packages are the business of ``dependencies``, secrets
that of ``secrets``: this scanner sees no value of a variable. In an ordinary tree there is nothing for it to look at.
A rule is one file in :mod:`.rules`.
"""

import hashlib
from functools import cache
from pathlib import Path

from pavedroad.core.errors import UsageError
from pavedroad.core.finding import RuleInfo
from pavedroad.scanning.model import Needs, Preparation, ScanSettings, Session

_LOOKED_AT = ("image:/config.json", "image:/files.jsonl")
_SHARED = frozenset(
    (
        *("image:/config.json", "image:/reference.json", "image:/layers.json"),
        *("etc/passwd", "etc/shadow", "etc/os-release", "usr/lib/os-release"),
    )
)


class ImageScanner:
    """The plug-in. Cheap to import; rules are loaded by :meth:`open`."""

    name = "image"
    kind = "image"
    title = "How images are set up: users, permissions, history, age"
    needs = Needs(memory=2 << 30, seconds=300)
    history = False

    def selects(self, path: str, size: int) -> bool:
        """The texts that the gate makes of an image; no real file has such a name."""
        return size > 0 and path in _LOOKED_AT

    def shares(self, path: str) -> bool:
        """What is read beside them."""
        return path in _SHARED

    def prepare(self, settings: ScanSettings) -> Preparation:
        """The digest of everything that decides, the day included: an end of life comes by waiting. Raises UsageError
        for unknown options."""
        for option in settings.options:
            raise UsageError(
                f"scanners.image has no option '{option}'",
                where="paved.yaml",
                next_step="remove it: there are no options",
            )
        from pavedroad import __version__

        today = settings.today.isoformat() if settings.today else ""
        digest = hashlib.sha256(f"{_own_sources()}{today}".encode()).hexdigest()
        return Preparation(digest=digest, engine_version=f"pavedroad {__version__}")

    def open(self, settings: ScanSettings) -> Session:
        """Load the rules. Raises PluginError for a broken one."""
        from pavedroad.scanning.scanners.image.rules import rules
        from pavedroad.scanning.scanners.image.session import ImageSession

        rules()
        return ImageSession(settings.today)

    def rules(self) -> tuple[RuleInfo, ...]:
        """Every rule with its page."""
        from pavedroad.scanning.scanners.image.findings import rule_info
        from pavedroad.scanning.scanners.image.rules import rules

        return tuple(rule_info(rule) for rule in rules().values())


@cache
def _own_sources() -> str:
    """A digest of this folder: a changed rule or date makes cached results stale."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted(here.rglob("*")):
        if file.suffix in (".py", ".toml"):
            digest.update(str(file.relative_to(here)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


SCANNER = ImageScanner()
