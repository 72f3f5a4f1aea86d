"""What all readers share: values of hostile documents as text of bounded length, and counts of what is not kept."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pavedroad.core.component import Hash
from pavedroad.core.licences import canonical
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.model import MAX_PARTS, Left

MAX_TEXT = 8192
_EXAMPLES = 3

# Other spellings of the names of hash algorithms: SPDX 2 (SHA256), SPDX 3 (sha256, sha3_256, blake2b256).
_ALGORITHMS = {
    name.lower().replace("-", "").replace("_", ""): name
    for name in (
        "MD2", "MD4", "MD5", "MD6", "ADLER32", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA3-224",
        "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3",
    )
}  # fmt: skip


def text(value: Any, longest: int = MAX_TEXT) -> str:
    """``value`` as text that can be encoded, empty for anything but text and numbers."""
    if isinstance(value, str):
        short = value[:longest]
        return short if short.isascii() else short.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) and _small(value) else ""


def _small(value: float) -> bool:
    return -1e18 < value < 1e18


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


def digest(algorithm: Any, value: Any) -> Hash | None:
    """A hash with its algorithm as CycloneDX spells it, None when there is no value."""
    name, content = text(algorithm, 40), text(value, 512).lower()
    if not name or not content:
        return None
    plain = name.lower().replace("-", "").replace("_", "")
    return Hash(algorithm=_ALGORITHMS.get(plain, name), value=content)


def licence(value: Any) -> str:
    """A licence in SPDX's spelling when it is an expression, as it stands otherwise."""
    stated = text(value).strip()
    return canonical(stated) or stated


class Tally:
    """Counts what is not kept, with a few examples each, in the order it was met first."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, bool], tuple[int, list[str]]] = {}

    def add(self, what: str, example: str = "", *, count: int = 1, harmless: bool = True) -> None:
        """Count ``what`` once more (or ``count`` times; nothing for 0)."""
        if count < 1:
            return
        before, examples = self._found.setdefault((what, harmless), (0, []))
        if example and len(examples) < _EXAMPLES and example not in examples:
            examples.append(example[:200])
        self._found[what, harmless] = (before + count, examples)

    def result(self) -> tuple[Left, ...]:
        return tuple(
            Left(what=what, count=count, examples=tuple(examples), harmless=harmless)
            for (what, harmless), (count, examples) in self._found.items()
        )


class Refs:
    """Hands out refs that are unique in a bill, and remembers which original name leads where."""

    def __init__(self, tally: Tally) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}
        self._tally = tally

    def take(self, wanted: str, fallback: str) -> str:
        """``wanted``, or ``fallback`` without one, numbered when it is taken. Raises SbomError for too many."""
        if len(self._taken) >= MAX_PARTS:
            raise SbomError(f"the bill has more than {MAX_PARTS} components", next_step="split it")
        base = wanted or fallback or "component"
        if wanted and wanted in self._taken:
            self._tally.add("a reference that two components share; what points to it means the first", wanted)
        ref = base
        while ref in self._taken:
            self._next[base] = self._next.get(base, 1) + 1
            ref = f"{base}#{self._next[base]}"
        self._taken.add(ref)
        return ref

    def __contains__(self, ref: object) -> bool:
        return ref in self._taken
