"""git's credential store and the token files of code host clients."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.model import Candidate

_STORE = re.compile(r"(?m)^[ \t]{0,64}[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,256}:([^\s/@]{1,512})@")
_SPEC = Spec("git-credentials", "git-credentials", "it is the password part of an entry of a git credential store")
_HUB = Spec("git-credentials", "git-credentials", "a code host client keeps its token here")
_STORES = frozenset((".git-credentials", "git-credentials", ".git-credential-cache"))
_CLIENTS = re.compile(
    r"(?:^|/)(?:\.config/(?:hub|gh/hosts\.yml|glab-cli/config\.yml)|hub|gh/hosts\.yml|\.gitcookies|\.hub)$"
)


class GitCredentials:
    """URLs with passwords, and oauth tokens of hub, gh and glab."""

    name = "git-credentials"

    def selects(self, path: str) -> bool:
        return basename(path) in _STORES or bool(_CLIENTS.search(path))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        for match in _STORE.finditer(text):
            yield candidate(_SPEC, text, match.start(1), match.end(1), "password")
        for setting in settings(text):
            if setting.key.lower() in ("oauth_token", "token", "password"):
                yield candidate(_HUB, text, setting.start, setting.end, setting.key)
        if basename(path) == ".gitcookies":
            for match in re.finditer(
                r"(?m)^[^\s#]\S{0,256}(?:\s{1,64}\S{1,256}){4,5}\s{1,64}([^\s=]{1,64}=)?(\S{8,512})\s{0,64}$", text
            ):
                yield candidate(_HUB, text, match.start(2), match.end(2), "cookie")


DETECTOR = GitCredentials()
