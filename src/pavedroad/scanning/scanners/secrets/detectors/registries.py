"""Client files of package registries: npm, yarn, PyPI, pip, RubyGems, Bundler, Cargo, Composer, Maven, Gradle, NuGet, Hex, conda."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Setting, Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.detectors._markup import attributes, json_values, xml_values
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate
from pavedroad.scanning.scanners.secrets.wordlists import word_set

_LINES = word_set(
    ".npmrc npmrc .yarnrc .yarnrc.yml .pypirc pypirc pip.conf pip.ini .gemrc .condarc gradle.properties",
    ".bowerrc credentials.toml .cargo-credentials uv.toml poetry.toml .hex",
)
_JSON = frozenset(("auth.json", "composer-auth.json", ".bowerrc"))
_XML = frozenset(("settings.xml", "settings-security.xml", "nuget.config", "ivysettings.xml"))
_SPEC = Spec("registries", "package-registry", "a client file of a package registry keeps it under this name")
_WORDS = re.compile(
    r"(?i)(?:^|[/:._])(?:_auth|_authtoken|_password|npmauthtoken|npmauthident|password|token|api_?key|rubygems_api_key|auth_token|secret|key)$"
)
_PAIR = re.compile(r"(?i)^(?:bundle_[\w]+__[\w]+|https?://\S+|\w+\.(?:org|com|net|io))$")


class Registries:
    """Fields that hold a registry's token or password."""

    name = "registries"

    def selects(self, path: str) -> bool:
        name = basename(path)
        return (
            name in _LINES
            or name in _JSON
            or name in _XML
            or path.endswith((".gem/credentials", ".cargo/credentials", ".bundle/config"))
        )

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        name = basename(path)
        if name in _XML:
            yield from _xml(text)
            return
        found = json_values(text) if name in _JSON else settings(text)
        for setting in found:
            if _wanted(setting, path):
                yield candidate(_SPEC, text, setting.start, setting.end, setting.key.rpartition(":")[2])


def _wanted(setting: Setting, path: str) -> bool:
    if _WORDS.search(setting.key):
        return True
    if promises_secret(setting.key):
        return True
    in_pair = path.endswith((".bundle/config", "auth.json")) and bool(_PAIR.match(setting.key))
    return in_pair and len(setting.value) >= 8


def _xml(text: str) -> Iterator[Candidate]:
    for value in xml_values(text):
        if value.key.lower() in ("password", "passphrase", "master", "privatekeypassphrase"):
            yield candidate(_SPEC, text, value.start, value.end, value.key)
    for _, found in attributes(text):
        if "value" in found and "password" in found.get("key", ("", 0, 0))[0].lower():
            _, start, end = found["value"]
            # NuGet's "Password" is encrypted for one Windows user; only "ClearTextPassword" is readable by all.
            clear = "clear" in found["key"][0].lower() or "api" in found["key"][0].lower()
            yield candidate(
                _SPEC if clear else _SPEC._replace(confidence=Confidence.MEDIUM), text, start, end, found["key"][0]
            )
        elif "password" in found and found["password"][0]:
            yield candidate(_SPEC, text, found["password"][1], found["password"][2], "password")


DETECTOR = Registries()
