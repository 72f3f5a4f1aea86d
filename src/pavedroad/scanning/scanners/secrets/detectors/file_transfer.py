"""Clients that move files: FileZilla, the SFTP extensions of editors, WinSCP, Coda, remote-sync, lftp, rclone, curl, wget, davfs."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.detectors._markup import json_values, xml_values
from pavedroad.scanning.scanners.secrets.model import Candidate
from pavedroad.scanning.scanners.secrets.wordlists import word_set

_SPEC = Spec("file-transfer", "file-transfer-client", "a file transfer client keeps the server's password here")
_JSON = word_set(
    "sftp-config.json sftp-config-alt.json sftp.json .ftpconfig .sftpconfig .remote-sync.json",
    "remote-sync.json ftp-simple.json deployment-config.json .deployment-config.json ftpconfig ftp.json",
    ".ftppass ftppass .ftp-deploy.json sshconfig.json sync.json",
)
_XML = re.compile(
    r"^(?:filezilla|sitemanager|recentservers|fzdefaults|queue|filezilla[\w.-]*|webservers|deployment|remotemappings|favorites|sites)\.xml$|\.(?:duck|dep|pubxml\.user|publishproxy)$"
)
_INI = re.compile(
    r"^(?:winscp(?:\.\w+)?\.ini|wcx_ftp\.ini|ws_ftp\.ini|smartftp\.ini|rclone\.conf|\.wgetrc|wgetrc|\.?curlrc|_curlrc|lftprc|\.lftprc|davfs2?\.secrets|secrets|flashfxp\.ini|sites\.dat|\.netftp|\.smbcredentials|smbcredentials|\.cifs|\.smbclient\.conf|ftpsync\.settings)$"
)
_FIELDS = re.compile(
    r"(?i)^(?:(?:server\w*@|option@|config@)?(?:\w{0,16}_?)pass(?:word|phrase|wd)?|pwd|pass|passwd|http_?password|ftp_?password|proxy_?password|user|usr)$"
)
_USER = re.compile(r"(?i)^(?:user|usr)$")


class FileTransfer:
    """The password field of each client's format, in clear text, Base64 or the client's own coding."""

    name = "file-transfer"

    def selects(self, path: str) -> bool:
        name = basename(path)
        return name in _JSON or bool(_XML.search(name) or _INI.match(name)) or path.endswith("davfs2/secrets")

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        name = basename(path)
        if name in _JSON:
            found = json_values(text)
        elif _XML.search(name):
            found = xml_values(text)
        else:
            found = settings(text)
            if "curlrc" in name:
                yield from _curl(text)
            if "secrets" in name:
                yield from _davfs(text)
        for value in found:
            field = value.key.rpartition("@")[2]
            if _FIELDS.match(field) and not _USER.match(field) and value.value:
                yield candidate(_SPEC, text, value.start, value.end, field)


def _curl(text: str) -> Iterator[Candidate]:
    for match in re.finditer(
        r"(?m)^[ \t]{0,64}(?:-u|--?(?:proxy-)?user)[ \t=:]+\"?[^\s:\"]{1,80}:([^\s\"]{3,256})", text
    ):
        yield candidate(_SPEC, text, match.start(1), match.end(1), "user")


def _davfs(text: str) -> Iterator[Candidate]:
    for match in re.finditer(r"(?m)^[ \t]{0,64}[^\s#]\S{0,256}\s{1,64}\S{1,128}\s{1,64}\"?([^\s\"]{3,256})", text):
        yield candidate(_SPEC, text, match.start(1), match.end(1), "secret")


DETECTOR = FileTransfer()
