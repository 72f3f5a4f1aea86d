"""Logins of container registries: docker's config.json, the old .dockercfg, podman's auth.json, and image pull secrets."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import base64
import binascii
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate
from pavedroad.scanning.scanners.secrets.detectors._markup import json_values
from pavedroad.scanning.scanners.secrets.model import Candidate

_SPEC = Spec("containers", "container-registry", "a registry login stands in a docker client file")
_PLACES = (
    ".docker/config.json",
    "docker/config.json",
    ".dockercfg",
    "dockercfg",
    ".dockerconfigjson",
    "containers/auth.json",
    "docker-config.json",
    "dockerconfig.json",
)


class Containers:
    """``auth`` (Base64 of user:password), ``identitytoken`` and friends."""

    name = "containers"

    def selects(self, path: str) -> bool:
        return path.endswith(_PLACES) or basename(path) == "config.json"

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        if '"auth' not in text:
            return
        for value in json_values(text):
            if value.key == "auth" and (secret := _password(value.value)):
                yield candidate(_SPEC, text, value.start, value.end, "auth", secret=secret)
            elif value.key in ("identitytoken", "registrytoken") or (
                value.key == "password" and "auths" in value.section
            ):
                yield candidate(_SPEC, text, value.start, value.end, value.key)


def _password(coded: str) -> bytes:
    """The password of ``base64(user:password)``; empty when it is none."""
    try:
        plain = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        return b""
    _, colon, secret = plain.partition(b":")
    return secret if colon else b""


DETECTOR = Containers()
