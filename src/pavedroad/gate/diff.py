"""Which findings are new: a pure comparison of two sets, by fingerprint and count, preferring the same path.

Fingerprints carry no path, so the same flaw in two files has one fingerprint twice. The comparison therefore counts:
each finding of the base explains at most one finding of the head, first in the same file (renames mapped), then
anywhere, which is a move. A copy is one more than the base had, and so it is new.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pavedroad.core.finding import Finding
from pavedroad.core.run import Change


def compare(head: Sequence[Finding], base: Sequence[Finding], renames: Mapping[str, str]) -> list[Change]:
    """One Change per head finding, in order. ``renames`` maps old paths to new ones."""
    left: Counter[tuple[str, str]] = Counter()
    for finding in base:
        path = finding.location.path
        left[finding.fingerprint, renames.get(path, path)] += 1
    changes: list[Change | None] = [None] * len(head)
    for index, finding in enumerate(head):
        key = (finding.fingerprint, finding.location.path)
        if left[key] > 0:
            left[key] -= 1
            changes[index] = Change.OLD
    moved: defaultdict[str, int] = defaultdict(int)
    for (mark, _), count in left.items():
        moved[mark] += count
    for index, finding in enumerate(head):
        if changes[index] is None:
            is_move = moved[finding.fingerprint] > 0
            moved[finding.fingerprint] -= is_move
            changes[index] = Change.OLD if is_move else Change.NEW
    return [change for change in changes if change is not None]
