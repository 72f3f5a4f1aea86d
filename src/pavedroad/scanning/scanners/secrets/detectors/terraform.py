"""Terraform: state files, which hold every attribute in clear text, variable files and default values."""

import re
from collections.abc import Iterator
from itertools import islice

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.detectors._markup import json_values
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate
from pavedroad.scanning.scanners.secrets.wordlists import word_set

_STATE = Spec("terraform", "terraform-state", "the state records it as the value of a sensitive attribute")
_VARIABLE = Spec("terraform", "terraform-variable", "a variables file gives this name a literal value")
_DEFAULT = Spec(
    "terraform",
    "terraform-variable",
    "it is the default value of a variable that is named as a secret",
    Confidence.MEDIUM,
)
_STORED = Spec("terraform", "stored-secret", "a template writes it into a secret store")
_VARIABLE_HEAD = re.compile(r"\bvariable\s{1,8}\"([\w\-]{1,100})\"\s{0,8}\{")
_SECRET_STRING = re.compile(
    r"\bsecret_string\s{0,64}=\s{0,8}(?:\"(?P<plain>[^\"\r\n]{4,512})\"|jsonencode\(\s{0,64}\{(?P<members>[^{}]{0,4000})\})"
)
_MEMBER = re.compile(r"(?m)^[ \t]{0,64}\"?([\w\-]{1,64})\"?\s{0,64}[=:]\s{0,64}\"([^\"\r\n]{4,512})\"")
# Members of a stored secret that go with a password and are none.
_BESIDE = word_set(
    "username user engine host hostname port dbname database dbinstanceidentifier url endpoint region name"
)
_MAX_VARIABLES = 5000
_VALUE = re.compile(r"(?m)^[ \t]{0,64}default\s{0,64}=\s{0,64}\"([^\"\r\n]{4,512})\"")
_RANDOM = re.compile(r'"type"\s{0,64}:\s{0,64}"random_(?:password|id|bytes|string)"')


class Terraform:
    """State is JSON; variables are HCL or JSON."""

    name = "terraform"

    def selects(self, path: str) -> bool:
        name = basename(path)
        return name.endswith((".tfstate", ".tfstate.backup", ".tfvars", ".tfvars.json", ".tf")) or ".tfstate" in name

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        name = basename(path)
        if ".tfstate" in name:
            yield from _state(text)
        elif name.endswith(".json"):
            for value in json_values(text):
                if value.quoted and promises_secret(value.key):
                    yield candidate(_VARIABLE, text, value.start, value.end, value.key, quoted=True)
        elif name.endswith(".tfvars"):
            for setting in settings(text):
                if setting.quoted and promises_secret(setting.key):
                    yield candidate(_VARIABLE, text, setting.start, setting.end, setting.key, quoted=True)
        else:
            yield from _defaults(text)
            yield from _stored(text)


def _state(text: str) -> Iterator[Candidate]:
    generated = bool(_RANDOM.search(text))
    for value in json_values(text):
        if not value.quoted or len(value.value) < 6:
            continue
        if promises_secret(value.key) or (generated and value.key in ("result", "bcrypt_hash", "hex", "b64_std")):
            yield candidate(_STATE, text, value.start, value.end, value.key, quoted=True)
        elif value.key in ("value", "default") and promises_secret(value.section.rpartition(".")[2]):
            yield candidate(_STATE, text, value.start, value.end, value.section.rpartition(".")[2], quoted=True)


def _defaults(text: str) -> Iterator[Candidate]:
    for head in islice(_VARIABLE_HEAD.finditer(text), _MAX_VARIABLES):
        end = text.find("\n}", head.end(), head.end() + 2000)
        match = _VALUE.search(text, head.end(), max(end, head.end())) if promises_secret(head[1]) else None
        if match:
            yield candidate(_DEFAULT, text, match.start(1), match.end(1), head[1], quoted=True)


def _stored(text: str) -> Iterator[Candidate]:
    for match in islice(_SECRET_STRING.finditer(text), _MAX_VARIABLES):
        if match["plain"]:
            yield candidate(_STORED, text, match.start("plain"), match.end("plain"), "secret_string", quoted=True)
            continue
        for member in _MEMBER.finditer(text, match.start("members"), match.end("members")):
            if member[1].lower() not in _BESIDE:
                yield candidate(_STORED, text, member.start(2), member.end(2), member[1], quoted=True)


DETECTOR = Terraform()
