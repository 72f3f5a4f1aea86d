"""The main job, in one page: open the project, walk once, choose what to compare with, scan, judge, decide, record."""

import os
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import msgspec

from pavedroad import __version__
from pavedroad.core.clock import Clock, SystemClock
from pavedroad.core.coverage import Coverage, CoverageStatus, LimitHit, ScanError
from pavedroad.core.run import Run
from pavedroad.core.verdict import Decision
from pavedroad.gate import base, record
from pavedroad.gate.judge import Judgement, judge
from pavedroad.gate.plan import Plan, make_plan
from pavedroad.gate.project import STATE_FOLDER, Project, open_project, settings_for
from pavedroad.gate.request import CheckRequest, NoProgress, Progress
from pavedroad.gate.rules import describe
from pavedroad.gate.scan import Bench, Looked, scan
from pavedroad.gate.sources import Sources
from pavedroad.infra import ci as ci_door
from pavedroad.infra import paths
from pavedroad.infra.cache import ResultCache, open_cache
from pavedroad.infra.errors import CacheError, FileError
from pavedroad.infra.walk import WalkLimits, WalkResult, walk
from pavedroad.scanning.model import ScanSettings
from pavedroad.scanning.pool import Pool
from pavedroad.scanning.registry import module_of, scanners


def check(request: CheckRequest, *, clock: Clock | None = None, progress: Progress | None = None) -> Run:
    """Look, compare, waive, decide. Raises UsageError for a wrong request or configuration; everything else that goes
    wrong is coverage, and makes the verdict ``incomplete``.
    """
    clock = clock or SystemClock()
    started = clock.now()
    ci = ci_door.detect()
    project = open_project(request, ci)
    limits = project.config.scan.limits
    found = walk(
        project.root,
        WalkLimits(file_size=limits.file_size_bytes, files=limits.files),
        repository=project.repository,
        only=project.only,
        ignore=tuple(project.config.scan.ignore),
    )
    comparison = base.choose(request, project, found, ci)
    plan = _plan(request, project)
    looked, notes = _scan_all(request, project, plan, comparison.sources, found, progress or NoProgress())
    coverage = (_of_walk(found), *(each.coverage for each in looked), *plan.left_out)
    judgement = judge(request, project, comparison, found, looked, coverage, started.date())
    run = _run(project, comparison, judgement, coverage, looked, started, clock, ci, (*notes, *judgement.notes))
    return _record(request, project, run, judgement, clock.now())


def _plan(request: CheckRequest, project: Project) -> Plan:
    config = project.config
    network = request.network or config.network
    settings = {name: settings_for(name, project, network=network) for name in scanners()}
    only = request.only or tuple(config.scan.only)
    skip = request.skip or (() if request.only else tuple(config.scan.skip))
    return make_plan(scanners(), only=only, skip=skip, network=network, settings=settings)


def _scan_all(
    request: CheckRequest,
    project: Project,
    plan: Plan,
    sources: Sources,
    found: WalkResult,
    progress: Progress,
) -> tuple[list[Looked], list[str]]:
    """All planned scanners side by side. On interruption every scanner process is ended, and the cache keeps what is
    done."""
    notes: list[str] = []
    cache = _open_cache(request, project, notes)
    pools: list[Pool] = []
    known = _known_digests(cache, found, notes)
    digests = dict(known)
    benches = [
        _bench(project, planned.settings, cache, digests, pools, progress, compared=sources.compared)
        for planned in plan.planned
    ]
    try:
        with ThreadPoolExecutor(max_workers=max(1, len(benches)), thread_name_prefix="scanner") as threads:
            futures = [
                threads.submit(scan, module_of(p.scanner.name), p.scanner, p.preparation, sources.sources, bench)
                for p, bench in zip(plan.planned, benches, strict=True)
            ]
            try:
                looked = [future.result() for future in futures]
            except BaseException:
                for pool in pools:
                    pool.close()
                raise
    finally:
        _close_cache(cache, {raw: d for raw, d in digests.items() if known.get(raw) != d}, found, notes)
    return looked, notes


