"""Priorities for the tests of reports, counted to the day of the sample run: near, over, and without a deadline."""

from datetime import date, timedelta
from typing import Any

from pavedroad.core import Priority, Signals

DAY = date(2026, 11, 24)


def priority(tier: str, days: int | None, start: date, **changes: Any) -> Priority:
    """A priority as the table of CISA's directive gives it: ``days`` from ``start``."""
    due = start + timedelta(days=days) if days is not None else None
    until = f", by {due} (counted from {start})" if due else ""
    what = f"Fix it within {days} days" if days is not None else "Fix it with the next upgrade"
    plain: dict[str, Any] = {
        "table": "cisa-bod-26-04 1.0.0",
        "tier": tier,
        "rank": 1,
        "days": days,
        "start": start if due else None,
        "due": due,
        "why": f"{what}{until}: not known to be exploited, reachable from the internet (assumed).",
        "assumed": ("exposed: the exposure of the asset is not known and neither is the environment; assumed yes",),
        "advice": "were asset.exposure in paved.yaml internal or isolated, the tier would be '60 days'",
    }
    return Priority(**(plain | changes))


def soon() -> Priority:
    """Due three days after the run."""
    return priority("3 days", 3, DAY)


def overdue() -> Priority:
    """Four days late, in CISA's catalogue, with everything known about it."""
    start = DAY - timedelta(days=7)
    why = (
        f"Fix it within 3 days, by {start + timedelta(days=3)} (counted from {start}): known to be exploited since "
        f"{start}, reachable from the internet (assumed)."
    )
    known = Signals(
        cve="CVE-2025-27516",
        known_exploited=True,
        known_since=start,
        due=start + timedelta(days=14),
        ransomware=True,
        kev_as_of=DAY - timedelta(days=1),
        epss=0.943,
        percentile=0.998,
        epss_as_of=DAY,
        exploitation="active",
        automatable=True,
    )
    return priority("3 days", 3, start, why=why, score=9.1, score_name="CVSS-BTE 3.1", signals=known)


def unhurried() -> Priority:
    """Without a deadline."""
    return priority("fix on system upgrade", None, DAY, rank=4, assumed=(), advice="")
