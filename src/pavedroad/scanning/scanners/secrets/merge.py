"""One secret at one place is one candidate, however many witnesses saw it. Pure."""

from collections.abc import Iterable

import msgspec

from pavedroad.scanning.scanners.secrets.kingfisher import GUESSES
from pavedroad.scanning.scanners.secrets.model import Candidate

_BROAD = frozenset(
    {"url-password", "framework-config", "server-config", "infrastructure-config", "sql-password", "connection-string"}
)


def specificity(candidate: Candidate) -> int:
    """Higher says more about what it opens: an exact token form, then a file format, a broad place, a guess."""
    if candidate.type.startswith("kingfisher."):
        return 3 if candidate.type != "kingfisher.jwt" else 1
    if candidate.type in GUESSES:
        return 0
    return 1 if candidate.type in _BROAD else 2


def merge(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates ordered by place, overlapping ones joined: the most specific stays, all witnesses are named."""
    groups: list[list[Candidate]] = []
    reach = -1
    for candidate in sorted(candidates, key=lambda c: (c.start, -c.end)):
        if groups and candidate.start < reach:
            groups[-1].append(candidate)
        else:
            groups.append([candidate])
        reach = max(reach, candidate.end)
    return [_best(group) for group in groups]


def _best(group: list[Candidate]) -> Candidate:
    if len(group) == 1:
        return group[0]
    # Among equals the tighter one: it is the value without its surroundings; the rest only makes the choice repeatable.
    best = max(group, key=lambda c: (specificity(c), c.confidence, c.start - c.end, c.type, c.witness))
    names = ", ".join(sorted({c.witness for c in group}))
    key = best.key or next((c.key for c in group if c.key), "")
    return msgspec.structs.replace(best, witness=names, confidence=max(c.confidence for c in group), key=key)
