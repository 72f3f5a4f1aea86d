"""Configuration of web frameworks: WordPress, PHP configuration, Django, Flask, Rails, Laravel, Symfony, Spring, .NET, Play."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets import values
from pavedroad.scanning.scanners.secrets.detectors._lines import Setting, Spec, candidate, settings
from pavedroad.scanning.scanners.secrets.detectors._markup import attributes, json_values
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate
from pavedroad.scanning.scanners.secrets.wordlists import word_set

_KEY = Spec("frameworks", "framework-secret", "the framework signs or encrypts with the value of this setting")
_CONFIG = Spec("frameworks", "framework-config", "the framework's configuration keeps it under this name")
_SETTINGS_PY = re.compile(
    r"(?:^|/)(?:[\w-]*settings[\w-]*\.py|settings/[\w-]+\.py|(?:local_?|prod\w*_?|dev\w*_?)?config\.py|conf/[\w-]+\.py|celeryconfig\.py|airflow\.cfg|superset_config\.py)$",
    re.IGNORECASE,
)
_PHP = re.compile(
    r"(?i)(?:^|/)(?:wp-config[\w.-]*|[\w-]*config(?:uration)?(?:\.inc)?[\w-]*|settings(?:\.local)?|database|parameters|local|env|[\w-]*db[\w-]*|[\w-]*conn(?:ect(?:ion)?)?|dbconnect|secrets?|localsettings|app)\.(?:php|inc|phtml)(?:\.(?:bak|old|save|orig|txt|swp|~))?$"
)
_YAML = re.compile(
    r"(?i)(?:^|/)(?:database|secrets?|mongoid|credentials|application[\w-]*|bootstrap[\w-]*|settings[\w.-]*|config(?:uration)?[\w.-]*|parameters|security|local|production|development|staging|default|values[\w.-]*|storage|cable|redis|sidekiq|newrelic|sunspot|thinking_sphinx|appsettings)\.ya?ml(?:\.\w+)?$"
)
_PROPERTIES = re.compile(r"(?i)\.(?:properties|conf|ini|cfg|toml)$")
_NET = re.compile(
    r"(?i)(?:^|/)(?:appsettings[\w.-]*\.json|local\.settings\.json|secrets\.json|connectionstrings\.(?:json|config)|(?:web|app)[\w.-]*\.config|[\w.-]+\.pubxml|[\w.-]+\.exe\.config|machine\.config)$"
)
_JSON = re.compile(
    r"(?i)(?:^|/)(?:config[\w.-]*|settings[\w.-]*|secrets?[\w.-]*|credentials?[\w.-]*|default|production|development|staging|local|env|database|deployment-config|application|keys?|auth|db)\.json5?$"
)
_PY_ASSIGN = re.compile(
    r"(?m)^[ \t]*[\"']?([A-Za-z_]\w{0,80})[\"']?\s{0,64}(?:=|:)\s{0,64}(?:[bru]{0,2})([\"'])([^\"'\r\n]{3,512})\2"
)
_PHP_ASSIGN = re.compile(
    r"(?:define\s{0,64}\(\s{0,64}[\"'](\w{1,80})[\"']\s{0,64},|\$(?:[\w]+->|this->|[A-Za-z]+\[[\"'])?(\w{1,80})(?:[\"']\])?\s{0,64}=|[\"'](\w{1,80})[\"']\s{0,64}=>|\bpublic\s{1,64}\$(\w{1,80})\s{0,64}=)\s{0,64}([\"'])((?:[^\"'\\\r\n]|\\.){3,512})\5"
)
_PHP_CONNECT = re.compile(
    r"\b(?:mysqli?_connect|mysql_pconnect|pg_connect|new\s{1,64}mysqli|new\s{1,64}PDO|ftp_login|ldap_bind)\s{0,64}\(\s{0,64}[^,()]{1,200},\s{0,64}[^,()]{1,80},\s{0,64}([\"'])([^\"'\r\n]{3,128})\1"
)
_SIGNING = word_set(
    "secret_key secret_key_base secret_token app_key appkey jwt_secret cookie_secret session_secret",
    "auth_key secure_auth_key logged_in_key nonce_key auth_salt secure_auth_salt logged_in_salt",
    "nonce_salt hash_salt fernet_key encryption_key validationkey decryptionkey machinekey app_secret",
    "blowfish_secret security_password_salt devise_secret_key signing_key application.secret",
    "play.http.secret.key secretkey django_secret_key salt pepper password_salt",
)
_CONNECTION = re.compile(r"(?i)\b(?:password|pwd|accountkey|sharedaccesskey|secret)\s{0,64}=\s{0,64}([^;\"'<>]{3,256})")
_PLACEHOLDER_TEXT = re.compile(r"^\W*$")

_BY_ENDING = {
    "py": (_SETTINGS_PY,),
    "json": (_JSON, _NET),
    "json5": (_JSON,),
    "yml": (_YAML,),
    "yaml": (_YAML,),
    "php": (_PHP,),
    "rb": (),
    **dict.fromkeys(("properties", "conf", "ini", "cfg", "toml"), (_PROPERTIES,)),
}


class Frameworks:
    """Chooses the reader by the file's name; every format is line- or token-shaped."""

    name = "frameworks"

    def selects(self, path: str) -> bool:
        ending = path.rpartition(".")[2].lower()
        # One pattern for each ending: this is asked for every file of a tree.
        by_ending = _BY_ENDING.get(ending)
        if by_ending is not None:
            return any(pattern.search(path) for pattern in by_ending)
        return bool(_PHP.search(path) or _NET.search(path) or _YAML.search(path))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        lower = path.lower()
        if lower.endswith(".py"):
            yield from _assigned(text, _PY_ASSIGN)
        elif _PHP.search(path):
            yield from _php(text)
        elif _NET.search(path) and not lower.endswith(".json"):
            yield from _dotnet_xml(text)
        elif lower.endswith((".json", ".json5")):
            yield from _json(text)
        else:
            yield from _plain(text)


