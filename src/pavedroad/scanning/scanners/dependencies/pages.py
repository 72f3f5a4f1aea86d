"""The pages that ``paved explain`` shows: two rules that always exist, and one page per advisory made from its
record."""

from collections.abc import Sequence

from pavedroad.advisories import Database, Flaw
from pavedroad.advisories.flaws import rank
from pavedroad.advisories.model import Advisory, Header
from pavedroad.advisories.severity import rate
from pavedroad.core.finding import Reference, RuleInfo
from pavedroad.core.severity import Confidence, Severity

KIND = "dependencies"
VULNERABLE = "dependencies/vulnerable-component"
MALICIOUS = "dependencies/malicious-component"
MAX_REFERENCES = 12

_VULNERABLE_PAGE = """\
# A component with a known flaw

The project locks a version of a package that an advisory lists as affected. Each finding carries the advisory's own
name as its rule, for example `dependencies/CVE-2024-0001`, so a waiver or a gate rule can name one advisory.

**Why it matters.** Known flaws are searched for by machines within days of their publication.

**How to fix.** Move to the fixed version that the finding names. For a package that another one brings in, raise the
package at the start of the dependency path, or pin the fixed version. If the flaw cannot be reached in your product,
write a waiver with owner, reason and end date.
"""

_MALICIOUS_PAGE = """\
# A malicious package

The project locks a version of a package that was published to attack whoever installs it.

**Why it matters.** Its code may have run already: on every laptop and build machine that installed it.

**How to fix.**

1. Remove the package now, with every lock file entry that brings it in. A newer version of such a package is no fix.
2. Treat every machine that installed it as compromised: isolate it, keep its logs, and build it anew.
3. Rotate every secret that those machines could read: tokens, keys, passwords, cloud and registry credentials.

The severity is `malicious`, which is above `critical`: a gate rule with `severity: critical` acts on it too.
"""


def static_rules() -> tuple[RuleInfo, ...]:
    """The rules that exist without a database."""
    return (
        RuleInfo(
            id=MALICIOUS,
            kind=KIND,
            title="Malicious package",
            severity=Severity.MALICIOUS,
            confidence=Confidence.HIGH,
            page=_MALICIOUS_PAGE,
            cwe=(506,),
        ),
        RuleInfo(
            id=VULNERABLE,
            kind=KIND,
            title="Component with a known flaw",
            severity=Severity.UNKNOWN,
            confidence=Confidence.HIGH,
            page=_VULNERABLE_PAGE,
            cwe=(1395,),
        ),
    )


def rule_of(flaw: Flaw) -> str:
    """The rule id of findings about ``flaw``."""
    return MALICIOUS if flaw.malicious else f"dependencies/{flaw.id}"


def references(headers: Sequence[Header]) -> tuple[Reference, ...]:
    """The references of all records, each address once, those of the first record in front."""
    unique = {reference.url: reference for header in headers for reference in header.references}
    return tuple(unique.values())[:MAX_REFERENCES]


def rule_from_database(database: Database, rule: str) -> RuleInfo | None:
    """The page of an advisory, by any of its names; None when the database does not know it."""
    name = rule.removeprefix("dependencies/")
    headers = sorted(database.named(name), key=lambda header: rank(header.id))
    if not headers:
        return None
    rated = [rate(Advisory(source="", ecosystem="", package="", header=header)) for header in headers]
    return RuleInfo(
        id=f"dependencies/{name}",
        kind=KIND,
        title=title(headers),
        severity=max(rating.severity for rating in rated),
        confidence=Confidence.HIGH,
        page=_page(name, headers),
        cwe=tuple(sorted({cwe for header in headers for cwe in header.cwe})),
        references=references(headers),
    )


def title(headers: Sequence[Header]) -> str:
    """The first summary, else the first line of the first details, else a plain phrase."""
    for header in headers:
        text = header.summary or header.details.partition("\n")[0].strip("# ")
        if text:
            return text if len(text) <= 160 else f"{text[:159]}…"
    return "Known flaw"


def _page(name: str, headers: Sequence[Header]) -> str:
    parts = [f"# {name}: {title(headers)}"]
    for header in headers:
        facts = [f"Also known as: {', '.join(header.aliases)}"] if header.aliases else []
        facts += [f"{word}: {day:%Y-%m-%d}" for word, day in _dates(header)]
        parts.append(f"## {header.id}\n\n" + "\n".join(f"- {fact}" for fact in facts))
        parts.append(header.details or header.summary or "The record has no description.")
    return "\n\n".join(parts) + "\n"


def _dates(header: Header) -> list[tuple[str, object]]:
    dates = (("Published", header.published), ("Modified", header.modified), ("Withdrawn", header.withdrawn))
    return [(word, day) for word, day in dates if day is not None]
