"""Data private to the secrets scanner: what a detector yields, and what a secret type is."""

from collections.abc import Iterable
from typing import Protocol

from pavedroad.core.noun import Noun
from pavedroad.core.severity import Confidence, Severity


class Candidate(Noun, frozen=True, kw_only=True):
    """Something that may be a secret, before judgement.

    ``start`` and ``end`` are byte offsets into the normalised content (UTF-8, no byte order mark); the stretch between
    them is masked wherever it is shown. ``secret`` is the value itself (for encoded places: decoded). ``type`` is a
    secret type of the catalogue or ``kingfisher.<id>``. ``key`` is the name it is kept under. ``placed`` says that a
    format, not a guess, makes this place one that holds secrets. ``commented``: it stands in a line of comment. ``why``
    explains the confidence in one sentence.
    """

    start: int
    end: int
    secret: bytes
    type: str
    confidence: Confidence
    witness: str
    why: str
    key: str = ""
    placed: bool = True
    quoted: bool = False
    embedded: bool = False
    commented: bool = False

    def __repr__(self) -> str:
        """Never the value: this text may end up in a crash report."""
        return f"Candidate(type={self.type!r}, start={self.start})"

    __str__ = __repr__


class Detector(Protocol):
    """A plug-in: ``detectors/<name>.py`` defines ``DETECTOR``.

    ``text`` is the normalised content decoded as Latin-1, so that an index into it is a byte offset. A detector
    tolerates broken input, and bounds its own work: linear in the length of the text.
    """

    name: str

    def selects(self, path: str) -> bool:
        """Whether a file of this path (forward slashes) is in the detector's format."""
        ...

    def detect(self, path: str, text: str) -> Iterable[Candidate]: ...


class SecretType(Noun, frozen=True, kw_only=True):
    """One kind of secret that we name ourselves. ``family`` enters the fingerprint: it stays when types are refined."""

    id: str
    title: str
    what: str
    severity: Severity = Severity.HIGH
    cwe: tuple[int, ...] = (798,)
    family: str = "credential"
    rotate: str = "Issue a new value where it is checked, and switch the old one off there."
    keep: str = "Keep it in a secret store and let the program read it at run time."
    links: tuple[str, ...] = ()
