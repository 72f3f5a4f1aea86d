"""Kubernetes: kubeconfig files and Secret manifests."""

import base64
import binascii
import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets import values
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate

_CONFIG = Spec("kubernetes", "kube-config", "a user entry of a kubeconfig holds it")
_SECRET = Spec("kubernetes", "kubernetes-secret", "the data of a Secret manifest holds it", Confidence.HIGH)
_USER_KEYS = frozenset(
    ("token", "password", "client-key-data", "id-token", "refresh-token", "access-token", "client-secret")
)
_DOCUMENT = re.compile(r"(?m)^---\s{0,64}$")
_KIND = re.compile(r"(?m)^kind:\s{0,64}[\"']?Secret[\"']?\s{0,64}$")
_BLOCK = re.compile(r"(?m)^(data|stringData):[ \t]*\r?$\n((?:[ \t]+.*\n?|\s{0,64}\n)*)")
_MAX_DOCUMENTS = 2000


class Kubernetes:
    """Looks at YAML files; a cheap look for the marks decides whether to read on."""

    name = "kubernetes"

    def selects(self, path: str) -> bool:
        return path.endswith((".yaml", ".yml", ".kubeconfig", ".kube/config")) or basename(path) in (
            "kubeconfig",
            "config",
            "admin.conf",
            "kubelet.conf",
        )

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        if "apiVersion" not in text:
            return
        if re.search(r"(?m)^kind:\s{0,64}[\"']?Config\b", text) or ("current-context" in text and "clusters:" in text):
            yield from _kubeconfig(text)
        if _KIND.search(text):
            yield from _manifests(text)


def _kubeconfig(text: str) -> Iterator[Candidate]:
    for setting in settings(text):
        if setting.key in _USER_KEYS:
            yield candidate(_CONFIG, text, setting.start, setting.end, setting.key)


def _manifests(text: str) -> Iterator[Candidate]:
    at = 0
    for count, document in enumerate(_DOCUMENT.split(text)):
        start = text.find(document, at)
        at = start + len(document)
        if count >= _MAX_DOCUMENTS or not _KIND.search(document):
            continue
        for block in _BLOCK.finditer(document):
            yield from _data(text, start + block.start(2), block[2], coded=block[1] == "data")


def _data(text: str, base: int, body: str, *, coded: bool) -> Iterator[Candidate]:
    for setting in settings(body):
        secret = _decoded(setting.value) if coded else setting.value.encode("latin-1")
        if secret and _worth(setting.key, secret):
            yield candidate(_SECRET, text, base + setting.start, base + setting.end, setting.key, secret=secret)


def _worth(key: str, secret: bytes) -> bool:
    """User names and settings live in Secrets too."""
    value = secret.decode("latin-1")
    return (
        promises_secret(key)
        or "PRIVATE KEY" in value
        or values.random_token(value.strip())
        or ("auths" in value and '"auth"' in value)
    )


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""


DETECTOR = Kubernetes()
