"""What parsers share: opening the document, and taking values of the type they should have."""

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

from pavedroad.core.component import Hash
from pavedroad.infra.documents import read_json, read_toml, read_xml, read_yaml
from pavedroad.infra.errors import DocumentError
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import MAX_NAME

if TYPE_CHECKING:
    from pavedroad.infra._xml import Element

MAX_BYTES = 64 << 20
MAX_PACKAGES = 400_000


def base_name(path: str) -> str:
    """The file's own name."""
    return path.rpartition("/")[2]


def text_of(content: bytes) -> str:
    """The text in whichever Unicode encoding its byte order mark names, UTF-8 without one. Raises LockfileError."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise LockfileError(f"the text is not {encoding.upper()}", next_step="save it as UTF-8") from error
    raise AssertionError("unreachable: every text starts with nothing")  # pragma: no cover


def _broken(error: DocumentError) -> LockfileError:
    return LockfileError(error.what, where=error.where, next_step="repair the lock file, or let its tool write it anew")


def toml(content: bytes) -> dict[str, Any]:
    """The TOML table. Raises LockfileError."""
    try:
        return read_toml(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise _broken(error) from error


def json_object(content: bytes) -> dict[str, Any]:
    """The JSON object. Raises LockfileError."""
    try:
        value = read_json(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise _broken(error) from error
    return table(value, "the document")


def json_value(content: bytes) -> Any:
    """The JSON value. Raises LockfileError."""
    try:
        return read_json(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise _broken(error) from error


def yaml(content: bytes) -> dict[str, Any]:
    """The YAML mapping, empty for an empty document. Raises LockfileError."""
    value = yaml_value(content)
    return table({} if value is None else value, "the document")


def yaml_value(content: bytes) -> Any:
    """The YAML value. Raises LockfileError."""
    try:
        return read_yaml(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise _broken(error) from error


def xml(content: bytes) -> "Element":
    """The root element. Raises LockfileError."""
    try:
        return read_xml(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise _broken(error) from error


def table(value: Any, what: str) -> dict[str, Any]:
    """``value`` when it is a table. Raises LockfileError, naming ``what``."""
    if not isinstance(value, dict):
        raise LockfileError(f"{what} is not a table", next_step="let the lock file's tool write it anew")
    return value


def packages(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The ``[[package]]`` tables. Raises LockfileError."""
    listed = document.get("package", [])
    if not isinstance(listed, list):
        raise LockfileError("'package' is not a list of tables", next_step="let the lock file's tool write it anew")
    check_count(len(listed))
    return [table(each, f"package number {number}") for number, each in enumerate(listed, 1)]


def check_count(count: int) -> None:
    """Raises LockfileError for more packages than any project has."""
    if count > MAX_PACKAGES:
        raise LockfileError(f"the file lists {count} packages; at most {MAX_PACKAGES} are read")


def word(entry: dict[str, Any], key: str, what: str) -> str:
    """A text that must be there, such as a name or a version. Raises LockfileError."""
    value = entry.get(key)
    if not isinstance(value, str) or not value or len(value) > MAX_NAME or not value.isprintable():
        raise LockfileError(f"{what} has no usable '{key}'", next_step="let the lock file's tool write it anew")
    return value


def mapping(value: Any) -> dict[str, Any]:
    """``value`` if it is a table, else an empty one: for parts that only add detail."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """``value`` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def usable(value: Any) -> str:
    """``value`` if it can be a name or a version, else an empty text."""
    good = isinstance(value, str) and 0 < len(value) <= MAX_NAME and value.isprintable() and value == value.strip()
    return value if good else ""


# Names as CycloneDX spells them, and how many hexadecimal digits a digest of each has.
_ALGORITHMS = {"md5": ("MD5", 32), "sha1": ("SHA-1", 40), "sha256": ("SHA-256", 64), "sha384": ("SHA-384", 96)}
_ALGORITHMS["sha512"] = ("SHA-512", 128)
_ADDRESS = re.compile(r"(?:[a-z+]{1,20}://(?:[^/@\s]{1,200}@)?|[^/@\s]{1,200}@)([^\s?#]{1,400})")


def repository(address: Any) -> str:
    """The host and path of a repository's address, without credentials and ``.git``; empty for no such address."""
    match = _ADDRESS.fullmatch(address) if isinstance(address, str) else None
    return match.group(1).replace(":", "/").rstrip("/").removesuffix(".git") if match else ""


_HEX = re.compile(r"[0-9a-f]+")
MAX_HASHES = 100


def digest(algorithm: str, value: Any) -> tuple[Hash, ...]:
    """One hash from hexadecimal digits; nothing when they are not a digest of that algorithm."""
    name, digits = _ALGORITHMS.get(algorithm.lower().replace("-", ""), ("", 0))
    text = value.lower() if isinstance(value, str) else ""
    return (Hash(algorithm=name, value=text),) if name and len(text) == digits and _HEX.fullmatch(text) else ()


def prefixed(values: Any) -> tuple[Hash, ...]:
    """Hashes from texts such as ``sha256:0123...``, each once."""
    listed = values if isinstance(values, list | tuple) else [values]
    parts = (value.partition(":") for value in listed[:MAX_HASHES] if isinstance(value, str))
    return tuple(dict.fromkeys(one for name, _, digits in parts for one in digest(name, digits)))


def integrity(value: Any) -> tuple[Hash, ...]:
    """Hashes from a text of subresource integrity (W3C): ``sha512-`` and Base64, several with spaces between."""
    words = value.split()[:MAX_HASHES] if isinstance(value, str) and len(value) < 10_000 else []
    return tuple(dict.fromkeys(one for word in words for one in base64_digest(*word.split("?")[0].partition("-")[::2])))


def base64_digest(algorithm: str, text: Any) -> tuple[Hash, ...]:
    """One hash from Base64; nothing when it is not a digest of that algorithm."""
    try:
        return digest(algorithm, base64.b64decode(text, validate=True).hex())
    except (binascii.Error, ValueError, TypeError):
        return ()
