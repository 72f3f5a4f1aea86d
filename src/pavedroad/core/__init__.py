"""The nouns of Pavedroad: frozen data, no I/O, no knowledge of any wire format.

Every room speaks in these words. ``core`` imports nothing of ours; it never reads a file, a clock or an
environment variable, and it knows neither SARIF nor CycloneDX: codecs for those live in ``reports``.
"""

from pavedroad.core.asset import AssetFacts, AssetKind, AssetRef
from pavedroad.core.clock import Clock, FixedClock, SystemClock
from pavedroad.core.component import Component, Hash
from pavedroad.core.coverage import (
    Coverage,
    CoverageStatus,
    DataSource,
    Isolation,
    LimitHit,
    ScanError,
    Skipped,
)
from pavedroad.core.errors import PavedError, UsageError
from pavedroad.core.finding import (
    Evidence,
    Finding,
    FlowStep,
    InlineMarker,
    Reference,
    RuleInfo,
)
from pavedroad.core.location import Location, Region, Snippet
from pavedroad.core.priority import Priority, Signals
from pavedroad.core.reachability import Reach, Reachability
from pavedroad.core.remediation import Edit, Fix, FixSafety, Remediation
from pavedroad.core.run import RUN_SCHEMA_VERSION, Change, Judged, Revision, Run
from pavedroad.core.severity import Confidence, Severity
from pavedroad.core.verdict import Decision, Mode, Outcome, Reason, Verdict
from pavedroad.core.vex import Justification, VexNote, VexStatus
from pavedroad.core.waiver import Waiver, WaiverMatch, WaiverScope

__all__ = [
    "RUN_SCHEMA_VERSION",
    "AssetFacts",
    "AssetKind",
    "AssetRef",
    "Change",
    "Clock",
    "Component",
    "Confidence",
    "Coverage",
    "CoverageStatus",
    "DataSource",
    "Decision",
    "Edit",
    "Evidence",
    "Finding",
    "Fix",
    "FixSafety",
    "FixedClock",
    "FlowStep",
    "Hash",
    "InlineMarker",
    "Isolation",
    "Judged",
    "Justification",
    "LimitHit",
    "Location",
    "Mode",
    "Outcome",
    "PavedError",
    "Priority",
    "Reach",
    "Reachability",
    "Reason",
    "Reference",
    "Region",
    "Remediation",
    "Revision",
    "RuleInfo",
    "Run",
    "ScanError",
    "Severity",
    "Signals",
    "Skipped",
    "Snippet",
    "SystemClock",
    "UsageError",
    "Verdict",
    "VexNote",
    "VexStatus",
    "Waiver",
    "WaiverMatch",
    "WaiverScope",
]
