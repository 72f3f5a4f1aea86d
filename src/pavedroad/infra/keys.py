"""Ed25519 keys in PEM files (PKCS #8 private, SubjectPublicKeyInfo public: what openssl writes), and signatures.

The cryptography library does the mathematics and is loaded only here, when it is needed.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pavedroad.infra.errors import KeyFileError
from pavedroad.infra.files import read_file, write_atomic

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_PEM = 16 << 10


def generate(private: Path, public: Path) -> str:
    """Write a new pair; gives the id of the public key. Neither file may exist. Raises KeyFileError or FileError."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for path in (private, public):
        if path.exists() or path.is_symlink():
            raise KeyFileError("there is such a file already", where=str(path), next_step="choose another name")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    write_atomic(private, secret, private=True)
    open_part = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    write_atomic(public, open_part)
    return key_id(key.public_key())


def _pem(path: Path) -> bytes:
    content = read_file(path, MAX_PEM)
    if content is None:
        raise KeyFileError("there is no such key", where=str(path), next_step="make one: paved advisories keygen")
    return content


def private_key(path: Path) -> "Ed25519PrivateKey":
    """The private key in a PEM file without a passphrase. Raises KeyFileError or FileError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_pem(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(
            "this is not a private key in PEM without a passphrase",
            where=str(path),
            next_step="make one: paved advisories keygen, or openssl genpkey -algorithm ed25519",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError("the private key is not an Ed25519 key", where=str(path))
    return key


def public_key(path: Path) -> "Ed25519PublicKey":
    """The public key in a PEM file. Raises KeyFileError or FileError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_pem(path))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(
            "this is not a public key in PEM", where=str(path), next_step="give the file that ends with .pub.pem"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError("the public key is not an Ed25519 key", where=str(path))
    return key


def key_id(key: "Ed25519PublicKey") -> str:
    """A short name of a public key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def verifies(key: "Ed25519PublicKey", signature: bytes, message: bytes) -> bool:
    """Whether ``signature`` is this key's over ``message``."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
