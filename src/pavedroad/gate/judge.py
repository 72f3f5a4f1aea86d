"""From observations to a verdict: identify, compare, waive, decide. No scanning and no writing here."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from pavedroad.core.coverage import Coverage, CoverageStatus
from pavedroad.core.errors import PavedError, UsageError
from pavedroad.core.finding import Finding
from pavedroad.core.identity import identify
from pavedroad.core.run import Change, Judged
from pavedroad.core.severity import Confidence
from pavedroad.core.verdict import Mode, Verdict
from pavedroad.core.waiver import Waiver
from pavedroad.gate.base import Comparison, existing_paths
from pavedroad.gate.diff import compare
from pavedroad.gate.licences import licence_observations
from pavedroad.gate.project import STATE_FOLDER, Project
from pavedroad.gate.reach import Imports, with_reach
from pavedroad.gate.record import read_seen
from pavedroad.gate.request import CheckRequest
from pavedroad.gate.scan import Looked
from pavedroad.gate.sources import Side
from pavedroad.gate.urgency import rank
from pavedroad.gate.vex import heed
from pavedroad.infra.files import read_file
from pavedroad.infra.walk import WalkResult
from pavedroad.policy import Ledger, apply_waivers, decide, load_ledger
from pavedroad.reports import load_run

LEDGER = f"{STATE_FOLDER}/waivers.yaml"
_MAX_LEDGER_BYTES = 4 << 20
_MAX_BASELINE_BYTES = 512 << 20
_MODE_ORDER = {Mode.BLOCK: 0, Mode.WARN: 1, Mode.OBSERVE: 2, None: 3}


class Judgement(msgspec.Struct, frozen=True):
    """The findings with all that this run says about them, what to do first first, and the verdict."""

    judged: tuple[Judged, ...]
    verdict: Verdict
    waivers: tuple[Waiver, ...] = ()
    older: int | None = None
    notes: tuple[str, ...] = ()
    coverage: tuple[Coverage, ...] = ()


def judge(
    request: CheckRequest,
    project: Project,
    comparison: Comparison,
    found: WalkResult,
    looked: Sequence[Looked],
    coverage: Sequence[Coverage],
    today: date,
    imports: Imports | None = None,
) -> Judgement:
    """Judge everything seen. ``imports`` is what the code imports, None where nobody looked. Raises UsageError
    for a broken ledger, baseline file or VEX document."""
    looked = [*looked, _licences(looked, project)]
    head = _with_asset(_deduplicated(_identify(looked, Side.HEAD)), project)
    changes, older, compared = _changes(request, comparison, head, looked)
    seen = read_seen(project.root / STATE_FOLDER / "cache")
    judged = [
        Judged(finding=f, change=c, first_seen=seen[f.fingerprint].first if f.fingerprint in seen else None)
        for f, c in zip(head, changes, strict=True)
    ]
    ledger = _ledger(project)
    waived = apply_waivers(
        judged,
        ledger,
        today=today,
        policy=project.config.waivers,
        asset=project.asset,
        renames=comparison.sources.renames,
        existing_paths=existing_paths(found),
        complete=_looked_at_everything(comparison, project, coverage),
    )
    hygiene = [Judged(finding=finding) for finding in _with_asset(waived.findings, project)]
    ranked = rank([*waived.judged, *hygiene], project, today)
    reached = _with_reach(ranked.judged, imports, looked)
    heeded = heed(reached, request, project)
    coverage = (*coverage, *ranked.coverage)
    verdict, decided = decide(
        heeded.judged,
        coverage,
        project.config,
        branch=project.revision.branch,
        today=today,
        compared=compared,
        ledger=ledger.digest + ranked.digest + heeded.digest,
    )
    first = sorted(decided, key=_first_things_first)
    notes = (*ranked.notes, *heeded.notes)
    return Judgement(tuple(first), verdict, waived.waivers, older, notes, tuple(coverage))


def _with_reach(judged: Sequence[Judged], imports: Imports | None, looked: Sequence[Looked]) -> Sequence[Judged]:
    if imports is None:
        return judged
    return with_reach(judged, imports, [component for each in looked for component in each.components])


def _licences(looked: Sequence[Looked], project: Project) -> Looked:
    """What the licence policy says of the components that scanners have listed."""
    policy = project.config.licenses
    return Looked(
        Coverage(scanner="licenses", kind="licenses", status=CoverageStatus.COMPLETE),
        {
            Side.HEAD: licence_observations((c for each in looked for c in each.components), policy),
            Side.BASE: licence_observations((c for each in looked for c in each.old_components), policy),
            Side.KNOWN: [],
        },
    )


def _looked_at_everything(comparison: Comparison, project: Project, coverage: Sequence[Coverage]) -> bool:
    """Whether what was not found is not there. A scanner that was left out or failed may own what is missing."""
    whole = (CoverageStatus.COMPLETE, CoverageStatus.NOT_APPLICABLE)
    everywhere = comparison.sources.scope in ("tree", "history") and not project.only
    return everywhere and all(each.status in whole for each in coverage)


def _identify(looked: Sequence[Looked], side: Side) -> list[Finding]:
    return identify(observation for each in looked for observation in each.observations[side])


def _with_asset(findings: Sequence[Finding], project: Project) -> list[Finding]:
    return [f if f.asset else msgspec.structs.replace(f, asset=project.asset) for f in findings]


def _deduplicated(findings: list[Finding]) -> list[Finding]:
    """A flaw that history shows in many commits is one finding: of the tree if it is still there, else of its oldest
    commit.

    History arrives newest first, and identify() keeps the order of equal places, so the last one seen is the oldest.
    """
    current = {(f.fingerprint, f.location.path) for f in findings if not f.location.commit}
    past: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = (finding.fingerprint, finding.location.path)
        if finding.location.commit and key not in current:
            past[key] = finding
    return [f for f in findings if not f.location.commit] + list(past.values())


def _changes(
    request: CheckRequest, comparison: Comparison, head: list[Finding], looked: Sequence[Looked]
) -> tuple[list[Change], int | None, bool]:
    """What is new, how many older findings there are (None: nothing was compared), and whether anything was
    compared."""
    if request.baseline is not None:
        changes = compare(head, _baseline(request.baseline), {})
        return changes, changes.count(Change.OLD), True
    if not comparison.sources.compared:
        return [Change.UNKNOWN] * len(head), None, False
    changes = compare(head, _identify(looked, Side.BASE), comparison.sources.renames)
    known = len(_identify(looked, Side.KNOWN))
    return changes, changes.count(Change.OLD) + known, True


def _baseline(path: Path) -> list[Finding]:
    try:
        content = read_file(path, _MAX_BASELINE_BYTES, special=True)
        if content is not None:
            return [judged.finding for judged in load_run(content).findings]
    except PavedError as error:
        raise UsageError(
            f"the baseline cannot be used: {error.what}",
            where=str(path),
            next_step=error.next_step or "save one with: paved check --format json -o FILE",
        ) from error
    raise UsageError(
        "there is no such baseline file",
        where=str(path),
        next_step=f"make one: paved check --format json -o {path}",
    )


def _ledger(project: Project) -> Ledger:
    path = project.root / LEDGER
    if os.path.islink(path) or os.path.islink(path.parent):  # noqa: PTH114 - pathlib raises where we may not search
        raise UsageError("the waiver ledger is a symbolic link", where=LEDGER, next_step="make it a plain file")
    return load_ledger(read_file(path, _MAX_LEDGER_BYTES) or b"", where=LEDGER, policy=project.config.waivers)


def _first_things_first(judged: Judged) -> tuple[object, ...]:
    finding = judged.finding
    region = finding.location.region
    return (
        judged.waived is not None,
        judged.change is Change.OLD,
        _MODE_ORDER[judged.mode],
        judged.priority.rank if judged.priority else 1 << 30,
        judged.priority.due or date.max if judged.priority else date.max,
        finding.confidence is Confidence.LOW,
        -judged.priority.order if judged.priority else 0.0,
        -finding.severity.rank,
        -finding.confidence.rank,
        finding.location.path,
        region.start_line if region else 0,
        finding.rule,
        finding.fingerprint,
    )
