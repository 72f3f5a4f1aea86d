"""The run: everything one `paved check` saw and decided, as saved and as sent to the server."""

import enum
from datetime import datetime

from pavedroad.core.asset import AssetRef
from pavedroad.core.component import Component
from pavedroad.core.coverage import Coverage
from pavedroad.core.finding import Finding, RuleInfo
from pavedroad.core.noun import Noun
from pavedroad.core.priority import Priority
from pavedroad.core.reachability import Reach
from pavedroad.core.verdict import Decision, Mode, Verdict
from pavedroad.core.vex import VexNote
from pavedroad.core.waiver import Waiver, WaiverMatch

RUN_SCHEMA_VERSION = "1"


class Change(enum.Enum):
    """Against the base of the comparison. ``unknown``: there was no base to compare with."""

    NEW = "new"
    OLD = "old"
    UNKNOWN = "unknown"


class Judged(Noun, frozen=True, kw_only=True):
    """A finding and what this run says about it. ``mode`` is what the gate does with it; None: no gate rule matched.

    ``first_seen`` is when a run of this working copy first reported it, None when that is unknown. ``vex`` is the
    statement of a VEX document that counts for it. ``reach`` says whether the project's code uses the component, None
    where nobody looked.
    """

    finding: Finding
    change: Change = Change.UNKNOWN
    mode: Mode | None = None
    first_seen: datetime | None = None
    waived: WaiverMatch | None = None
    priority: Priority | None = None
    vex: VexNote | None = None
    reach: Reach | None = None


class Revision(Noun, frozen=True, kw_only=True):
    """What was looked at. ``base`` is the commit compared with. ``dirty``: the tree differs from ``commit``."""

    commit: str = ""
    branch: str = ""
    base: str = ""
    dirty: bool | None = None
    shallow: bool = False


class Run(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """One run. ``findings`` are sorted by what to do first. ``scope`` is ``tree``, ``changes``, ``staged`` or
    ``history``.

    ``older`` counts known findings that the diff leaves out of the gate; None when nothing was compared.
    """

    schema: str = RUN_SCHEMA_VERSION
    id: str
    tool_version: str
    started: datetime
    finished: datetime
    subject: AssetRef
    scope: str
    revision: Revision = Revision()
    findings: tuple[Judged, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    components: tuple[Component, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    rules: tuple[RuleInfo, ...] = ()
    older: int | None = None
    verdict: Verdict
    decision: Decision | None = None
    notes: tuple[str, ...] = ()
