"""Client files of databases: .pgpass, my.cnf, pg_service.conf, .mylogin.cnf, DBeaver, DataGrip, Robo 3T, MongoDB, Redis, Oracle."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.detectors._lines import Spec, basename, candidate, lines, settings
from pavedroad.scanning.scanners.secrets.detectors._markup import json_values, xml_values
from pavedroad.scanning.scanners.secrets.model import Candidate

_SPEC = Spec("databases", "database-client", "a database client's file keeps it in the password field")
_PGPASS = re.compile(
    r"^(?:\\.|[^:\\]){0,256}:(?:\\.|[^:\\]){0,16}:(?:\\.|[^:\\]){0,256}:(?:\\.|[^:\\]){0,256}:(.{1,512})$"
)
_INI = re.compile(
    r"^(?:\.?my(?:sql)?(?:\.\w+)?\.cnf|\.my\.cnf|my\.ini|client\.cnf|debian\.cnf|\.?pg_service\.conf|pgbouncer\.ini|\.?odbc\.ini|\.odbcinst\.ini|redis(?:-?sentinel)?\.conf|\.sqshrc|\.mongorc\.js|\.cassandra|cqlshrc|\.rediscli(?:_auth)?)$"
)
_JSON = re.compile(
    r"^(?:robomongo\.json|robo3t\.json|credentials-config\.json|data-sources\.json|dbeaver-[\w-]+\.json|connections\.json|servers\.json|\.arangosh\.json|ormconfig\.json)$"
)
_XML = re.compile(
    r"^(?:data-?sources(?:\.local)?\.xml|dbeaver-data-sources(?:-\d+)?\.xml|\.dbeaver-data-sources\.xml|dbvis\.xml|connections\.xml|sqldeveloper[\w.-]*\.xml|[\w.-]*-ds\.xml|context\.xml|persistence\.xml|hibernate\.cfg\.xml)$"
)
_FIELDS = re.compile(
    r"(?i)^(?:(?:user|my|db|root|auth|ssh|admin|connection)?_?-?pass(?:word|wd|phrase)?|pwd|requirepass|masterauth|userpassword|secret|connection\.password|hibernate\.connection\.password)$"
)


class Databases:
    """The password field of each format."""

    name = "databases"

    def selects(self, path: str) -> bool:
        name = basename(path)
        return name in (".pgpass", "pgpass.conf", "pgpass") or bool(
            _INI.match(name) or _JSON.match(name) or _XML.match(name)
        )

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        name = basename(path)
        if "pgpass" in name:
            yield from _pgpass(text)
        elif _JSON.match(name):
            for value in json_values(text):
                if _FIELDS.match(value.key):
                    yield candidate(_SPEC, text, value.start, value.end, value.key)
        elif _XML.match(name):
            yield from _xml(text)
        else:
            yield from _ini(text)


def _pgpass(text: str) -> Iterator[Candidate]:
    for line in lines(text):
        match = None if line.text.startswith("#") else _PGPASS.match(line.text)
        if match:
            yield candidate(_SPEC, text, line.start + match.start(1), line.start + match.end(1), "password")


def _ini(text: str) -> Iterator[Candidate]:
    for setting in settings(text):
        if _FIELDS.match(setting.key):
            yield candidate(_SPEC, text, setting.start, setting.end, setting.key)
    for match in re.finditer(
        r"(?m)^[ \t]{0,64}(requirepass|masterauth|user\s{1,64}\S+\s{1,64}on\s.{0,80}?>)\s{0,64}(\S{3,256})", text
    ):
        yield candidate(_SPEC, text, match.start(2), match.end(2), match[1].split()[0])
    for match in re.finditer(r"\bpassword=([^\s;,'\"]{3,128})", text):
        yield candidate(_SPEC, text, match.start(1), match.end(1), "password")


def _xml(text: str) -> Iterator[Candidate]:
    hibernate = re.compile(
        r"(?is)<property\s[^>]{0,200}name=[\"'][\w.]{0,60}password[\"'][^>]{0,60}?(?:value=[\"']([^\"'<]{3,256})[\"']|>\s{0,64}([^<\s]{3,256})\s{0,64}<)"
    )
    for value in xml_values(text):
        if _FIELDS.match(value.key.rpartition("@")[2]):
            yield candidate(
                _SPEC if value.value.isprintable() else _SPEC._replace(confidence=Confidence.LOW),
                text,
                value.start,
                value.end,
                value.key,
            )
    for match in hibernate.finditer(text):
        group = 1 if match[1] is not None else 2
        yield candidate(_SPEC, text, match.start(group), match.end(group), "password")


DETECTOR = Databases()
