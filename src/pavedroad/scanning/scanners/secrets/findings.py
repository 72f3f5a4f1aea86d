"""From a judged candidate to an observation without the secret: masked value, keyed hash, masked line."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import hashlib
import hmac
import re
from collections.abc import Sequence

from pavedroad.core.finding import Evidence, Finding, Reference
from pavedroad.core.identity import Observation
from pavedroad.core.location import Location, Region, Snippet
from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.secrets import masking
from pavedroad.scanning.scanners.secrets.catalogue import TYPES
from pavedroad.scanning.scanners.secrets.kingfisher import severity_of
from pavedroad.scanning.scanners.secrets.model import Candidate

SCANNER_NAME = "secrets"
_KEY_NAME = re.compile(r"[\w.\-/\[\] ]{1,80}")
_SPACE = re.compile(rb"\\[nr]|\s")

Hidden = Sequence[tuple[int, int, bytes]]


def keyed_hash(key: bytes, candidate: Candidate) -> str:
    """HMAC-SHA256 of the secret, 64 hex digits. White space in private keys does not count: re-wrapping is no new key."""
    secret = _SPACE.sub(b"", candidate.secret) if family_of(candidate.type) == "private-key" else candidate.secret
    return hmac.new(key, secret, hashlib.sha256).hexdigest()


def family_of(kind: str) -> str:
    """The part of a type that enters the fingerprint: it must not change when a better rule names the same secret."""
    own = TYPES.get(kind)
    return own.family if own else "credential"


def title_of(kind: str) -> str:
    """What a person calls this type of secret."""
    own = TYPES.get(kind)
    return own.title if own else f"{kind.removeprefix('kingfisher.').replace('-', ' ')} (recognised by its form)"


def observation(
    candidate: Candidate,
    *,
    path: str,
    content: bytes,
    places: dict[int, tuple[int, int]],
    hidden: Hidden,
    confidence: Confidence,
    reason: str,
    key: bytes,
) -> Observation:
    """The finding and its anchor (family, keyed hash). ``hidden`` lists every candidate of the file, dropped ones too."""
    mark = keyed_hash(key, candidate)
    title = title_of(candidate.type)
    name = _safe_name(candidate.key, hidden)
    own = TYPES.get(candidate.type)
    finding = Finding(
        rule=f"{SCANNER_NAME}/{candidate.type}",
        kind=SCANNER_NAME,
        title=title,
        message=f"{title}{f' under the name {name}' if name else ''}: {confidence.value} confidence, because {reason}.",
        severity=own.severity if own else severity_of(candidate.type),
        confidence=confidence,
        location=_location(candidate, path, content, places, hidden, name),
        scanner=SCANNER_NAME,
        cwe=own.cwe if own else (798,),
        references=tuple(Reference(url=url) for url in own.links) if own else (),
        remediation=Remediation(text=advice(candidate.type)),
        evidence=(
            Evidence(name="secret type", value=title),
            Evidence(name="masked value", value=masking.masked(candidate.secret)),
            Evidence(name="keyed hash", value=mark[:16]),
            Evidence(name="witness", value=candidate.witness),
            Evidence(name="why this confidence", value=reason),
        ),
    )
    return Observation(anchor=(family_of(candidate.type), mark), finding=finding)


def advice(kind: str) -> str:
    """Rotate first: removing a secret from a file does not take it back."""
    own = TYPES.get(kind)
    rotate = own.rotate if own else "Revoke it at its provider and issue a new one, with the narrowest rights that do."
    keep = own.keep if own else "Keep it in a secret store and let the program read it at run time."
    return f"{rotate} Then remove it from the file; it stays in the history, so removal alone does not help. {keep}"


def _location(
    candidate: Candidate, path: str, content: bytes, places: dict[int, tuple[int, int]], hidden: Hidden, name: str
) -> Location:
    line, column = places[candidate.start]
    # The end of a short secret would tell its length, which the mask hides.
    if len(candidate.secret) >= masking.LONG:
        end_line, end_column = places[candidate.end]
    else:
        end_line, end_column = line, column + 1
    return Location(
        path=path,
        region=Region(start_line=line, start_column=column, end_line=end_line, end_column=end_column),
        snippet=Snippet(text=_shown(candidate, content, hidden), start_line=line),
        symbol=name or None,
    )


def _shown(candidate: Candidate, content: bytes, hidden: Hidden) -> str:
    """The masked line; only stars where the value has no place of its own that could be masked."""
    return masking.line_of(content, candidate.start, hidden) if candidate.end > candidate.start else masking.STARS


def _safe_name(name: str, hidden: Hidden) -> str:
    """The key's name if it is a plain name; a hostile file may put a secret there."""
    if not _KEY_NAME.fullmatch(name):
        return ""
    raw = name.encode()
    return "" if any(len(secret) >= masking.SHOWN and secret in raw for _, _, secret in hidden) else name


def severity_for(kind: str) -> Severity:
    """The severity of a type, ours or Kingfisher's."""
    own = TYPES.get(kind)
    return own.severity if own else severity_of(kind)
