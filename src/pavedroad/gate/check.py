"""The main job, in one page: open the project, walk once, choose what to compare with, scan, judge, decide, record."""

import uuid
from datetime import date, datetime

import msgspec

from pavedroad import __version__
from pavedroad.core.clock import Clock, SystemClock
from pavedroad.core.coverage import Coverage
from pavedroad.core.errors import UsageError
from pavedroad.core.run import Run
from pavedroad.core.verdict import Decision
from pavedroad.gate import base, record
from pavedroad.gate.crew import Crew, state_folder
from pavedroad.gate.imports import look_at_imports
from pavedroad.gate.judge import Judgement, judge
from pavedroad.gate.plan import Plan, make_plan
from pavedroad.gate.project import Project, open_project, settings_for
from pavedroad.gate.reach import Imports
from pavedroad.gate.request import CheckRequest, NoProgress, Progress, check_options, is_subject
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
    if is_subject(request) and (wrong := check_options(request)):
        raise UsageError(wrong, next_step="see 'paved check --help'")
    project = open_project(request, ci)
    plan = _plan(request, project, started.date())
    if is_subject(request):
        seen = _look_at_subject(request, project, plan, progress or NoProgress(), clock)
    else:
        seen = _look_at_tree(request, project, plan, ci, progress or NoProgress(), clock)
    coverage = (seen.own, *(each.coverage for each in seen.looked), *plan.left_out)
    judgement = judge(
        request, seen.project, seen.comparison, seen.found, seen.looked, coverage, started.date(), seen.imports
    )
    run = _run(seen, judgement, started, clock, ci)
    return _record(request, seen, run, judgement, clock.now())


class _Seen(msgspec.Struct):
    """What was looked at, whatever it was: the account of reading it (``own``), and what each scanner says."""

    project: Project
    found: WalkResult
    comparison: base.Comparison
    looked: list[Looked]
    own: Coverage
    notes: tuple[str, ...]
    imports: Imports | None = None


def _look_at_tree(
    request: CheckRequest, project: Project, plan: Plan, ci: ci_door.CiContext, progress: Progress, clock: Clock
) -> _Seen:
    chosen = base.choose(request, project, ci)
    with Crew(request, project, plan, progress) as crew:
        crew.start_early(chosen)
        found = walk_project(project)
        comparison = base.gather(chosen, request, project, found)
        looked = crew.verify(crew.scan(comparison.sources, found), comparison.sources, clock)
        imports = look_at_imports(crew, looked, project, found)
    return _Seen(project, found, comparison, looked, coverage_of(found), tuple(crew.notes), imports)


def _look_at_subject(request: CheckRequest, project: Project, plan: Plan, progress: Progress, clock: Clock) -> _Seen:
    """The settings and waivers are those of the project around ``request.path``; the asset is the image."""
    # Images and bills bring tar, HTTP and XML with them, which a look at a tree need not wait for.
    from pavedroad.gate.image import open_subject
    from pavedroad.gate.layers import attributed
    from pavedroad.gate.spool import Spool

    found = WalkResult((), (), (), truncated=False)
    with Spool() as spool, Crew(request, project, plan, progress) as crew:
        opened = open_subject(request, project, plan, spool)
        looked = crew.verify(crew.scan(opened.sources, found), opened.sources, clock)
    looked = [attributed(each, opened.layers, opened.parts) for each in looked]
    about = msgspec.structs.replace(project, asset=opened.asset, only="")
    return _Seen(about, found, base.Comparison(opened.sources), looked, opened.coverage, (*opened.notes, *crew.notes))


def _plan(request: CheckRequest, project: Project, today: date) -> Plan:
    config = project.config
    network = request.network or config.network
    settings = {name: settings_for(name, project, network=network, today=today) for name in scanners()}
    only = request.only or tuple(config.scan.only)
    skip = request.skip or (() if request.only else tuple(config.scan.skip))
    return make_plan(scanners(), only=only, skip=skip, network=network, settings=settings)


def _run(seen: _Seen, judgement: Judgement, started: datetime, clock: Clock, ci: ci_door.CiContext) -> Run:
    finished = clock.now()
    project, comparison = seen.project, seen.comparison
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
        components=tuple(component for each in seen.looked for component in each.components),
        waivers=judgement.waivers,
        rules=describe(judgement.judged),
        older=judgement.older,
        verdict=judgement.verdict,
        decision=decision,
        notes=(*project.notes, *comparison.notes, *seen.notes, *judgement.notes),
    )


def _record(request: CheckRequest, seen: _Seen, run: Run, judgement: Judgement, at: datetime) -> Run:
    if not request.cache or seen.found.state_tracked:
        return run
    try:
        record.remember(state_folder(seen.project), run, (judged.finding for judged in judgement.judged), at)
    except FileError as error:
        return msgspec.structs.replace(run, notes=(*run.notes, str(error)))
    return run
