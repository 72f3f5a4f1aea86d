"""How policy words what it says: counts, places, and text of others made harmless and short."""

from collections.abc import Iterable

from pavedroad.core.location import Location


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 finding``, ``2 findings``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def plain(text: str, limit: int = 200) -> str:
    """``text`` in one line of at most ``limit`` characters; what a terminal would obey becomes ``\\xNN``."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    if short.isprintable():
        return short
    return "".join(
        char if char.isprintable() else " " if char in "\n\t" else char.encode("unicode_escape").decode("ascii")
        for char in short
    )


def listed(names: Iterable[str], limit: int = 5) -> str:
    """``a, b and 3 more``, sorted, each once."""
    unique = sorted(set(names))
    shown = [plain(name, 80) for name in unique[:limit]]
    more = len(unique) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def place(location: Location) -> str:
    """``path:line``."""
    line = f":{location.region.start_line}" if location.region else ""
    return plain(location.path, 160) + line
