"""The main job, in one page: open the project, walk once, choose what to compare with, scan, judge, decide, record."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from pavedroad import __version__
from pavedroad.core.clock import Clock, SystemClock
from pavedroad.core.run import Run
from pavedroad.core.verdict import Decision
from pavedroad.gate import base, record
from pavedroad.gate.crew import Crew, state_folder
from pavedroad.gate.judge import Judgement, judge
from pavedroad.gate.plan import Plan, make_plan
from pavedroad.gate.project import Project, open_project, settings_for
from pavedroad.gate.request import CheckRequest, NoProgress, Progress
from pavedroad.gate.rules import describe
from pavedroad.gate.scan import Looked
from pavedroad.gate.tree import coverage_of, walk_project
from pavedroad.infra import ci as ci_door
from pavedroad.infra.errors import FileError
from pavedroad.infra.walk import WalkResult
from pavedroad.scanning.registry import scanners


def check(request: CheckRequest, *, clock: Clock | None = None, progress: Progress | None = None) -> Run:
    """Look, compare, waive, decide. Raises UsageError for a wrong request or configuration; everything else that goes
    wrong is coverage, and makes the verdict ``incomplete``.
    """
    clock = clock or SystemClock()
    started = clock.now()
    ci = ci_door.detect()
    project = open_project(request, ci)
    plan = _plan(request, project)
    chosen = base.choose(request, project, ci)
    with Crew(request, project, plan, progress or NoProgress()) as crew:
        crew.start_early(chosen)
        found = walk_project(project)
        comparison = base.gather(chosen, request, project, found)
        looked = crew.verify(crew.scan(comparison.sources, found), comparison.sources, clock)
    coverage = (coverage_of(found), *(each.coverage for each in looked), *plan.left_out)
    judgement = judge(request, project, comparison, found, looked, coverage, started.date())
    notes = (*crew.notes, *judgement.notes)
    run = _run(project, comparison, judgement, looked, started, clock, ci, notes)
    return _record(request, project, found, run, judgement, clock.now())


def _plan(request: CheckRequest, project: Project) -> Plan:
    config = project.config
    network = request.network or config.network
    settings = {name: settings_for(name, project, network=network) for name in scanners()}
    only = request.only or tuple(config.scan.only)
    skip = request.skip or (() if request.only else tuple(config.scan.skip))
    return make_plan(scanners(), only=only, skip=skip, network=network, settings=settings)


def _run(
    project: Project,
    comparison: base.Comparison,
    judgement: Judgement,
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
        coverage=judgement.coverage,
        components=tuple(component for each in looked for component in each.components),
        waivers=judgement.waivers,
        rules=describe(judgement.judged),
        older=judgement.older,
        verdict=judgement.verdict,
        decision=decision,
        notes=(*project.notes, *comparison.notes, *notes),
    )


def _record(
    request: CheckRequest, project: Project, found: WalkResult, run: Run, judgement: Judgement, at: datetime
) -> Run:
    if not request.cache or found.state_tracked:
        return run
    try:
        record.remember(state_folder(project), run, (judged.finding for judged in judgement.judged), at)
    except FileError as error:
        return msgspec.structs.replace(run, notes=(*run.notes, str(error)))
    return run
