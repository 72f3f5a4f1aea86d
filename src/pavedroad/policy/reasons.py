"""Words the reasons that findings give: how many, the worst, what was assumed, and how to appeal."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pavedroad.core.finding import Finding
from pavedroad.core.run import Change, Judged
from pavedroad.core.severity import Severity
from pavedroad.core.verdict import Mode, Outcome, Reason
from pavedroad.policy.config import Gate, GateRule
from pavedroad.policy.matching import Judge, Ruling
from pavedroad.policy.wording import count, listed, place, plain

# Reasons are shown on one screen and sent to a server; the run itself holds every finding.
MAX_LISTED = 20
_SHORT = 16

_VERBS = {Mode.BLOCK: "block", Mode.WARN: "warn", Mode.OBSERVE: "only counted"}

Ruled = tuple[Judged, Ruling]


def reasons_of(ruled: Sequence[Ruled], judge: Judge, gate: Gate) -> list[Reason]:
    """One reason per rule and mode, one for what is waived, one per rule that could not be judged; same whatever the
    order of the findings."""
    groups: defaultdict[tuple[int, int], list[Ruled]] = defaultdict(list)
    modes = list(Mode)
    for judged, ruling in ruled:
        if judged.waived is None and ruling.rule is not None and ruling.mode is not None:
            groups[ruling.rule, modes.index(ruling.mode)].append((judged, ruling))
    reasons = [
        _of_rule(judge.rules[index], modes[mode], sorted(group, key=lambda each: _worst_first(each[0], judge)), gate)
        for (index, mode), group in sorted(groups.items(), key=lambda item: item[0])
    ]
    return [*reasons, *_unsure(ruled, judge), *_waived(ruled)]


def _worst_first(judged: Judged, judge: Judge) -> tuple[object, ...]:
    finding = judged.finding
    region = finding.location.region
    return (
        -judge.severity(finding).rank,
        -finding.confidence.rank,
        finding.location.path,
        region.start_line if region else 0,
        finding.rule,
        finding.fingerprint,
        # Equal so far, yet worded differently: an assumed severity, another kind.
        finding.kind,
        finding.severity.rank,
    )


def _of_rule(rule: GateRule, mode: Mode, group: Sequence[Ruled], gate: Gate) -> Reason:
    findings = [judged.finding for judged, _ in group]
    new = "new " if all(judged.change is Change.NEW for judged, _ in group) else ""
    are = "is" if len(findings) == 1 else "are"
    verb = f"{are} {_VERBS[mode]}" if mode is Mode.OBSERVE else f"{_VERBS[mode]}{'s' if len(findings) == 1 else ''}"
    parts = [f"{count(len(findings), new + 'finding')} ({listed(f.kind for f in findings)}) {verb}"]
    if rule.because:
        parts[0] += f", because {plain(rule.because, 300).rstrip('.')}"
    worst = findings[0]
    parts.append(f"{'the worst' if len(findings) > 1 else 'it'} is {_named(worst)} in {place(worst.location)}")
    parts += _assumptions(rule, findings, group, gate)
    return Reason(
        gate_rule=rule.id,
        mode=mode,
        outcome=Outcome.FAIL if mode is Mode.BLOCK else Outcome.PASS,
        sentence="; ".join(parts),
        appeal="" if mode is Mode.OBSERVE else _appeal(worst),
        findings=_marks(findings),
    )


def _named(finding: Finding) -> str:
    return f"{plain(finding.rule, 100)} ({finding.severity.value} severity, {finding.confidence.value} confidence)"


def _assumptions(rule: GateRule, findings: Sequence[Finding], group: Sequence[Ruled], gate: Gate) -> Iterator[str]:
    unknown = sum(finding.severity is Severity.UNKNOWN for finding in findings)
    if unknown and rule.severity is not None:
        noun = "is of unknown severity and counts" if unknown == 1 else "are of unknown severity and count"
        yield f"{unknown} of them {noun} as {gate.unknown_severity.value} (gate.unknown_severity)"
    capped = {judged.finding.kind for judged, ruling in group if ruling.capped}
    if capped:
        yield f"the rule says {rule.mode.value}, and the mode for {listed(capped)} on this branch weakens it"


def _appeal(finding: Finding) -> str:
    if finding.kind == "waivers":
        return f"correct .paved/waivers.yaml or the marker; 'paved explain {plain(finding.rule, 80)}' says how"
    # Long enough to be unique in any run, short enough to type; explain and waive take the start of a fingerprint.
    mark = finding.fingerprint[:_SHORT]
    return (
        f"'paved explain {mark}' shows it and how to fix it; for an exception: "
        f"paved waive {mark} --owner WHO --reason WHY --ticket ID --days 30"
    )


def _marks(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The fingerprints of the worst, each once."""
    return tuple(dict.fromkeys(finding.fingerprint for finding in findings if finding.fingerprint))[:MAX_LISTED]


def _unsure(ruled: Sequence[Ruled], judge: Judge) -> Iterator[Reason]:
    for index, rule in enumerate(judge.rules):
        findings = sorted(
            (judged for judged, ruling in ruled if index in ruling.unsure and judged.waived is None),
            key=lambda judged: _worst_first(judged, judge),
        )
        if findings:
            yield Reason(
                gate_rule=rule.id,
                mode=Mode.WARN,
                outcome=Outcome.PASS,
                sentence=_why_unsure(rule, findings),
                appeal="keep .paved/cache between runs, so that first sightings are remembered"
                if rule.older_than
                else "judge them where tiers are given: 'paved check' gives every flaw one",
                findings=_marks([judged.finding for judged in findings]),
            )


def _why_unsure(rule: GateRule, findings: Sequence[Judged]) -> str:
    many = count(len(findings), "finding")
    if rule.older_than and any(judged.first_seen is None for judged in findings):
        asked = f"findings older than {rule.older_than}, and for {many} nobody knows when it was first seen"
    else:
        asked = f"tiers or deadlines, and {many} {'has' if len(findings) == 1 else 'have'} none"
    return f"the rule asks for {asked}; it was not applied to them"


def _waived(ruled: Sequence[Ruled]) -> Iterator[Reason]:
    waived = [judged for judged, _ in ruled if judged.waived is not None]
    if waived:
        yield Reason(
            gate_rule="waivers",
            mode=Mode.OBSERVE,
            outcome=Outcome.PASS,
            sentence=f"{count(len(waived), 'finding is', 'findings are')} waived, by "
            + listed(judged.waived.waiver for judged in waived if judged.waived),
            findings=tuple(sorted({judged.finding.fingerprint for judged in waived}))[:MAX_LISTED],
        )
