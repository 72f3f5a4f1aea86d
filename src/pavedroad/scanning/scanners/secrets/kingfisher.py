"""The door to Kingfisher (MongoDB, Apache-2.0): loads it once per worker, turns its findings into candidates.

Everything that imports ``kingfisher_sdk`` is here and inside functions: the library takes 45 MB and half a second.
Scanning never opens a socket. Live checks, which do, are in :mod:`.live` and run in another process.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pavedroad.core.severity import Confidence, Severity
from pavedroad.infra.errors import PluginError
from pavedroad.infra.paths import user_cache
from pavedroad.scanning.scanners.secrets import listed, privatekeys
from pavedroad.scanning.scanners.secrets.files import plain_values
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate

PACKAGE = "kingfisher-secret-scanner"
OWN_RULES = Path(__file__).with_name("rules.yml")
PLACE_RULES = Path(__file__).with_name("rules_places.yml")
CONFIG_RULES = Path(__file__).with_name("rules_config.yml")
TIMEOUT = 60.0
_SMALL = 8 * 1024 * 1024
_HEAD = 8192  # a zero byte this early: a program or an image, no configuration
_FAMILY = re.compile(r"^(?:betterleaks\.|veles\.secrets/|kingfisher\.)")
_ENCODED = re.compile(rb"[A-Za-z0-9+/_=-]{48}")
# Read backwards from the value: quotes and prefixes, the separator, then the name; so that the match is anchored.
_NAME_BEFORE = re.compile(
    rb"""\\?[A-Za-z@$]{0,2}(?:\(etyb\]\[|\(gnirts\swen)?\s{0,64}\\?\s{0,2}(?:>=|=:|={2,3}|-<|=\s{0,4}(?i:gnirts\ssa\s)|=\s{0,8}\]\d{0,4}\[|=\s?[\w.]{1,24}\s?:|=|:|,|\x20)\s{0,40}["'\]\\]{0,3}([\w.\-]{1,96})"""
)
_VARIANT = re.compile(r"\.\d+$")
_CRITICAL = re.compile(
    r"^(?:aws-access|aws-amazon|aws-session|azure-ad|azure-storage-account-key|azure-servicebus|gcp-service|gcp-application|"
    r"private-key|stripe|openshift-user|vault-(?:service|batch)|okta|pulumi|anthropic-admin|hashicorp-tf|age-secret|"
    r"digitalocean|alibaba-secret|npm-access|pypi-upload|rubygems|crates-io|1password|cloudflare-(?:global|origin)|square-access)"
)

# What our own patterns propose, by rule: (type, why).
_OWN = {
    "paved.assignment": ("assigned-secret", "the name it is assigned to promises a secret"),
    "paved.call-assignment": ("assigned-secret", "the name it is set under promises a secret"),
    "paved.login-call": ("shell-password", "it is the second argument of a login call"),
    "paved.plain-assignment": ("assigned-secret", "the name it is assigned to promises a secret"),
    "paved.url-password": ("url-password", "it stands between ':' and '@' of a URL, where the password goes"),
    "paved.go-dsn": ("url-password", "it stands where a data source name has its password"),
    "paved.connect-call": ("connection-string", "it is the password argument of a connect call"),
    "paved.connection-string": ("connection-string", "it is the password field of a connection string"),
    "paved.sql-password": ("sql-password", "an SQL statement sets it as a password"),
    "paved.command-line": ("shell-password", "a command line passes it as a password"),
    "paved.authorization": ("http-authorization", "it is the value of an Authorization header"),
    "paved.password-hash": ("password-hash", "it has the form of a salted password hash"),
    "paved.aws-key-id": (
        "aws-access-key-id",
        "it has the form of an AWS access key id, whose secret is kept elsewhere",
    ),
    "paved.element": ("assigned-secret", "the element it is the content of promises a secret"),
    "paved.name-and-value": ("assigned-secret", "it is the value of a member whose name promises a secret"),
    "paved.parameter": ("assigned-secret", "the URL's parameter promises a secret"),
    "paved.stored-secret": ("stored-secret", "a command writes it into a secret store"),
    "paved.azure-client-secret": ("azure-client-secret", "it has the form of a client secret of Microsoft Entra ID"),
    "paved.private-key": ("private-key", "it has the frame of a private key"),
    "paved.spaced-assignment": ("assigned-secret", "the name before it promises a secret"),
    "paved.fallback": ("assigned-secret", "it stands in for a variable whose name promises a secret"),
    "paved.setter": ("assigned-secret", "a call sets it, or compares with it, under a name that promises a secret"),
    "paved.signing-call": ("assigned-secret", "a call signs or encrypts with it"),
    "paved.typed": ("assigned-secret", "a program types it into a field for passwords"),
    "paved.basic": ("http-authorization", "it is user and password of basic authentication, in Base64"),
    "paved.list": ("assigned-secret", "it is in a list whose name promises secrets"),
    "paved.sql-insert": ("sql-password", "an SQL statement inserts it into a column whose name promises a secret"),
    "paved.command": ("shell-password", "a command line passes it as a password"),
    "paved.piped": ("shell-password", "a command line sets it as a password"),
    "paved.piped-plain": ("shell-password", "a command line passes it as a password"),
    "paved.named-element": ("assigned-secret", "the name of the element it is the content of promises a secret"),
    "paved.spaced-dsn": ("connection-string", "it is the password field of a connection string"),
    "paved.provider-token": ("provider-token", "it has the form of a token of one provider"),
    "paved.plain-name-and-value": ("assigned-secret", "it is the value of a member whose name promises a secret"),
    "paved.block": ("assigned-secret", "it is the text under a name that promises a secret"),
    "paved.directive": ("server-config", "a server's configuration sets it as a password"),
    "paved.jwk": ("private-key", "it is the private member of a JSON Web Key"),
    "paved.jwk-first": ("private-key", "it is the private member of a JSON Web Key"),
}
# Kingfisher's rules that say what one of our own types says.
_SAME = {"betterleaks.private-key": "private-key", "betterleaks.generic-credential-uri": "url-password"}
# The markup around the value says where it ends, as quotes would.
_ENCLOSED = frozenset({"paved.element", "paved.parameter", "paved.named-element"})
# One match holds several values: listed.py takes it apart.
_SEVERAL = frozenset({"paved.list", "paved.sql-insert"})
# What these take has no name of its own.
_NAMED = {"paved.signing-call": "signing_key", "paved.named-element": "password", "paved.typed": "password"}
# A type in the schema of a program ("AWS::Iam::Token") with a checksum, or one side of a choice (x ? "a" : "b").
_TYPE_NAME = re.compile(rb"""[:=\s]{1,8}["'][\w.\-]{1,96}(?:::|["']\s?\?)""")
# "checks that pass: ..." or Outcome.PASS: the verb, not the short form of password. Read backwards.
_VERB = re.compile(
    rb"""["'\s=:]{0,8}(?:ssap\s(?:taht|ot|tsum|yam|ton|nac|lliw|hcihw|stset|skcehc|yeht|ti|dluohs)\b|SSAP\.[A-Za-z])"""
)
GUESSES = frozenset({"assigned-secret", "shell-password", "password-hash", "http-authorization"})


def rule_id(native: str) -> str:
    """Our stable name of one of Kingfisher's rules: ``betterleaks.github-pat`` becomes ``kingfisher.github-pat``."""
    return "kingfisher." + re.sub(r"[^a-z0-9.-]+", "-", _VARIANT.sub("", _FAMILY.sub("", native)).lower())


def severity_of(rule: str) -> Severity:
    """Critical where the credential opens a whole account, a cluster or a payment system, or signs for its owner."""
    return Severity.CRITICAL if _CRITICAL.match(rule.removeprefix("kingfisher.")) else Severity.HIGH


class Kingfisher:
    """A compiled scanner. :meth:`find` may be called from several threads; the engine releases the interpreter lock."""

    def __init__(self, cache: Path) -> None:
        from kingfisher_sdk import DetectionPolicy, Rules, Scanner

        _private_folder(cache)
        # Overlaps are joined by merge.py, which costs less than the engine's own suppression (101 against 145 MB/s).
        # Inline markers are the gate's business (they become waivers without owner): the engine must not act on them.
        policy = DetectionPolicy(inline_ignores=False, cli_match_semantics=False)
        plain = DetectionPolicy(inline_ignores=False, cli_match_semantics=False, base64_max_depth=0)
        try:
            own = Rules([str(OWN_RULES), str(PLACE_RULES)], confidence="low", cache_dir=str(cache))
            config = Rules([str(CONFIG_RULES)], builtins=False, confidence="low", cache_dir=str(cache))
            self._scanner = Scanner(own, policy=policy)
            self._config = Scanner(config, base64=False, policy=plain)
        except (OSError, RuntimeError, ValueError) as error:
            raise PluginError(
                f"Kingfisher's rules cannot be compiled: {type(error).__name__}",
                where="secrets",
                next_step="reinstall pavedroad from its locked requirements",
            ) from error

    def find(self, path: str, content: bytes, *, timeout: float = TIMEOUT) -> list[Candidate]:
        """The candidates in ``content`` (UTF-8). Raises TimeoutError after ``timeout`` seconds (large files only)."""
        from kingfisher_sdk import ScanInput

        source = ScanInput(path=path, data=content)
        # Watching the clock costs the engine a third of its speed; a small file cannot take long, as it is linear.
        limit = timeout if len(content) > _SMALL else None
        found = self._scanner.scan_input(source, timeout=limit)
        if plain_values(path) and b"\0" not in content[:_HEAD]:
            found += self._config.scan_input(source, timeout=limit)
        if not found:
            return []
        paired = {item.rule_id for item in found if item.visible}
        return [c for item in found for c in _candidates(item, content, paired)]


def _candidates(item: Any, content: bytes, paired: set[str]) -> Iterator[Candidate]:
    if item.rule_id in _SEVERAL and not item.is_base64_encoded:
        yield from _several(item, content)
    elif (one := _candidate(item, content, paired)) is not None:
        yield one


def _candidate(item: Any, content: bytes, paired: set[str]) -> Candidate | None:
    own = _OWN.get(item.rule_id)
    if own is not None:
        return _own_candidate(item, content, *own)
    if not item.visible:
        return _helper(item, content, paired)
    start, end = _span(item, content)
    secret = _value(item, content, start, end)
    coded = ", found inside Base64" if item.is_base64_encoded else ""
    kind = _SAME.get(item.rule_id) or rule_id(item.rule_id)
    return Candidate(
        start=start,
        end=end,
        secret=secret,
        type=privatekeys.type_of(secret) if kind == "private-key" else kind,
        confidence=Confidence(item.confidence),
        witness="kingfisher",
        why=f"it has the exact form that Kingfisher's rule {item.rule_id} describes{coded}",
        embedded=not coded and _embedded(content, start, end),
    )


def _embedded(content: bytes, start: int, end: int) -> bool:
    """Whether encoded data goes on for 48 bytes on both sides: in megabytes of it every short form occurs by chance."""
    return bool(_ENCODED.fullmatch(content[max(0, start - 48) : start]) and _ENCODED.fullmatch(content[end : end + 48]))


def _helper(item: Any, content: bytes, paired: set[str]) -> Candidate | None:
    """Kingfisher hides the halves of a pair; of an AWS pair the hidden half is the secret one."""
    if item.rule_id != "betterleaks.aws-secret-access-key" or "betterleaks.aws-access-token" not in paired:
        return None
    start, end = _span(item, content)
    return Candidate(
        start=start,
        end=end,
        secret=_value(item, content, start, end),
        type="aws-secret-access-key",
        confidence=Confidence.HIGH,
        witness="kingfisher",
        why="it stands next to an AWS access key id",
    )


def _own_candidate(item: Any, content: bytes, kind: str, why: str) -> Candidate | None:
    captures = item.captures
    start, end = _span(item, content)
    key = captures.get("KEY", "")
    if item.is_base64_encoded or end == start:
        # Inside Base64 a guess from a name is too weak: every encoded page would raise some.
        if kind in GUESSES:
            return None
        secret, quoted = _value(item, content, start, end), False
    else:
        if kind == "assigned-secret":
            key = key or _NAMED.get(item.rule_id) or _name_before(content, start)
            before = content[max(0, start - 130) : start][::-1]
            if not promises_secret(key) or _TYPE_NAME.match(before) or _VERB.match(before):
                return None
            if item.rule_id == "paved.signing-call" and _in_message(content, start, end):
                return None
        start, end, quoted = _unquote(content, start, end)
        quoted = quoted or item.rule_id in _ENCLOSED
        if item.rule_id == "paved.private-key":
            start, end = privatekeys.block(content, start, end)
        secret = content[start:end]
        if item.rule_id == "paved.basic" and not (secret := _basic(secret)):
            return None
    return Candidate(
        start=start,
        end=end,
        secret=secret,
        type=privatekeys.type_of(secret) if kind == "private-key" else kind,
        confidence=Confidence.HIGH if kind in ("private-key", "provider-token") else Confidence.MEDIUM,
        witness="pattern",
        why=why,
        key=key,
        placed=kind not in GUESSES,
        quoted=quoted,
    )


def _several(item: Any, content: bytes) -> Iterator[Candidate]:
    start, end = _span(item, content)
    kind, why = _OWN[item.rule_id]
    key = item.captures.get("KEY", "")
    found = (
        listed.inserted(content, start, end)
        if item.rule_id == "paved.sql-insert"
        else ((key, span) for span in listed.members(content, start, end) if promises_secret(key))
    )
    for name, (low, high) in found:
        yield Candidate(
            start=low,
            end=high,
            secret=content[low:high],
            type=kind,
            confidence=Confidence.MEDIUM,
            witness="pattern",
            why=why,
            key=name,
            placed=kind not in GUESSES,
            quoted=True,
        )


def _basic(coded: bytes) -> bytes:
    """The password of ``base64(user:password)``; empty when it is none."""
    try:
        plain = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        return b""
    user, colon, secret = plain.partition(b":")
    return secret if colon and user.isascii() and secret.isascii() and secret.decode("ascii").isprintable() else b""


def _in_message(content: bytes, start: int, end: int) -> bool:
    """Whether the call itself stands in a text, as in ``Error('call sign("secret") first')``: another kind of quote is
    open on the line before it and closed after it."""
    before = content[content.rfind(b"\n", 0, start) + 1 : start]
    stop = content.find(b"\n", end)
    after = content[end : stop if stop >= 0 else len(content)]
    quote = content[start : start + 1] if content[start : start + 1] in b"\"'`" else content[start - 1 : start]
    others = (b'"', b"'", b"`")
    return any(other != quote and before.count(other) % 2 == 1 and other in after for other in others)


def _name_before(content: bytes, start: int) -> str:
    """The whole name that a value is assigned to."""
    match = _NAME_BEFORE.match(content[max(0, start - 200) : start][::-1])
    return match[1][::-1].decode("latin-1") if match else ""


def _unquote(content: bytes, start: int, end: int) -> tuple[int, int, bool]:
    if content[start : start + 2] == b"[[":
        return start + 2, end - 2, True
    if content[start : start + 1] == b"\\":
        start += 1
        if content[end - 2 : end - 1] == b"\\":
            end -= 1
    if (
        end - start >= 2
        and content[start : start + 1] in (b'"', b"'", b"`")
        and content[end - 1 : end] == content[start : start + 1]
    ):
        inner = end - 1
        if content[inner - 1 : inner] == b"\\":
            inner -= 1
        return start + 1, inner, True
    return start, end, False


def _span(item: Any, content: bytes) -> tuple[int, int]:
    """The finding's place in our content. The engine guesses encodings too; where its offsets are of another text than
    ours, the value is looked up, and (0, 0) means that it stands nowhere as such."""
    where = item.location
    start, end = int(where["start_offset"]), int(where["end_offset"])
    if item.is_base64_encoded or content[start:end].decode("utf-8", "replace") == item.secret:
        return start, end
    value = item.secret.encode("utf-8", "replace")
    found = content.find(value)
    return (found, found + len(value)) if found >= 0 else (0, 0)


def _value(item: Any, content: bytes, start: int, end: int) -> bytes:
    plain = end > start and not item.is_base64_encoded
    return content[start:end] if plain else str(item.secret).encode("utf-8", "replace")


def _private_folder(cache: Path) -> None:
    """Kingfisher refuses folders that others may write to; a cache that cannot be made only costs time."""
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        cache.chmod(0o700)
    except OSError:
        return


def catalogue() -> list[tuple[str, str, Confidence]]:
    """(our rule id, one-line title, confidence) of every rule of Kingfisher that can be reported. Loads the library."""
    from kingfisher_sdk import Rules

    cache = user_cache() / "kingfisher"
    _private_folder(cache)
    rules = Rules([str(OWN_RULES), str(PLACE_RULES)], confidence="low", cache_dir=str(cache))
    found: dict[str, tuple[str, str, Confidence]] = {}
    for entry in rules.metadata():
        if entry["visible"] and entry["id"] not in _SAME and entry["id"] not in _OWN:
            ours = rule_id(entry["id"])
            detail = rules.detail(entry["id"])
            found.setdefault(ours, (ours, str(entry["name"]), Confidence(detail.get("confidence") or "medium")))
    return sorted(found.values())
