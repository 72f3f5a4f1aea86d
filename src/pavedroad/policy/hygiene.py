"""Findings about the exceptions themselves (kind ``waivers``), and the pages that explain them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from pavedroad.core.finding import Finding, RuleInfo
from pavedroad.core.identity import Observation, identify
from pavedroad.core.location import Location, Region
from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.core.waiver import Waiver
from pavedroad.policy.config import WaiverPolicy
from pavedroad.policy.globs import has_letters
from pavedroad.policy.ledger import Ledger, LedgerEntry
from pavedroad.policy.wording import count, plain

KIND = "waivers"


class _Rule(msgspec.Struct, frozen=True):
    """One hygiene rule: what it says, why it matters, what to do."""

    name: str
    title: str
    severity: Severity
    why: str
    remedy: str

    @property
    def id(self) -> str:
        return f"{KIND}/{self.name}"


_RULES = (
    _Rule(
        "expired",
        "A waiver has expired",
        Severity.MEDIUM,
        "The last day of this exception has passed. The findings it covered count again, so the risk is either still "
        "there and nobody has decided about it anew, or it is gone and the entry is only noise.",
        "Fix what it covers and remove the entry, or decide again: a new entry with a new reason and a new end date.",
    ),
    _Rule(
        "unowned",
        "An exception has no owner",
        Severity.LOW,
        "A suppression comment of another tool, or a ledger entry without owner, hides a finding without anyone who "
        "answers for it, and without an end. Comments never waive what would block, unless `waivers.inline: honour` "
        "is set in paved.yaml.",
        "Fix the finding and remove the comment, or move the exception into the ledger: "
        "`paved waive FINGERPRINT --owner ... --reason ... --ticket ... --days 30`.",
    ),
    _Rule(
        "over-broad",
        "A waiver covers nearly everything",
        Severity.HIGH,
        "Its rule or all of its places say nothing of their own (`*`, `**`), or it covers a group of rules in a whole "
        "asset. It would also hide findings that nobody has thought of yet, so it waives nothing, unless "
        "`waivers.over_broad: honour` is set in paved.yaml.",
        "Name the rule, and narrow it by path, component or asset; or waive single findings by fingerprint.",
    ),
    _Rule(
        "stale",
        "A waiver matches nothing",
        Severity.LOW,
        "The whole tree was looked at and nothing it covers was found. An unused exception is an open door: the flaw "
        "can come back and nobody will be told.",
        "Remove the entry. If the scanner it belongs to has changed its rule names, correct it.",
    ),
    _Rule(
        "invalid",
        "A waiver is not whole and waives nothing",
        Severity.MEDIUM,
        "Every entry needs id, scope, owner, reason, ticket, created and expires. An entry that cannot be understood "
        "is never guessed at: the findings it was meant for count.",
        "Correct the entry; `paved waive` writes whole ones.",
    ),
    _Rule(
        "expires-too-late",
        "A waiver would hold for longer than the policy allows",
        Severity.MEDIUM,
        "The policy bounds how long an exception may last (`waivers.max_days`, 365 unless set), so that every one is "
        "looked at again. Until it is corrected, it waives nothing.",
        "Choose an earlier end date.",
    ),
    _Rule(
        "expiring-soon",
        "A waiver ends soon",
        Severity.INFO,
        "Within `waivers.warn_days` days (14 unless set) this exception ends and the findings it covers count again.",
        "Fix what it covers in time, or decide again before it ends.",
    ),
)
_BY_NAME = {rule.name: rule for rule in _RULES}


def _info(rule: _Rule) -> RuleInfo:
    page = f"# {rule.title}\n\n{rule.why}\n\n## What to do\n\n{rule.remedy}\n"
    return RuleInfo(
        id=rule.id, kind=KIND, title=rule.title, severity=rule.severity, confidence=Confidence.HIGH, page=page
    )


# Every rule about exceptions, with its page.
RULES: tuple[RuleInfo, ...] = tuple(_info(rule) for rule in _RULES)


def over_broad(waiver: Waiver) -> str:
    """Why the waiver covers too much, in words; empty when it does not."""
    scope = waiver.scope
    if scope.fingerprint:
        return ""
    narrow = [pattern for pattern in (scope.path, scope.component) if has_letters(pattern)]
    if not has_letters(scope.rule):
        return "its rule is every rule"
    if not narrow and not has_letters(scope.asset):
        return "its patterns cover every place"
    if not narrow and any(char in scope.rule for char in "*?["):
        return "it covers a group of rules in a whole asset"
    return ""


def hygiene(
    ledger: Ledger,
    matches: Mapping[str, int],
    markers: Iterable[Finding],
    *,
    today: date,
    policy: WaiverPolicy,
    complete: bool,
) -> tuple[Finding, ...]:
    """The findings about the ledger and about ``markers``, the findings that carry a suppression comment.

    ``matches`` counts the findings that each waiver's scope covers, by id, also when it may not hold any more;
    ``complete`` says that the whole tree was looked at, so that matching nothing means something.
    """
    observations = [
        *(
            _observe(problem.rule.partition("/")[2], problem.anchor, problem.sentence, ledger.where, problem.line)
            for problem in ledger.problems
        ),
        *(
            _observe(name, entry.waiver.id, f"{entry.waiver.id}: {what}", ledger.where, entry.line)
            for entry in ledger.entries
            for name, what in _complaints(entry, matches.get(entry.waiver.id, 0), today, policy, complete)
        ),
        *_unowned(markers),
    ]
    return tuple(identify(observations))


def _complaints(
    entry: LedgerEntry, matched: int, today: date, policy: WaiverPolicy, complete: bool
) -> Iterator[tuple[str, str]]:
    waiver = entry.waiver
    owner = plain(waiver.owner, 80)
    covered = f"it covered {count(matched, 'finding')} that now count again" if matched else "it matches nothing here"
    if waiver.expires is None or waiver.expires < today:
        yield "expired", f"its last day was {waiver.expires}; {covered}; owner {owner}"
    elif waiver.created is None or not begun(waiver, today):
        yield "invalid", f"it says it was created on {waiver.created}, which is still to come; it holds from then on"
    else:
        days = (waiver.expires - today).days
        if days <= policy.warn_days:
            yield "expiring-soon", f"its last day is {waiver.expires}, in {count(days, 'day')}; owner {owner}"
        if complete and not matched:
            yield "stale", f"it matches nothing in the whole tree; owner {owner}"
    if why := over_broad(waiver):
        yield "over-broad", f"{why}; owner {owner}"


def begun(waiver: Waiver, today: date) -> bool:
    """Whether the waiver's first day has come somewhere on earth: we count days in UTC, people in their own zone."""
    return waiver.created is not None and (waiver.created - today).days <= 1


def _unowned(markers: Iterable[Finding]) -> Iterator[Observation]:
    """One finding per file and tool: a file with a hundred comments is one thing to clean up."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}
    for finding in markers:
        if finding.marker is None:
            continue
        key = (finding.location.path, finding.marker.tool)
        counts[key] += 1
        first[key] = min(first.get(key, finding.marker.line), finding.marker.line)
    for (path, tool), number in sorted(counts.items()):
        said = f"{count(number, 'finding carries', 'findings carry')} a suppression comment of {plain(tool, 40)}"
        yield _observe("unowned", tool, f"{said}, without owner, reason on record or end", path, first[path, tool])


def _observe(name: str, anchor: str, message: str, path: str, line: int) -> Observation:
    rule = _BY_NAME[name]
    finding = Finding(
        rule=rule.id,
        kind=KIND,
        title=rule.title,
        message=message,
        severity=rule.severity,
        confidence=Confidence.HIGH,
        location=Location(path=path, region=Region.of_line(line) if line else None),
        scanner=KIND,
        remediation=Remediation(text=rule.remedy),
    )
    return Observation(anchor=(rule.id, anchor), finding=finding)
