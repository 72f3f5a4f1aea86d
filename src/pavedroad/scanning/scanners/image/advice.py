"""What to build on instead: the newest supported release of the same distribution, and its lean variants.

Pure, from the table of releases. Numbers of findings can be given where somebody counted them; without, nothing is
promised.
"""

from collections.abc import Mapping
from datetime import date

from pavedroad.core.noun import Noun
from pavedroad.scanning.scanners.image.distributions import Distribution, family_of


class Advice(Noun, frozen=True, kw_only=True):
    """One step. ``current_image`` and ``newer_image`` are what stands behind FROM. ``fewer`` says how many findings
    fewer were counted for the newer release, None when nobody counted."""

    family: str
    current: str
    newer: str
    current_image: str
    newer_image: str
    current_until: date
    since: date
    until: date
    lean: tuple[str, ...] = ()
    fewer: int | None = None


def advise(found: Distribution, today: date | None, counts: Mapping[str, int] | None = None) -> Advice | None:
    """The advice, or None when the release is the newest, rolling or not in the table. ``counts`` are findings by
    release; a newer release with more of them is not advised."""
    family = family_of(found)
    release = family.find(found.version) if family else None
    newest = family.newest(today) if family else None
    if family is None or release is None or newest is None or newest.since <= release.since:
        return None
    fewer = None
    if counts is not None and release.version in counts and newest.version in counts:
        fewer = counts[release.version] - counts[newest.version]
        if fewer <= 0:
            return None
    return Advice(
        family=family.name,
        current=release.version,
        newer=newest.version,
        current_image=family.reference(release),
        newer_image=family.reference(newest),
        current_until=release.ends,
        since=newest.since,
        until=newest.extended or newest.ends,
        lean=tuple(family.reference(newest, pattern) for pattern in family.lean),
        fewer=fewer,
    )
