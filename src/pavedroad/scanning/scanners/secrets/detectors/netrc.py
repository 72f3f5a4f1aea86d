"""The .netrc family: ``machine host login user password secret``, on one line or over several."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate
from pavedroad.scanning.scanners.secrets.model import Candidate

_PASSWORD = re.compile(r'(?m)^(?![ \t]{0,64}#).{0,512}?\b(?:password|account)[ \t]+(?:"([^"\r\n]{1,512})"|(\S{1,512}))')
_SPEC = Spec("netrc", "netrc", "it follows the word 'password' in a .netrc file")


class Netrc:
    """Every password or account token of the file."""

    name = "netrc"

    def selects(self, path: str) -> bool:
        return basename(path) in (".netrc", "_netrc", "netrc", ".authinfo", "authinfo") or basename(path).endswith(
            ".netrc"
        )

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        for match in _PASSWORD.finditer(text):
            group = 1 if match[1] is not None else 2
            yield candidate(_SPEC, text, match.start(group), match.end(group), "password")


DETECTOR = Netrc()
