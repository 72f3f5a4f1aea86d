"""What parsers share: opening the document, and taking values of the type they should have."""

from typing import Any

from pavedroad.infra.documents import read_json, read_toml
from pavedroad.infra.errors import DocumentError
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import MAX_NAME

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
