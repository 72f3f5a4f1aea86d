"""Gives findings their priority: what the world knows about each flaw, the facts of the asset, the project's table.

The room ``priority`` is loaded only where there is something to rank.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import msgspec

from pavedroad.core.coverage import Coverage, CoverageStatus, DataSource, ScanError
from pavedroad.core.errors import PavedError
from pavedroad.core.finding import Finding
from pavedroad.core.priority import NOT_FLAWS, Signals
from pavedroad.core.run import Judged
from pavedroad.gate.project import Project
from pavedroad.infra import paths
from pavedroad.policy.defaults import effective_rules


class Ranked(msgspec.Struct, frozen=True):
    """Findings with their priorities. ``digest`` is that of the table where a rule of the gate asks for tiers or
    deadlines; ``coverage`` says which data was asked, so that its age can be judged."""

    judged: tuple[Judged, ...]
    digest: str = ""
    coverage: tuple[Coverage, ...] = ()
    notes: tuple[str, ...] = ()


def rank(judged: Sequence[Judged], project: Project, today: date) -> Ranked:
    """Raises TableError for a table that cannot decide, or a tier that it does not have."""
    config = project.config
    asking = [rule for rule in effective_rules(config.gate) if rule.asks_priority]
    if not asking and all(each.finding.kind in NOT_FLAWS for each in judged):
        return Ranked(tuple(judged))
    from pavedroad.priority import check_tiers, load_for, rank_run

    table = load_for(project.root, config.priority.table, config.priority.path)
    check_tiers(table, [tier for rule in asking for tier in rule.tiers])
    digest = table.digest if asking else ""
    with ExitStack() as stack:
        signals_for, coverage, notes = _signals(stack, judged)
        ranked = rank_run(judged, signals_for, config.asset.facts, table, today)
    return Ranked(tuple(ranked), digest, coverage, notes)


def _coverage(data: tuple[DataSource, ...] = (), broken: PavedError | None = None) -> tuple[Coverage, ...]:
    """Damaged data is no "not known to be exploited": it makes the run incomplete."""
    if broken is None:
        return (Coverage(scanner="signals", kind="exploitation", status=CoverageStatus.COMPLETE, data=data),)
    told = ScanError(message=broken.what, where=broken.where, next_step=broken.next_step)
    return (Coverage(scanner="signals", kind="exploitation", status=CoverageStatus.FAILED, errors=(told,)),)


def _signals(
    stack: ExitStack, judged: Sequence[Judged]
) -> tuple[Callable[[Finding], Signals | None], tuple[Coverage, ...], tuple[str, ...]]:
    """A look-up in the local signals. Only findings with other names can be known to the world by one of them."""
    if not any(_names(each.finding) for each in judged):
        return _unknown, (), ()
    from pavedroad.advisories import AdvisoryError
    from pavedroad.advisories.exploitation import FILE_NAME, SignalStore

    path = Path(paths.user_data()) / FILE_NAME
    if not path.is_file():
        note = (
            "no KEV and EPSS data: 'paved advisories update --kev URL --epss URL' brings them; priorities assume none"
        )
        return _unknown, (), (note,)
    try:
        store = stack.enter_context(SignalStore.open(path))
        known = {names: store.signals(names) for names in {_names(each.finding) for each in judged} if names}
        return (lambda finding: known.get(_names(finding))), _coverage(store.facts()), ()
    except AdvisoryError as error:
        return _unknown, _coverage(broken=error), ()


def _names(finding: Finding) -> tuple[str, ...]:
    return (*finding.aliases, *finding.upstream)


def _unknown(finding: Finding) -> None:
    """Nothing is known."""
