"""Tables of checksums and codes whose keys sound like secrets: told by their sameness. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from pavedroad.scanning.scanners.secrets.judgement import Judgement
from pavedroad.scanning.scanners.secrets.model import Candidate

_MANY = (
    12  # nobody keeps one secret under a dozen names of one file, or two dozen checksums of one length that are keys
)
_ROWS = 24
_GUESS = "assigned-secret"
_HEX = frozenset(b"0123456789abcdefABCDEF")
DROPPED = Judgement(confidence=None, reason="it is a row of a table of checksums or codes")


def same_names(candidates: Sequence[Candidate]) -> frozenset[bytes]:
    """Values that stand under a dozen names, and those of a long table of hexadecimal values of one length."""
    guesses = [c for c in candidates if c.type == _GUESS]
    if len(guesses) < _MANY:
        return frozenset()
    names: defaultdict[bytes, set[str]] = defaultdict(set)
    for c in guesses:
        names[c.secret].add(c.key)
    shared = {value for value, keys in names.items() if len(keys) >= _MANY}
    digests = {value for value in names if len(value) >= 32 and _HEX.issuperset(value)}
    lengths = Counter(map(len, digests))
    return frozenset(shared | {value for value in digests if lengths[len(value)] >= _ROWS})
