"""Identity: which flaw a finding is, independent of where it stands today.

A fingerprint is made of what the flaw *is* (an anchor chosen by the scanner: for a secret its type and keyed hash, for
a dependency the package and the advisory, for code the normalised text), plus an ordinal that keeps equal flaws in one
file apart. Path, line, commit, tag, version and message text stay out (truth 2 of the house), so line shifts,
reformatting, renames and reworded messages change nothing. Where two files hold the same flaw they share a
fingerprint and differ in location; comparisons therefore count, and prefer the same path
(see :mod:`pavedroad.gate.diff`).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from pavedroad.core.finding import Finding
from pavedroad.core.noun import Noun

FINGERPRINT_PREFIX = "pr1"
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([^\w\s])\s*")


class Observation(Noun, frozen=True, kw_only=True):
    """What a scanner yields: a finding without fingerprint, and the anchor that identifies it."""

    anchor: tuple[str, ...]
    finding: Finding


def fingerprint(kind: str, anchor: Sequence[str], ordinal: int = 0) -> str:
    """``pr1-`` and 32 hex digits. Parts are length-prefixed, so ``("ab", "c")`` and ``("a", "bc")`` differ."""
    digest = hashlib.sha256()
    for part in (kind, *anchor, str(ordinal)):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return f"{FINGERPRINT_PREFIX}-{digest.hexdigest()[:32]}"


def normalise_code(text: str) -> str:
    """Code text without the white space that formatters move: equal before and after re-indentation or re-wrapping."""
    return _SPACE.sub(" ", _TIGHT.sub(r"\1", text)).strip()


def _place(observation: Observation) -> tuple[str, int, int, str]:
    location = observation.finding.location
    region = location.region
    component = observation.finding.component
    line, column = (region.start_line, region.start_column) if region else (0, 0)
    return (location.path, line, column, component.version if component else "")


def identify(observations: Iterable[Observation]) -> list[Finding]:
    """The findings with fingerprints, ordered by place. Equal anchors in one file get ordinals 0, 1, ... in order of
    place."""
    seen: Counter[tuple[str, str, tuple[str, ...], str]] = Counter()
    findings = []
    for observation in sorted(observations, key=_place):
        finding = observation.finding
        commit = finding.location.commit or ""
        key = (finding.location.path, finding.kind, observation.anchor, commit)
        mark = fingerprint(finding.kind, observation.anchor, seen[key])
        seen[key] += 1
        findings.append(msgspec.structs.replace(finding, fingerprint=mark))
    return findings
