"""Names under which secrets are kept: which names promise a secret, judged by their last words."""

import re
from functools import lru_cache

from pavedroad.scanning.scanners.secrets.wordlists import word_set

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# A name ends in one of these: its value is the secret itself.
_ENDS = word_set(
    "password passwd passwort pwd passphrase passcode pass pw psk secret secrets token apikey apitoken",
    "apisecret authtoken accesstoken secretkey privatekey credential credentials accesskey authkey dbpass",
    "dbpassword dbpasswd userpass userpassword mysqlpass passwrd motdepasse contrasena kennwort senha",
    "clientsecret bearer jwt passkey encryptionkey signingkey masterkey sharedkey secretaccesskey",
    "sessionkey cookiesecret webhooksecret rootpassword adminpassword ftppass smtppass ldappass bindpw",
    "rootpw passwords passwds apikeys tokens dbpw userpw adminpw mypw ldappw smtppw mailpw sqlpw ftppw requirepass",
)
# "key" alone says nothing; behind one of these it does.
_KEYS = word_set(
    "api secret private access auth encryption encrypt signing sign master shared account storage service",
    "admin app application jwt session hmac crypto cipher deploy license cookie client server",
    "subscription function write ingest integration primary secondary aes des fernet decryption machine",
    "validation preshared pre",
)
# Words that may follow without changing what the name means.
_TAILS = word_set(
    "base prod production dev development staging stage test live default value plain text raw str string",
    "b64 base64 old new current primary secondary backup local env var enc main master slave read write",
    "ro rw v",
)
_NOT = word_set(
    "csrf xsrf input output public reset forgot confirm tokenizer next prev previous max min num",
    "cancellation cursor continuation page sync pagination primitive css eos bos pad unk sep mask cls",
    "syntax ast lexer parser stop punctuation",
)

# Under the name of a password even a plain word is one, unless one of these says that it is a text or a switch.
_MEETS = word_set(
    "no not cur conf confirm confirmed confirmation invalid weak missing wrong bad show chg change changed allow",
    "lock update must need needs required require error errors err check verify validate validation hash min max",
    "len length get has is valid expired forgot reset enter retype repeat type label title text prompt ask hint",
    "message msg field input param params parameter header prefix suffix attr attribute attributes column sign",
    "with try first use prop property opt option options curlopt flag enable disable enabled disabled generate method",
    "grant scope event index num count empty null lang placeholder help desc description same strength policy",
    "guid uuid oid schema mount encrypted error incorrect loading regex pattern rule rules format kind",
    "class css icon button page form select selector menu link locale i18n const keyword tag cookie repeated of",
)
_VERBAL = re.compile(
    r"^(?:no|cur|conf|confirm|change|chg|same|enter|retype|reset|wrong|bad|show|by|com|tres|un)(?:pass|pw)"
)
_PLAIN_ENDS = word_set("secret secretkey jwt clientsecret cookiesecret sharedkey")
_PLAIN_KEYS = word_set("secret signing sign jwt hmac cookie encryption encrypt master")


@lru_cache(4096)
def words(key: str) -> tuple[str, ...]:
    """The words of a name in lower case: ``dbPassword_2`` gives ``db password 2``."""
    return tuple(word.lower() for word in _WORDS.findall(key[-96:]))


@lru_cache(4096)
def promises_secret(key: str) -> bool:
    """Whether the name's end says that its value is a secret: ``DB_PASSWORD`` does, ``password_file`` does not."""
    parts = list(words(key))
    while len(parts) > 1 and (parts[-1] in _TAILS or parts[-1].isdigit()):
        # "secret_key" must not lose its end, and "master" only goes when something that promises stays.
        parts.pop()
    if not parts or _NOT.intersection(parts):
        return False
    last = parts[-1]
    if last in _ENDS or (len(last) > 8 and last.endswith(("password", "passwd", "secret", "token", "apikey"))):
        return True
    before = parts[-2] if len(parts) > 1 else ""
    return last in ("key", "keys") and before in _KEYS


@lru_cache(4096)
def is_password_name(key: str) -> bool:
    """Whether the name speaks of a password, which people choose, rather than of a token, which machines draw."""
    return any(
        word.startswith("pass") or word in ("pwd", "pw", "psk") or word.endswith(("password", "passwd", "pass", "pwd"))
        for word in words(key)
    )


@lru_cache(4096)
def opens(key: str) -> bool:
    """Whether what stands under the name is the secret itself even if it is a plain word: a password, or the secret
    that signs. Tokens are not among them: many things that are called so are words."""
    parts = [word for word in words(key) if not word.isdigit()]
    if not parts or _MEETS.intersection(parts) or _VERBAL.match(parts[-1]):
        return False
    while len(parts) > 1 and parts[-1] in _TAILS:
        parts.pop()
    last = parts[-1]
    if last in _PLAIN_ENDS or is_password_name(last):
        return True
    return last == "key" and len(parts) > 1 and parts[-2] in _PLAIN_KEYS
