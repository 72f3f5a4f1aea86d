"""Environment files: .env and its relatives, .envrc, and files that a shell sources."""

import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets import values
from pavedroad.scanning.scanners.secrets.detectors._lines import Setting, Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate

_NAME = re.compile(
    r"^(?:\.env(?:[._-][\w.-]+)?|[\w.-]*\.env(?:\.[\w-]+)?|env(?:\.(?:local|prod|production|dev|staging|list))?|\.envrc|\.flaskenv|environment|\.(?:bash|zsh|k?sh)(?:rc|_profile|env|_login|_aliases)|\.profile|\.(?:bash|zsh)_exports|\.exports|\.secrets|\.secret|secrets?(?:\.txt|\.env)?|credentials?\.txt|passwords?\.txt)$"
)
_SURE = Spec("environment", "env-file", "an environment file gives this name a literal value")
_BY_VALUE = Spec(
    "environment", "env-file", "an environment file holds a value that looks drawn by a machine", Confidence.MEDIUM
)
_NO_VALUE = re.compile(
    r"(?i)(?:^|_)(?:id|uuid|guid|hash|sha|checksum|digest|commit|revision|version|url|uri|host|path|dir|file|public|pubkey|fingerprint|site_?key|bucket|region|zone|dsn|address|name|user|username|arn|image|tag|build)$"
)


class Environment:
    """Names that promise a secret, and values that look like one under any other name."""

    name = "environment"

    def selects(self, path: str) -> bool:
        return bool(_NAME.match(basename(path)))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        for setting in settings(text, comments=True):
            if promises_secret(setting.key) and len(setting.value) >= 3:
                yield candidate(_SURE, text, setting.start, setting.end, setting.key, quoted=setting.quoted)
            elif _random_value(setting):
                yield candidate(_BY_VALUE, text, setting.start, setting.end, setting.key, quoted=setting.quoted)


def _random_value(setting: Setting) -> bool:
    return (
        not _NO_VALUE.search(setting.key)
        and "://" not in setting.value
        and "/" not in setting.value[:2]
        and 20 <= len(setting.value) <= 512
        and values.random_token(setting.value)
    )


DETECTOR = Environment()
