"""Key stores, by their first bytes: formats whose content is a key whatever the file is called."""

from collections.abc import Iterator

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.model import Candidate

_MAGIC = (
    (b"\xfe\xed\xfe\xed", "a Java key store"),
    (b"\xce\xce\xce\xce", "a Java key store (JCEKS)"),
    (b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", "a KeePass database"),
    (b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", "a KeePass database"),
)
_PFX = (".p12", ".pfx", ".pkcs12", ".keystore", ".jks")
# A PFX (RFC 7292 section 4) starts with SEQUENCE, INTEGER 3, SEQUENCE, OID of pkcs7.
_PFX_INSIDE = b"\x02\x01\x03\x30"
_PKCS8_INSIDE = b"\x02\x01\x00\x30"
_PKCS1_INSIDE = b"\x02\x01\x00\x02"


def detect(path: str, content: bytes) -> Iterator[Candidate]:
    """At most one candidate: the file as a whole."""
    what = _what(path, content)
    if what:
        plain = what.startswith("an unencrypted")
        yield Candidate(
            start=0,
            end=min(len(content), 4),
            secret=content,
            type="private-key" if plain else "key-store",
            confidence=Confidence.HIGH,
            witness="key-files",
            why=f"the first bytes are those of {what}",
        )


def _what(path: str, content: bytes) -> str:
    for magic, what in _MAGIC:
        if content.startswith(magic):
            return what
    if content[:1] == b"\x30" and len(content) > 32:
        lower = path.lower()
        if lower.endswith(_PFX) and _PFX_INSIDE in content[:12]:
            return "a PKCS#12 key store"
        if lower.endswith((".der", ".key", ".pk8", ".p8", ".priv")) and (
            _PKCS8_INSIDE in content[:12] or _PKCS1_INSIDE in content[:12]
        ):
            return "an unencrypted private key (DER)"
    return ""
