"""Answers "what is this?" for a fingerprint or a rule, from the last run and the scanners' own pages."""

import difflib
from pathlib import Path

import msgspec

from pavedroad.core.errors import UsageError
from pavedroad.core.finding import RuleInfo
from pavedroad.core.run import Judged, Run
from pavedroad.gate.project import STATE_FOLDER, open_project, settings_for
from pavedroad.gate.record import LAST_RUN, Sighting, read_seen
from pavedroad.gate.request import CheckRequest
from pavedroad.infra.ci import CiContext
from pavedroad.infra.files import read_file
from pavedroad.infra.git import find_root
from pavedroad.policy import RULES
from pavedroad.reports import load_run
from pavedroad.scanning.model import NamesRules
from pavedroad.scanning.registry import scanners

_MAX_RUN_BYTES = 512 << 20
_MIN_PREFIX = 6


class Explanation(msgspec.Struct, frozen=True):
    """A rule's page (None when no scanner knows it), and the findings that were meant, with when they were seen."""

    rule: RuleInfo | None
    findings: tuple[Judged, ...] = ()
    sighting: Sighting | None = None
    run: Run | None = None


def explain(name: str, path: Path) -> Explanation:
    """What ``name`` is: a fingerprint or an unambiguous start of one, or a rule. Raises UsageError when it is
    neither."""
    root = find_root(path.absolute()) or path.absolute()
    state = root / STATE_FOLDER / "cache"
    run = last_run(state)
    if name.startswith("pr1-"):
        return _of_finding(name, run, state)
    rules = {rule.id: rule for rule in all_rules(run)}
    if name not in rules and (page := _page_on_demand(name, path)):
        rules[name] = page
    if name not in rules:
        close = difflib.get_close_matches(name, rules, 3)
        hint = f"did you mean {' or '.join(close)}?" if close else "docs/reference/rules.md lists every rule"
        raise UsageError(f"there is no rule '{name}'", next_step=hint)
    found = tuple(each for each in run.findings if each.finding.rule == name) if run else ()
    return Explanation(rules[name], found, run=run)


def last_run(state: Path) -> Run | None:
    """The run that ``paved check`` left in the cache folder, None when there is none."""
    content = read_file(state / LAST_RUN, _MAX_RUN_BYTES)
    return load_run(content) if content else None


def all_rules(run: Run | None) -> tuple[RuleInfo, ...]:
    """The rules of every scanner and of policy; those a run brought along (one per advisory) come first."""
    brought = run.rules if run else ()
    own = tuple(rule for scanner in scanners().values() for rule in scanner.rules())
    return (*brought, *RULES, *own)


def _page_on_demand(name: str, path: Path) -> RuleInfo | None:
    """The page of a rule that is too many to list: one per advisory, looked up by any of its names."""
    project = open_project(CheckRequest(path=path), CiContext())
    for scanner_name, scanner in scanners().items():
        if name.startswith(f"{scanner.kind}/") and isinstance(scanner, NamesRules):
            page = scanner.rule(name, settings_for(scanner_name, project, network=False))
            if page:
                return page
    return None


def _of_finding(name: str, run: Run | None, state: Path) -> Explanation:
    if run is None:
        raise UsageError(
            "no run of this project is saved, so fingerprints cannot be looked up",
            where=str(state),
            next_step="run 'paved check' here first (without --no-cache)",
        )
    found = tuple(each for each in run.findings if each.finding.fingerprint.startswith(name))
    marks = {each.finding.fingerprint for each in found}
    if len(name) < _MIN_PREFIX or len(marks) > 1:
        raise UsageError(f"'{name}' is the start of {len(marks)} fingerprints", next_step="give more of it")
    if not found:
        raise UsageError(
            f"the last run has no finding '{name}'",
            where=str(state / LAST_RUN),
            next_step="run 'paved check' again, and copy the fingerprint from its report",
        )
    rule_id = found[0].finding.rule
    rule = next((rule for rule in reversed(all_rules(run)) if rule.id == rule_id), None)
    return Explanation(rule, found, read_seen(state).get(found[0].finding.fingerprint), run)
