"""What all readers share: values of hostile documents as text of bounded length, purls that hold, and counts of what is
not kept."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pavedroad.core.purl import MAX_LENGTH, PurlError
from pavedroad.core.purl import parse as parse_purl
from pavedroad.vex.errors import VexError
from pavedroad.vex.model import MAX_PRODUCTS, MAX_STATEMENTS, Left, Product, Statement

MAX_TEXT = 4096
MAX_NAME = 256
_EXAMPLES = 3
# A flaw's name at the end of an address, such as .../vuln/detail/CVE-2021-44228.
_IN_ADDRESS = re.compile(r"(?:[/=#]|^)([A-Za-z][A-Za-z0-9]{1,15}-[A-Za-z0-9:.\-]{3,80})/?$")


def text(value: Any, longest: int = MAX_TEXT) -> str:
    """``value`` as text that can be encoded, empty for anything but text."""
    if not isinstance(value, str):
        return ""
    short = value[:longest]
    return short if short.isascii() else short.encode("utf-8", "replace").decode()


def mapping(value: Any) -> dict[str, Any]:
    """``value`` when it is an object, an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def texts(value: Any) -> tuple[str, ...]:
    """The texts in a list, without empty ones; a single text counts as a list of one."""
    items = value if isinstance(value, list) else [value]
    return tuple(shown for item in items if (shown := text(item)))


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time in UTC (taken as UTC when it names no zone), None when it is none."""
    try:
        found = datetime.fromisoformat(text(value, 64))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stamp(at: datetime) -> str:
    """``2026-01-31T12:00:00Z``: UTC, whole seconds, as all formats ask for."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def revision(value: Any) -> str:
    """The version of a document, ``1`` where it has none."""
    return str(value)[:40] if isinstance(value, int) and not isinstance(value, bool) else text(value, 40) or "1"


def purl_of(value: Any) -> str:
    """The canonical purl, empty for anything else."""
    shown = text(value, MAX_LENGTH + 1)
    return _canonical(shown) if shown[:4].lower() == "pkg:" else ""


@lru_cache(maxsize=65536)
def _canonical(purl: str) -> str:
    """Cached, because a document names the same few products in most of its statements."""
    try:
        return str(parse_purl(purl))
    except PurlError:
        return ""


def flaw_of(value: Any) -> str:
    """The name of a flaw, also when it stands at the end of an address; empty for none."""
    shown = text(value, 1024).strip()
    found = _IN_ADDRESS.search(shown)
    if found:
        return found[1]
    return "" if "/" in shown or len(shown) > MAX_NAME else shown


class Tally:
    """Counts what is not kept, with a few examples each, in the order it was met first; and bounds what is."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, list[str]]] = {}
        self._statements = self._products = 0

    def add(self, what: str, example: str = "") -> None:
        """Count ``what`` once more."""
        before, examples = self._found.setdefault(what, (0, []))
        if example and len(examples) < _EXAMPLES and example not in examples:
            examples.append(example[:200])
        self._found[what] = (before + 1, examples)

    def keep(self, statement: Statement) -> Statement:
        """Count a statement that is kept. Raises VexError for too many."""
        self._statements += 1
        self._products += sum(1 + len(product.subcomponents) for product in statement.products)
        if self._statements > MAX_STATEMENTS or self._products > MAX_PRODUCTS:
            raise VexError(
                f"the document says more than {MAX_STATEMENTS} statements, or names more than {MAX_PRODUCTS} products",
                next_step="split it",
            )
        return statement

    def result(self) -> tuple[Left, ...]:
        return tuple(
            Left(what=what, count=count, examples=tuple(examples)) for what, (count, examples) in self._found.items()
        )


def merged(products: Iterator[Product]) -> tuple[Product, ...]:
    """Equal products as one with all their subcomponents, in the order of the document. A product named without
    subcomponents is meant whole."""
    found: dict[str, dict[str, None]] = {}
    whole: set[str] = set()
    for product in products:
        found.setdefault(product.purl, {}).update(dict.fromkeys(product.subcomponents))
        if not product.subcomponents:
            whole.add(product.purl)
    return tuple(
        Product(purl=purl, subcomponents=() if purl in whole else tuple(parts)) for purl, parts in found.items()
    )
