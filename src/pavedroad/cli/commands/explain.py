"""``paved explain``: the page behind a finding or a rule, with the match, the fix and the history."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pavedroad.core.run import Judged
    from pavedroad.gate.explain import Explanation

_MOST = 20


@click.command(name="explain")
@click.argument("name", metavar="FINGERPRINT|RULE")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
def COMMAND(name: str, path: Path) -> None:  # noqa: N802 - the plug-in's attribute
    """Show what a finding or a rule is: why it matters, where it matches, how to fix it.

    FINGERPRINT may be shortened. Findings are looked up in the last run of the project at PATH.
    """
    from pavedroad.gate.explain import explain
    from pavedroad.reports.text import line as harmless

    for line in _lines(explain(name, path)):
        click.echo(harmless(line))


def _lines(told: "Explanation") -> Iterator[str]:
    if told.rule:
        yield f"{told.rule.id}: {told.rule.title}"
        yield f"severity {told.rule.severity.value}, confidence {told.rule.confidence.value}, kind {told.rule.kind}"
        if told.rule.cwe:
            yield f"weakness: {', '.join(f'CWE-{number}' for number in told.rule.cwe)}"
        yield ""
        yield from told.rule.page.splitlines()
        yield ""
    for each in told.findings[:_MOST]:
        yield from _finding(each)
    if len(told.findings) > _MOST:
        yield f"... and {len(told.findings) - _MOST} more in the last run"
    if told.sighting:
        yield f"first seen {told.sighting.first:%Y-%m-%d}, last seen {told.sighting.last:%Y-%m-%d} in this working copy"


def _finding(each: "Judged") -> Iterator[str]:
    finding = each.finding
    place = finding.location
    line = f":{place.region.start_line}" if place.region else ""
    commit = f" in commit {place.commit[:12]}" if place.commit else ""
    yield f"{place.path}{line}{commit}  {finding.fingerprint}"
    yield f"  {finding.message}"
    if place.snippet:
        yield from (f"  | {text}" for text in place.snippet.text.splitlines())
    for number, step in enumerate(finding.flow, 1):
        where = step.location.region.start_line if step.location.region else 0
        yield f"  {number}. {step.location.path}:{where} {step.message}"
    for evidence in finding.evidence:
        yield f"  {evidence.name}: {evidence.value}"
    if finding.remediation:
        yield f"  fix: {finding.remediation.text}"
        yield from (f"    - {text}" for text in finding.remediation.before.splitlines())
        yield from (f"    + {text}" for text in finding.remediation.after.splitlines())
    yield f"  {_standing(each)}"
    yield ""


def _standing(each: "Judged") -> str:
    if each.waived:
        return f"waived: {each.waived.sentence}"
    mode = {"block": "blocks the gate", "warn": "is a warning", "observe": "is only counted"}
    return f"{each.change.value}; {mode[each.mode.value] if each.mode else 'no gate rule matches it'}"