def _bench(
    project: Project,
    settings: ScanSettings,
    cache: ResultCache | None,
    digests: dict[bytes, bytes],
    pools: list[Pool],
    progress: Progress,
    *,
    compared: bool,
) -> Bench:
    limits = project.config.scan.limits
    return Bench(
        root=project.root,
        max_bytes=limits.file_size_bytes,
        settings=settings,
        cache=cache,
        repository=project.repository,
        progress=progress,
        workers=max(1, min(4, os.cpu_count() or 1)),
        seconds=float(limits.seconds),
        max_findings=limits.findings,
        digests=digests,
        pools=pools,
        compared=compared,
    )


def _open_cache(request: CheckRequest, project: Project, notes: list[str]) -> ResultCache | None:
    if not request.cache:
        return None
    if project.repository and project.repository.tracks(f"{STATE_FOLDER}/cache"):
        notes.append("the cache is not used: .paved/cache is tracked by git, so a change could bring its own answers")
        return None
    try:
        return open_cache(_state(project), paths.user_cache())
    except CacheError as error:
        notes.append(str(error))
        return None


def _state(project: Project) -> Path:
    return project.root / STATE_FOLDER / "cache"


def _known_digests(cache: ResultCache | None, found: WalkResult, notes: list[str]) -> dict[bytes, bytes]:
    if cache is None:
        return {}
    try:
        return cache.digests(found.entries)
    except CacheError as error:
        notes.append(str(error))
        return {}


def _close_cache(cache: ResultCache | None, digests: dict[bytes, bytes], found: WalkResult, notes: list[str]) -> None:
    if cache is None:
        return
    try:
        if digests:
            cache.remember_digests(digests, found.entries)
        cache.prune()
    except CacheError as error:
        notes.append(str(error))
    finally:
        cache.close()


def _of_walk(found: WalkResult) -> Coverage:
    """The walk's own account: what no scanner was even shown."""
    errors = tuple(
        ScanError(
            message=skip.reason,
            where=", ".join(skip.examples),
            next_step="make it readable, or list it in .pavedignore",
        )
        for skip in found.skipped
        if not skip.harmless and not skip.reason.startswith("text,")
    )
    limits = tuple(
        LimitHit(limit="scan.limits.file_size", value="a text file is larger", where=path)
        for path in found.oversize[:20]
    )
    if found.truncated:
        limits += (
            LimitHit(limit="scan.limits.files", value=f"only the first {len(found.entries)} files were looked at"),
        )
    partial = bool(errors or limits)
    return Coverage(
        scanner="walk",
        kind="tree",
        status=CoverageStatus.PARTIAL if partial else CoverageStatus.COMPLETE,
        files=len(found.entries),
        bytes=sum(entry.size for entry in found.entries),
        skipped=found.skipped,
        errors=errors,
        limits=limits,
    )


def _run(
    project: Project,
    comparison: base.Comparison,
    judgement: Judgement,
    coverage: Sequence[Coverage],
    looked: Sequence[Looked],
    started: datetime,
    clock: Clock,
    ci: ci_door.CiContext,
    notes: tuple[str, ...],
) -> Run:
    finished = clock.now()
    decision = Decision(
        control_point="commit" if comparison.sources.scope == "staged" else ci.control_point,
        subject=project.asset,
        actor=ci.actor,
        at=finished,
        outcome=judgement.verdict.outcome,
        policy_digest=judgement.verdict.policy_digest,
        reasons=judgement.verdict.reasons,
    )
    return Run(
        id=str(uuid.uuid4()),
        tool_version=__version__,
        started=started,
        finished=finished,
        subject=project.asset,
        scope=comparison.sources.scope,
        revision=msgspec.structs.replace(project.revision, base=comparison.base),
        findings=judgement.judged,
        coverage=tuple(coverage),
        components=tuple(component for each in looked for component in each.components),
        waivers=judgement.waivers,
        rules=describe(judgement.judged),
        older=judgement.older,
        verdict=judgement.verdict,
        decision=decision,
        notes=(*project.notes, *comparison.notes, *notes),
    )


def _record(request: CheckRequest, project: Project, run: Run, judgement: Judgement, at: datetime) -> Run:
    if not request.cache or any("tracked by git" in note for note in run.notes):
        return run
    try:
        record.remember(_state(project), run, (judged.finding for judged in judgement.judged), at)
    except FileError as error:
        return msgspec.structs.replace(run, notes=(*run.notes, str(error)))
    return run
