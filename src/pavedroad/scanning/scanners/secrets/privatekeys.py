"""Where a private key's text ends, and whether a passphrase protects it. Pure.

Formats: PEM (RFC 7468, RFC 1421 headers), OpenSSH's ``openssh-key-v1``, PuTTY's ``.ppk``, OpenPGP armour (RFC 9580).
"""

import base64
import binascii
import re

MAX_KEY = 64 * 1024
_END = re.compile(rb"-----END [A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)?-----")
_PPK_BODY = re.compile(rb"Private-Lines:\s{0,4}(\d{1,4})")
_BODY = re.compile(rb"-----|\\[nr]|[^A-Za-z0-9+/=]")
_OPENSSH = b"openssh-key-v1\0"


def block(content: bytes, start: int, end: int) -> tuple[int, int]:
    """The span of the key whose head is content[start:end]; at most 64 KiB, and just the head when nothing follows."""
    reach = content[start : start + MAX_KEY]
    if reach.startswith(b"PuTTY"):
        return start, start + _ppk_length(reach)
    match = _END.search(reach, end - start)
    next_head = reach.find(b"-----BEGIN", end - start)
    if match and not 0 <= next_head < match.start():
        return start, start + match.end()
    return start, end


def _ppk_length(reach: bytes) -> int:
    match = _PPK_BODY.search(reach)
    if not match:
        return len(reach.split(b"\n\n", 1)[0])
    at = reach.find(b"\n", match.end())
    if at < 0:
        return len(reach)
    for _ in range(min(int(match[1]), 200)):
        following = reach.find(b"\n", at + 1)
        if following < 0:
            return len(reach)
        at = following
    return at


def type_of(key: bytes) -> str:
    """``private-key`` or ``encrypted-private-key``."""
    if key.startswith(b"PuTTY"):
        return "private-key" if re.search(rb"Encryption:\s*none", key) else "encrypted-private-key"
    if b"ENCRYPTED" in key[:400]:
        return "encrypted-private-key"
    if b"OPENSSH" in key[:40] and _openssh_cipher(key) not in (b"none", b""):
        return "encrypted-private-key"
    return "private-key"


def _openssh_cipher(key: bytes) -> bytes:
    """The cipher's name, which stands in clear text at the start of the body; empty when the body is no such key."""
    body = _BODY.sub(b"", key.partition(b"KEY-----")[2])[:80]
    try:
        raw = base64.b64decode(body[: len(body) // 4 * 4])
    except (binascii.Error, ValueError):
        return b""
    if not raw.startswith(_OPENSSH):
        return b""
    size = int.from_bytes(raw[len(_OPENSSH) : len(_OPENSSH) + 4], "big")
    return raw[len(_OPENSSH) + 4 :][:size] if size < 64 else b""
