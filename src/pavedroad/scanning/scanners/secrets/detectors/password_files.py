"""Password files with one user per line: htpasswd, shadow, passwd with hashes, ProFTPD, Dovecot, and vsftpd's."""

import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate, lines
from pavedroad.scanning.scanners.secrets.model import Candidate

_HASH = re.compile(
    r"^(?:\$[\w-]{1,12}\$\S{8,256}|\{[\w.-]{2,20}\}\S{4,256}|[./0-9A-Za-z]{13}|[0-9a-fA-F]{32,128}|_[./0-9A-Za-z]{19})$"
)
_SHADOW = Spec("password-files", "shadow", "it is the second field of a shadow file and has the form of a hash")
_WEB = Spec("password-files", "htpasswd", "it is the second field of a password file and has the form of a hash")
_DIGEST = Spec("password-files", "htpasswd", "it is the hash field of a digest file")
_PLAIN = Spec("password-files", "htpasswd", "it is the second field of a password file", Confidence.MEDIUM)
_SHADOWS = re.compile(r"^g?shadow-?$|^master\.passwd$|^shadow\.(?:bak|old|\d)$")
_OTHERS = re.compile(
    r"^\.?(?:ht)?(?:passwd|password|users?|digest)$|^\.?ht(?:passwd|digest|users)[\w.-]*$|^(?:proftpd|ftpd|dovecot|exim|vsftpd|squid|nginx)[\w.-]*(?:passwd|users)$|\.htpasswd$|^passwd(?:[.-]\w+)?$|^ftpd\.passwd$"
)


class PasswordFiles:
    """The second field of colon-separated lines."""

    name = "password-files"

    def selects(self, path: str) -> bool:
        name = basename(path)
        return bool(_SHADOWS.match(name) or _OTHERS.search(name))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        shadow = bool(_SHADOWS.match(basename(path)))
        plain_allowed = basename(path).startswith((".ht", "ht"))
        for line in lines(text):
            fields = line.text.split(":")
            if len(fields) < 2 or line.text.startswith("#") or not re.match(r"^[^\s:]{1,64}$", fields[0]):
                continue
            start = line.start + len(fields[0]) + 1
            value = fields[1].strip()
            if _HASH.match(value.lstrip("!")):
                locked = len(value) - len(value.lstrip("!"))
                yield candidate(
                    _SHADOW if shadow else _WEB, text, start + locked, start + len(fields[1].rstrip()), fields[0]
                )
            elif len(fields) == 3 and _HASH.match(fields[2].strip()):
                start += len(fields[1]) + 1
                yield candidate(_DIGEST, text, start, start + len(fields[2].rstrip()), fields[0])
            elif plain_allowed and len(fields) == 2 and len(value) >= 4 and " " not in value:
                yield candidate(_PLAIN, text, start, start + len(fields[1].rstrip()), fields[0])


DETECTOR = PasswordFiles()