def _classified(key: str) -> Spec | None:
    """Which of the two types a name belongs to, or None when it promises no secret."""
    name = key.lower().rpartition(":")[2]
    if name in _SIGNING or name.rpartition(".")[2] in _SIGNING or name.replace("-", "_") in _SIGNING:
        return _KEY
    return _CONFIG if promises_secret(key) else None


def _emit(text: str, key: str, start: int, end: int) -> Iterator[Candidate]:
    spec = _classified(key)
    if spec is not None and end > start and not _PLACEHOLDER_TEXT.match(text[start:end]):
        yield candidate(spec, text, start, end, key, quoted=True)


def _assigned(text: str, pattern: re.Pattern[str]) -> Iterator[Candidate]:
    for match in pattern.finditer(text):
        yield from _emit(text, match[1], match.start(3), match.end(3))


def _php(text: str) -> Iterator[Candidate]:
    for match in _PHP_ASSIGN.finditer(text):
        key = match[1] or match[2] or match[3] or match[4]
        yield from _emit(text, key, match.start(6), match.end(6))
    for match in _PHP_CONNECT.finditer(text):
        yield candidate(_CONFIG, text, match.start(2), match.end(2), "password", quoted=True)


def _plain(text: str) -> Iterator[Candidate]:
    for setting in settings(text, comments=False):
        yield from _from_setting(text, setting)


def _from_setting(text: str, setting: Setting) -> Iterator[Candidate]:
    if _classified(setting.key):
        yield from _emit(text, setting.key, setting.start, setting.end)
    elif setting.value.count("=") and (match := _CONNECTION.search(setting.value)):
        start = setting.start + match.start(1)
        yield candidate(
            _CONFIG._replace(type="connection-string"), text, start, setting.start + match.end(1), setting.key
        )


def _json(text: str) -> Iterator[Candidate]:
    for value in json_values(text):
        if value.quoted and (len(value.value) < 4096):
            # "Jwt": {"Key": ...}: the name is in the object around it.
            around = value.section.rpartition(".")[2] if value.key.lower() == "key" else ""
            yield from _from_setting(text, value._replace(key=f"{around}.{value.key}") if around else value)


def _dotnet_xml(text: str) -> Iterator[Candidate]:
    for _, found in attributes(text):
        if "connectionstring" in found and (match := _CONNECTION.search(found["connectionstring"][0])):
            base = found["connectionstring"][1]
            yield candidate(
                _CONFIG._replace(type="connection-string"),
                text,
                base + match.start(1),
                base + match.end(1),
                "connectionString",
            )
        if "value" in found and ("key" in found or "name" in found):
            key = (found.get("key") or found["name"])[0]
            yield from _from_setting(text, Setting(key, found["value"][0], found["value"][1], found["value"][2]))
        for attribute, (value, start, end) in found.items():
            if attribute in ("validationkey", "decryptionkey") and values.random_token(value):
                yield candidate(_KEY, text, start, end, attribute)
            elif attribute in ("password", "userpwd") and value:
                yield candidate(_CONFIG, text, start, end, attribute)


DETECTOR = Frameworks()
