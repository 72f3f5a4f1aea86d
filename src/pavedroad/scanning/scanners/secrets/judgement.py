"""False-positive control: whether a candidate is a secret, and how sure we are. Pure; every answer has a reason.

Three outcomes: *dropped* (it is certainly no secret: counted, not reported), *lowered* (a secret in a place where secrets
are usually dummies: reported with less confidence), or kept as proposed.
"""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re

from pavedroad.core.noun import Noun
from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets import keys, lexicon, values
from pavedroad.scanning.scanners.secrets.files import Place, place_of
from pavedroad.scanning.scanners.secrets.model import Candidate

MAX_VALUE = 4096
_HASH_TYPES = frozenset({"password-hash", "htpasswd", "shadow"})
_KEY_TYPES = frozenset({"private-key", "encrypted-private-key", "key-store"})


# Placed by a name in a configuration file rather than by a format's own password field: the value must look like one too.
_BROAD = frozenset(
    (
        *(
            "framework-config",
            "framework-secret",
            "infrastructure-config",
            "ci-variable",
            "ide-credentials",
            "terraform-variable",
        ),
        *("env-file", "connection-string", "sql-password", "kubernetes-secret", "terraform-state"),
    )
)


# Between the head and the foot of a key's frame: the frame's two ends are constants of a program.
_CODE_IN_KEY = re.compile(r"\w ?= ?[A-Za-z\"']|;\s*\n|\(\w*\)")
_NUMBERED = re.compile(r"^[a-z]+(?:[-_][a-z]+)+[-_]?\d{1,2}$")  # "etcd-cluster-1": a name with a number
_DIGIT_OR_MARK = re.compile(r"[0-9!@#$%^&*?+]")
_EXPRESSION = re.compile(r"[(){}\[\]]|^\w{1,2}[,.]?$")
# Words set together like the names of programs: where things are in use, people choose such passwords too.
_IDENTIFIER = re.compile(r"^[A-Za-z]+(?:[_-][A-Za-z]+)*$")
# A plain word as people choose it: no sentence's end, no path, no constant.
_WORD = re.compile(r"^[A-Za-z0-9!@#$%^&*][\x21-\x7e]*$")
_NO_WORD = re.compile(r"[/<>(){}\[\]'\"`,;]|[.:=|]$|^\W*$")
_DRAWN = re.compile(r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9.!@#$^*~-]{8,64}$")
# Their key is no name, or says nothing about the value.
_NAMELESS = frozenset({"sql-password", "connection-string", "url-password", "shell-password", "server-config"})
# Recognised by an exact form, or by its exact neighbour: worth a look even in documentation.
_EXACT = ("kingfisher.", "provider-token", "aws-secret-access-key", "azure-client-secret")


class Judgement(Noun, frozen=True, kw_only=True):
    """``confidence`` None: dropped. ``reason`` completes "dropped because ..." or explains the confidence."""

    confidence: Confidence | None
    reason: str


def judge(candidate: Candidate, path: str) -> Judgement:
    """The verdict on one candidate in the file ``path``."""
    place = place_of(path)
    value = candidate.secret[:MAX_VALUE].decode("utf-8", "replace").strip()
    if candidate.type in _KEY_TYPES:
        return _private_key(candidate, value, place)
    if candidate.type.startswith("kingfisher.") and (match := lexicon.URL_PASSWORD.search(value)):
        value = match[1]
    if candidate.type == "assigned-secret" and not candidate.quoted:
        value = value.rstrip(",;")
    if candidate.embedded:
        reason: str | None = "it is a stretch of longer encoded data"
    else:
        reason = None if _default(candidate, value, place) else _nothing(candidate, value)
    if reason is None and candidate.type not in _HASH_TYPES and not candidate.type.startswith("kingfisher."):
        reason = _no_password(candidate, value, place)
    if reason is not None:
        return Judgement(confidence=None, reason=reason)
    level, why = _level(candidate, value, place)
    return _lower_by_place(candidate, level, why, place)


def _opens(candidate: Candidate, place: Place) -> bool:
    """Whether a plain word in this place opens something: it is in use, and no text about it."""
    if candidate.commented or not (candidate.quoted or place.config or place.shell):
        return False
    return candidate.type in _NAMELESS or keys.opens(candidate.key)


def _default(candidate: Candidate, value: str, place: Place) -> bool:
    """Whether this is one of the passwords that everybody tries first, in a place where it opens something."""
    if (
        value.lower() not in lexicon.DEFAULTS
        or candidate.type in _HASH_TYPES
        or candidate.type.startswith("kingfisher.")
    ):
        return False
    if not place.config:
        # In code a constant often holds the name of a setting or of a form's field.
        plain = _plain(value)
        if (plain and _plain(candidate.key).endswith(plain)) or plain in ("password", "username", "user"):
            return False
    return _opens(candidate, place)


def _nothing(candidate: Candidate, value: str) -> str | None:
    if candidate.type in _HASH_TYPES:
        # A hash starts with "$" like a variable, and its salt may be any word.
        return "it is an example from documentation" if lexicon.MASKED.search(value) else None
    reason = no_secret(value, candidate.key)
    if candidate.type == "kingfisher.curl-auth-user":
        value = value.rpartition(":")[2]
    if reason is None and candidate.type.startswith("kingfisher.") and value.lower() in lexicon.URL_WORDS:
        reason = "it is a common word or a default"
    return reason


def no_secret(value: str, key: str = "") -> str | None:
    """Why a value cannot be a secret whatever the place, or None."""
    if len(value) < 3:
        return "it is too short"
    if lexicon.REFERENCE.search(value):
        return "it refers to a value kept elsewhere"
    if lexicon.MASKED.search(value):
        return "it is masked or has repeated characters"
    if lexicon.PLACEHOLDER.search(value):
        return "it is a placeholder"
    if lexicon.EXAMPLE.search(value):
        return "it is an example from documentation"
    if sequential(value):
        return "it is a keyboard or counting sequence"
    if key and _plain(value) == _plain(key):
        return "it repeats its own name"
    return None


def sequential(value: str) -> bool:
    """Whether three quarters or more of the value count up or down, or walk along the keyboard."""
    text = value.lower()
    if len(text) < 6:
        return text in ("12345", "1234", "abcd", "abc", "123", "qwer")
    walks = sum(text[i : i + 3] in lexicon.WALKS for i in range(len(text) - 2))
    return walks >= 0.75 * (len(text) - 2)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _private_key(candidate: Candidate, value: str, place: Place) -> Judgement:
    if candidate.type == "private-key" and candidate.witness != "key-files":
        body = re.sub(r"-----[A-Z ]+-----|\\[nr]|\s", "", value)
        framed = value.startswith(("-----", "PuTTY"))
        if (
            (framed and len(body) < 32)
            or _CODE_IN_KEY.search(value)
            or lexicon.PEM_SAMPLE.search(value)
            or (framed and len(set(body)) < 16)
        ):
            return Judgement(confidence=None, reason="it is the frame of a key without a key in it")
    return _lower_by_place(candidate, candidate.confidence, candidate.why, place)


def _no_password(candidate: Candidate, value: str, place: Place) -> str | None:
    """Why the value is no password or token *in such a place*, or None."""
    if value.lower() in lexicon.NOTHING or (
        value.lower() in lexicon.DEFAULTS and not _default(candidate, value, place)
    ):
        return "it is a common word or a default"
    if lexicon.ALGORITHM.match(value):
        return "it names an algorithm"
    if lexicon.PUBLIC.search(value):
        return "it is public: a key, certificate, checksum or address"
    if candidate.type == "url-password":
        return _no_url_password(value, place)
    if candidate.type == "shell-password" and _code(candidate, value, place) and not values.password_like(value):
        return "it is code, a path or an identifier"
    if candidate.type in _BROAD:
        if _code(candidate, value, place) and not values.password_like(value):
            return "it is code, a path or an identifier"
        if candidate.type == "connection-string" and not place.config and _EXPRESSION.search(value):
            return "it is code, a path or an identifier"
        prose = " " in value and not keys.is_password_name(candidate.key)
        return "it is text" if prose or values.prose(value) else None
    if candidate.placed:
        return None
    return _no_guess(candidate, value, place)


def _code(candidate: Candidate, value: str, place: Place) -> bool:
    if not lexicon.CODE.search(value):
        return False
    if not _opens(candidate, place):
        return True
    # A drawn password may hold a dot; nobody names a member so.
    drawn = _DRAWN.match(value) is not None and values.password_like(value) and not values.wordy(value)
    return not (drawn or (place.config and _IDENTIFIER.match(value)))


def _no_url_password(value: str, place: Place) -> str | None:
    value = value.strip("[]")
    standin = value.lower() in lexicon.URL_WORDS or (value.lower() in lexicon.STANDINS and not place.config)
    if lexicon.CODE.search(value) or standin or (value.isdigit() and len(value) < 6):
        return "it is a stand-in in a URL"
    return None


def _no_guess(candidate: Candidate, value: str, place: Place) -> str | None:
    if candidate.type == "assigned-secret" and not candidate.quoted and not place.config:
        return "it is an expression, not a literal"
    if candidate.type == "shell-password" and not (place.config or place.shell or candidate.quoted or place.doc):
        return "it is no command line"
    if _code(candidate, value, place) or (lexicon.UUID.match(value) and not _uuid_opens(candidate)):
        return "it is code, a path or an identifier"
    if _NUMBERED.match(value) and not keys.is_password_name(candidate.key):
        return "it is code, a path or an identifier"
    least = (3 if place.config else 4) if _opens(candidate, place) else 6
    if (
        len(value) < least
        or values.prose(value)
        or (" " in value and not keys.is_password_name(candidate.key) and not _default(candidate, value, place))
    ):
        return "it is text, or too short for a guess"
    if place.lock:
        return "a lock file holds checksums, not secrets"
    return None


def _uuid_opens(candidate: Candidate) -> bool:
    return keys.opens(candidate.key) or candidate.key.lower().endswith(("secret", "token"))


def _level(candidate: Candidate, value: str, place: Place) -> tuple[Confidence, str]:
    """How sure we are by value alone."""
    if not candidate.placed and candidate.type not in _HASH_TYPES:
        return _guess_level(candidate, value, place)
    level, why = candidate.confidence, candidate.why
    if candidate.type == "password-hash" and not place.config:
        return Confidence.LOW, f"{why}; but outside of data and configuration it is mostly an example"
    if (
        candidate.type == "sql-password"
        and not place.config
        and not values.password_like(value)
        and not (_default(candidate, value, place) or values.classes(value) > 1)
    ):
        return Confidence.LOW, f"{why}; but it may be a word in a sentence"
    if candidate.type.startswith("kingfisher.") or candidate.type in _HASH_TYPES or level is not Confidence.HIGH:
        return level, why
    if lexicon.WEAK.search(value):
        return Confidence.MEDIUM, f"{why}; it reads like a default"
    if candidate.type in _BROAD and values.classes(value) < 2:
        return Confidence.MEDIUM, f"{why}; it could be a word"
    return level, why


def _guess_level(candidate: Candidate, value: str, place: Place) -> tuple[Confidence, str]:
    why = candidate.why
    if values.random_token(value):
        return (
            Confidence.HIGH if place.config or place.settings else Confidence.MEDIUM
        ), f"{why}, and it looks drawn by a machine"
    password = keys.is_password_name(candidate.key) or candidate.type == "shell-password"
    # In configuration a weak password is usually the one in use; in code it is usually a stand-in.
    in_use = password and place.config and values.password_like(value) and values.classes(value) >= 3
    opens = _opens(candidate, place) and _WORD.match(value) is not None and not _NO_WORD.search(value)
    if _default(candidate, value, place):
        return Confidence.MEDIUM, f"{why}; everybody tries it first, but it opens what it is set for"
    if lexicon.WEAK.search(value) and opens and candidate.type == "assigned-secret":
        return Confidence.MEDIUM, f"{why}; it reads like a default, but it opens what it is set for"
    if (lexicon.WEAK.search(value) and not in_use) or " " in value:
        return Confidence.LOW, f"{why}, but it reads like a default or like text"
    if password and values.password_like(value):
        return Confidence.MEDIUM, f"{why}, and it is mixed like a password"
    if not password and values.mixed(value):
        return Confidence.MEDIUM, f"{why}, and letters and digits are mixed in it"
    mixed = values.classes(value) >= 3 or (values.classes(value) == 2 and _DIGIT_OR_MARK.search(value) is not None)
    if password and mixed:
        return Confidence.MEDIUM, f"{why}, and it is no plain word"
    if opens and candidate.type == "assigned-secret" and (place.config or not value.isupper()):
        return Confidence.MEDIUM, f"{why}; it could be a word, but under such a name words are secrets too"
    return Confidence.LOW, f"{why}, but it could be a word"


def _lower_by_place(candidate: Candidate, level: Confidence, why: str, place: Place) -> Judgement:
    if place.test:
        return Judgement(confidence=Confidence.LOW, reason=f"{why}; but test data usually holds dummies")
    if place.system and not candidate.placed:
        return Judgement(
            confidence=Confidence.LOW, reason=f"{why}; but a distribution's own files hold no one's secrets"
        )
    if place.doc or place.sample:
        # A web token in a manual has expired, and headers in it are made up; other exact forms are worth a look.
        short_lived = candidate.type.startswith(("kingfisher.jwt", "kingfisher.curl-"))
        exact = candidate.type.startswith(_EXACT) and level is Confidence.HIGH and not short_lived
        return Judgement(
            confidence=Confidence.MEDIUM if exact else Confidence.LOW,
            reason=f"{why}; but documentation and samples usually hold dummies",
        )
    return Judgement(confidence=level, reason=why)
