"""LDIF (RFC 2849) and OpenLDAP's configuration in it: passwords in the clear, or in Base64 behind two colons.

Values that are hashes by their scheme (``{SSHA}...``) are left to the patterns that know hashes; a folded value goes on
in lines that start with a space.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate
from pavedroad.scanning.scanners.secrets.model import Candidate

_NAMES = "userpassword|olcrootpw|unicodepwd|sambantpassword|krbprincipalkey|radiustunnelpassword|authpassword"
_VALUE = re.compile(
    rf"(?im)^({_NAMES})(?:;[\w;-]{{1,64}})?(::?)[ \t]*(\S[^\r\n]{{0,1024}}(?:\r?\n [^\r\n]{{1,1024}}){{0,32}})"
)
_SCHEME = re.compile(r"\{[\w.-]{2,20}\}")
_CLEAR = re.compile(r"\{CLEAR(?:TEXT)?\}", re.IGNORECASE)
_SPEC = Spec("ldif", "assigned-secret", "an LDIF entry sets it as a password", Confidence.MEDIUM)


class Ldif:
    """Every password attribute of the file that is no hash."""

    name = "ldif"

    def selects(self, path: str) -> bool:
        return basename(path).endswith((".ldif", ".ldif.in", ".ldif.j2", ".ldif.template"))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        for match in _VALUE.finditer(text):
            written = re.sub(r"\r?\n ", "", match[3]).rstrip()
            value = _decoded(written) if match[2] == "::" else written
            if value is None or (_SCHEME.match(value) and not _CLEAR.match(value)):
                continue
            secret = _CLEAR.sub("", value, count=1).encode("latin-1", "replace")
            plain = match[2] == ":" and written == match[3].rstrip() and not _CLEAR.match(value)
            end = match.start(3) + len(match[3].rstrip())
            yield candidate(_SPEC, text, match.start(3), end, match[1], secret=None if plain else secret)


def _decoded(text: str) -> str | None:
    """The value behind ``::``; None when it is no Base64 or no text."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


DETECTOR = Ldif()
