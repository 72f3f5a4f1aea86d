"""Settings of development tools that keep credentials: JetBrains, VS Code, Jenkins, Tower, Gradle, Postman, browsers, Vagrant."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate
from pavedroad.scanning.scanners.secrets.detectors._markup import json_values, xml_values
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate
from pavedroad.scanning.scanners.secrets.wordlists import word_set

_IDE = Spec("tools", "ide-credentials", "a development tool's settings keep it in a credentials field")
_JENKINS = Spec("tools", "jenkins-credentials", "Jenkins' credentials store holds it")
_LOGINS = Spec("tools", "browser-logins", "a browser profile's saved logins hold it")
_XML = re.compile(
    r"(?i)(?:^|/)(?:\.idea/[\w./-]+\.xml|jenkins/[\w./-]+\.xml|credentials\.xml|hudson\.[\w.-]+\.xml|workspace\.xml|servers\.xml|security\.xml|jobs?/[\w.-]+/config\.xml|users/[\w.-]+/config\.xml)$"
)
_JSON = re.compile(
    r"(?i)(?:^|/)(?:\.vscode/[\w.-]+\.json|settings\.json|[\w.-]*postman[\w.-]*\.json|insomnia[\w.-]*\.json|logins\.json|signons\.json|launch\.json|\.sourcegraphrc|\.composio\.json)$"
)
_KEY_FILES = re.compile(r"(?:^|/)secrets/(?:master\.key|hudson\.util\.Secret)$")
_JENKINS_FIELDS = word_set(
    "password secret passphrase privatekey secretbytes apitoken token clientsecret accesskey secretkey",
)


class Tools:
    """XML and JSON settings, by their usual names."""

    name = "tools"

    def selects(self, path: str) -> bool:
        return bool(_XML.search(path) or _JSON.search(path))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        if basename(path) in ("logins.json", "signons.json"):
            for value in json_values(text):
                if value.key == "encryptedPassword":
                    yield candidate(_LOGINS, text, value.start, value.end, value.key)
        elif _JSON.search(path):
            for value in json_values(text):
                if value.quoted and promises_secret(value.key):
                    yield candidate(_IDE, text, value.start, value.end, value.key, quoted=True)
        else:
            yield from _xml(path, text)


def _xml(path: str, text: str) -> Iterator[Candidate]:
    jenkins = "credentials" in path or "jenkins" in path.lower() or "<com.cloudbees" in text or "hudson." in text
    for value in xml_values(text):
        field = value.key.rpartition("@")[2].lower().rpartition(".")[2]
        if jenkins and field in _JENKINS_FIELDS and len(value.value) >= 4:
            yield candidate(_JENKINS, text, value.start, value.end, field)
        elif not jenkins and field in (
            "password",
            "passphrase",
            "passwd",
            "encoded_password",
            "token",
            "secret",
            "apikey",
            "api_key",
        ):
            sure = Confidence.HIGH if "@" not in value.key or "password" in field else Confidence.MEDIUM
            yield candidate(_IDE._replace(confidence=sure), text, value.start, value.end, field)


DETECTOR = Tools()
