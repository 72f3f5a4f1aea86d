"""The list of changes of the OSV bulk layout: ``<ecosystem>/modified_id.csv``, lines of ``<time>,<id>``, newest first
(google.github.io/osv.dev/data). Pure.
"""

import re
from collections.abc import Iterable

from pavedroad.advisories.delivery import safe_id
from pavedroad.advisories.errors import SourceError
from pavedroad.core.noun import Noun

FILE = "modified_id.csv"
MAX_BYTES = 256 << 20
MAX_SINGLES = 500
"""More changed records than this are cheaper to get as the whole archive."""

_LINE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20})(Z|\+00:00),(?:[^,/\s][^,/]*/)?([^,/\s]+)")


class Plan(Noun, frozen=True, kw_only=True):
    """What to do about a list: get ``changed``, forget ``gone``, remember ``cursor``. ``whole``: get the archive."""

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    cursor: str = ""
    whole: bool = False


def _time(text: str) -> str:
    """A time that can be compared as text: the fraction padded to nanoseconds."""
    seconds, _, fraction = text.partition(".")
    return f"{seconds}.{fraction:<09}" if len(fraction) < 9 else f"{seconds}.{fraction[:9]}"


def parse(content: bytes) -> dict[str, str]:
    """Id to the time of its last change. Raises SourceError for anything that is no such list."""
    found: dict[str, str] = {}
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise SourceError("the list of changes is not ASCII") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or not safe_id(match.group(3)):
            raise SourceError(f"line {number} of the list of changes is not '<time>,<id>'")
        name, time = match.group(3), _time(match.group(1))
        found[name] = max(time, found.get(name, ""))
    return found


def newest(listed: dict[str, str]) -> str:
    """The cursor of a list: its newest time, empty for an empty list."""
    return max(listed.values(), default="")


def plan(listed: dict[str, str], known: Iterable[str], cursor: str) -> Plan:
    """What to get, given the ids that are known and the cursor of the last update.

    Records of exactly the cursor's time are asked for again: the list may have been read in the middle of that second.
    The whole archive is wanted without a cursor, for many changes, and when a tenth of what is known is missing in the
    list, which looks like a list that was cut off.
    """
    ids, latest = set(known), newest(listed)
    changed = tuple(sorted(name for name, time in listed.items() if time >= cursor or name not in ids))
    gone = tuple(sorted(ids - listed.keys()))
    if (
        not cursor
        or latest < cursor
        or len(changed) > MAX_SINGLES
        or len(gone) > max(MAX_SINGLES // 10, len(ids) // 10)
    ):
        return Plan(whole=True, cursor=latest)
    return Plan(changed=changed, gone=gone, cursor=latest)
