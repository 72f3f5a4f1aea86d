"""The finding: one thing that is wrong, in one place, with what a person needs to act on it."""

from pavedroad.core.asset import AssetRef
from pavedroad.core.component import Component
from pavedroad.core.location import Location
from pavedroad.core.noun import Noun
from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity


class Reference(Noun, frozen=True, kw_only=True):
    """A page to read."""

    url: str
    title: str = ""


class Evidence(Noun, frozen=True, kw_only=True):
    """One named fact behind a finding, already free of secrets: ``masked value``, ``affected range``, ``key name``
    ..."""

    name: str
    value: str


class FlowStep(Noun, frozen=True, kw_only=True):
    """One step of a data flow, source first."""

    location: Location
    message: str


class InlineMarker(Noun, frozen=True, kw_only=True):
    """A suppression comment of some tool next to the finding: ``# nosec``, ``gitleaks:allow`` ... It waives nothing
    by itself
    beyond what policy allows: it has no owner and no end date."""

    tool: str
    text: str
    line: int
    reason: str = ""


class Finding(Noun, frozen=True, kw_only=True):
    """One flaw in one place.

    ``rule`` is ``<scanner>/<id>``. ``message`` is one sentence about this occurrence. ``fingerprint`` is made by
    :mod:`pavedroad.core.identity` and says *which flaw*, not *where*: see the ADR on identity. ``score`` is a CVSS base
    score when one is known, ``vectors`` the CVSS vectors of its sources. ``aliases`` are other names of the same flaw
    (CVE, GHSA, GO ...); ``upstream`` names flaws that this one passes on, as a distribution's notice does, and may be
    several. ``scanner`` is the witness.
    """

    rule: str
    kind: str
    title: str
    message: str
    severity: Severity
    confidence: Confidence
    location: Location
    scanner: str
    fingerprint: str = ""
    asset: AssetRef | None = None
    component: Component | None = None
    score: float | None = None
    vectors: tuple[str, ...] = ()
    cwe: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    remediation: Remediation | None = None
    evidence: tuple[Evidence, ...] = ()
    flow: tuple[FlowStep, ...] = ()
    marker: InlineMarker | None = None

    @property
    def fixable(self) -> bool:
        """Whether a fix is known: edits to apply, or a version to move to."""
        remedy = self.remediation
        return remedy is not None and (remedy.fix is not None or bool(remedy.fixed_versions))


class RuleInfo(Noun, frozen=True, kw_only=True):
    """What a scanner says about one of its rules; ``page`` is the Markdown that a user reads in ``paved explain``."""

    id: str
    kind: str
    title: str
    severity: Severity
    confidence: Confidence
    page: str
    cwe: tuple[int, ...] = ()
    references: tuple[Reference, ...] = ()
