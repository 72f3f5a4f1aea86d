"""Secrets: where a private key ends, and whether a passphrase protects it."""

import base64

from pavedroad.scanning.scanners.secrets import keyfiles
from pavedroad.scanning.scanners.secrets.privatekeys import block, type_of

DASHES = b"-" * 5
HEAD = DASHES + b"BEGIN PRIVATE KEY" + DASHES
END = DASHES + b"END PRIVATE KEY" + DASHES


def openssh(cipher: bytes) -> bytes:
    raw = b"openssh-key-v1\0" + len(cipher).to_bytes(4, "big") + cipher + b"\0" * 80
    frame = b"OPENSSH PRIVATE KEY" + DASHES
    return DASHES + b"BEGIN " + frame + b"\n" + base64.b64encode(raw) + b"\n" + DASHES + b"END " + frame


def test_the_block_reaches_to_its_end_mark() -> None:
    content = b"x\n" + HEAD + b"\nabc\n" + END + b"\nrest"
    assert block(content, 2, 2 + len(HEAD)) == (2, len(content) - 5)


def test_a_head_without_end_is_only_the_head() -> None:
    content = HEAD + b"\nabc\n" + HEAD + b"\nabc\n" + END
    assert block(content, 0, len(HEAD)) == (0, len(HEAD))


def test_a_putty_key_reaches_over_its_private_lines() -> None:
    content = b"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 2\nAAA\nBBB\nPrivate-MAC: 1\n"
    start, end = block(content, 0, 21)
    assert content[start:end].endswith(b"BBB")
    assert type_of(content) == "private-key"
    assert type_of(content.replace(b"none", b"aes256-cbc")) == "encrypted-private-key"


def test_encrypted_keys_are_told_apart() -> None:
    assert type_of(HEAD) == "private-key"
    assert type_of(HEAD.replace(b"PRIVATE", b"ENCRYPTED PRIVATE")) == "encrypted-private-key"
    assert type_of(openssh(b"none")) == "private-key"
    assert type_of(openssh(b"aes256-ctr")) == "encrypted-private-key"


def test_key_stores_are_known_by_their_first_bytes() -> None:
    assert [c.type for c in keyfiles.detect("a.bin", b"\xfe\xed\xfe\xed" + b"\0" * 40)] == ["key-store"]
    assert [c.type for c in keyfiles.detect("a.p12", b"\x30\x82\x01\x00\x02\x01\x03\x30" + b"\0" * 40)] == ["key-store"]
    assert [c.type for c in keyfiles.detect("a.key", b"\x30\x82\x01\x00\x02\x01\x00\x30" + b"\0" * 40)] == [
        "private-key"
    ]
    assert list(keyfiles.detect("a.crt", b"\x30\x82\x01\x00\x30\x82" + b"\0" * 40)) == []
