"""Findings, signals and facts for the tests of priority, each with one thing chosen and the rest plain."""

from datetime import date
from typing import Any

from pavedroad.core import AssetFacts, Component, Judged, Location, Priority, Remediation, Signals
from pavedroad.priority import DEFAULT, load, prioritise
from tests.support.policy_samples import finding, judged

TODAY = date(2026, 11, 24)

# The vector of a flaw that gives everything to anyone on the network, and of one that gives little to few.
WORST = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
MILD = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"

KEYS = ("kev", "exposed", "automatable", "total")


def flaw(number: int = 1, **changes: Any) -> Any:
    """A finding about a package with a CVE."""
    return finding(
        f"CVE-2026-{number:04}", **({"kind": "dependencies", "aliases": (f"CVE-2026-{number:04}",)} | changes)
    )


def signals(**changes: Any) -> Signals:
    """Everything known, nothing alarming."""
    plain: dict[str, Any] = {
        "cve": "CVE-2026-0001",
        "known_exploited": False,
        "exploitation": "none",
        "automatable": False,
        "total_impact": False,
        "epss": 0.001,
    }
    return Signals(**(plain | changes))


def priority(
    about: Any = None,
    known: Signals | None = None,
    facts: AssetFacts | None = None,
    *,
    table: str = DEFAULT,
    seen: date | None = TODAY,
    **more: Any,
) -> Priority:
    """The priority of a finding today."""
    return prioritise(
        about or flaw(), known, facts or AssetFacts(), load(table), more.pop("today", TODAY), seen, **more
    )


def package(name: str, version: str, *fixed: str, ecosystem: str = "PyPI", number: int = 1, **changes: Any) -> Judged:
    """A finding about one version of a package, with the versions in which it is fixed."""
    own = {key: changes.pop(key) for key in ("direct", "path", "found_in") if key in changes}
    component = Component(
        purl=f"pkg:{ecosystem.lower()}/{name}@{version}", name=name, version=version, ecosystem=ecosystem, **own
    )
    kept = {key: changes.pop(key) for key in ("priority", "waived") if key in changes}
    made = judged(
        f"{name}-{version}-{number}",
        kind="dependencies",
        component=component,
        location=Location(path="requirements.txt"),
        remediation=Remediation(text="Move up.", fixed_versions=fixed) if fixed else None,
        **changes,
    )
    return Judged(finding=made.finding, **kept)
