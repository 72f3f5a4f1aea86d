"""Files that are one secret: Rails master keys, Ansible and Salt vault passwords, WireGuard and age keys, tokens in a file of their own."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate
from pavedroad.scanning.scanners.secrets.model import Candidate

_SPEC = Spec("vaults", "vault-password", "the whole file is a key or password, by its name")
_MAYBE = Spec(
    "vaults", "vault-password", "the whole file is one short value, and its name promises a secret", Confidence.MEDIUM
)
_SURE = re.compile(
    r"(?i)(?:^|/)(?:master\.key|credentials/[\w-]+\.key|\.?vault[_-]?pass(?:word)?(?:[._-](?:file|txt))?(?:\.\w+)?|\.?ansible[_-]?vault(?:[_-]pass\w*)?(?:\.txt)?|vault_key|\.vault-token|hudson\.util\.secret|"
    r"secret_token|secret_key_base|\.?erlang\.cookie|\.pgp_passphrase|gpg-?passphrase(?:\.txt)?|luks\.key|\.mysql_root_password|initialadminpassword|sentinel\.key|secret\.key)$"
)
_NAMED = re.compile(
    r"(?i)(?:^|/)\.?[\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|apikey)s?(?:\.(?:txt|key|secret|pass|asc))?$"
)
_ONE_LINE = re.compile(r"\A\s{0,64}([^\s#][^\r\n]{3,512}?)\s{0,64}\Z")
_ACCOUNT = re.compile(r"[\w.-]+:[^:\n]*:\d+:\d+:")  # a line of passwd(5), as the only one in minimal images
_VNC = re.compile(r"(?i)(?:^|/)\.vnc/passwd$")


class Vaults:
    """A file whose only content is the secret."""

    name = "vaults"

    def selects(self, path: str) -> bool:
        return bool(_SURE.search(path) or _NAMED.search(path) or _VNC.search(path))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        if _VNC.search(path):
            if len(text) in (8, 16, 24):
                yield candidate(_SPEC, text, 0, len(text), basename(path))
            return
        match = _ONE_LINE.match(text) if len(text) <= 2048 else None
        if (
            not match
            or "-----BEGIN" in text
            or _ACCOUNT.match(text)
            or text.startswith(("#!", "{", "<", "$ANSIBLE_VAULT"))
        ):
            return
        sure = bool(_SURE.search(path))
        if sure or (" " not in match[1] and len(match[1]) >= 8 and "=" not in match[1][:-2]):
            yield candidate(_SPEC if sure else _MAYBE, text, match.start(1), match.end(1), basename(path))


DETECTOR = Vaults()
