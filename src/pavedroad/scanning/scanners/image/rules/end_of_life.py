"""The distribution gets no more security updates

The release that the image is built on is past the end of its support. Flaws found from now on stay open, and scanners
that rely on the distribution's advisories may fall silent about it: no advisory is not the same as no flaw.

**How to fix.** Build on a supported release. The finding names the newest one of the same family. Where only a
prolonged support by others is left (Debian LTS), plan the move: it covers fewer packages.
"""

from collections.abc import Iterator
from datetime import date

from pavedroad.core.finding import Reference as Page
from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.distributions import Family, Release, family_of
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

SOON = 90  # days


def look(image: Image) -> Iterator[Hit]:
    """The release in the table against the day of the run."""
    family = family_of(image.distribution)
    release = family.find(image.distribution.version) if family else None
    if family is None or release is None or image.today is None:
        return
    severity, words = _state(release, image.today)
    if severity is not None:
        yield _hit(family, release, severity, words, image.today)


def _state(release: Release, today: date) -> tuple[Severity | None, str]:
    last = release.extended or release.ends
    if today > last:
        return Severity.HIGH, f"has had no security updates since {last}"
    if today > release.ends:
        return Severity.LOW, f"is only kept up by volunteers (LTS), until {last}"
    if (release.ends - today).days <= SOON:
        return Severity.LOW, f"gets security updates until {release.ends} only"
    return None, ""


def _hit(family: Family, release: Release, severity: Severity, words: str, today: date) -> Hit:
    newest = family.newest(today)
    moved = newest is not None and newest.version != release.version
    facts = [("security updates until", str(release.ends))]
    if release.extended:
        facts.append(("prolonged by others until", str(release.extended)))
    return Hit(
        message=f"{family.name} {release.version} {words}.",
        key=family.id,
        severity=severity,
        evidence=(*facts, ("source", f"{family.source}, read {family.as_of}")),
        before=f"FROM {family.reference(release)}",
        after=f"FROM {family.reference(newest)}" if moved and newest else "",
    )


def _os(text: str) -> dict[str, str]:
    return {"etc/os-release": text}


_ANY = (FileLine(path="etc/os-release", kind="symlink", target="../usr/lib/os-release"),)

RULE = ImageRule(
    name="end-of-life",
    title="The distribution gets no more security updates",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    reads=FILES,
    cwe=(1104,),
    benchmark="4.4",
    references=(Page(url="https://endoflife.date/", title="End-of-life dates"),),
    remedy=Remediation(text="Build on a release that is supported, and check again after its first update."),
    look=look,
    bad=(
        Sample(files=_ANY, system=_os('ID=debian\nVERSION_ID="10"\n'), today=date(2026, 1, 15)),
        Sample(files=_ANY, system=_os('ID=debian\nVERSION_ID="12"\n'), today=date(2026, 8, 1)),
        Sample(files=_ANY, system=_os("ID=alpine\nVERSION_ID=3.19.1\n"), today=date(2025, 11, 2)),
        Sample(files=_ANY, system={"usr/lib/os-release": 'ID="centos"\nVERSION_ID="7"\n'}),
        Sample(files=_ANY, system=_os('ID="centos"\nNAME="CentOS Stream"\nVERSION_ID="8"\n')),
    ),
    good=(
        Sample(files=_ANY, system=_os('ID=debian\nVERSION_ID="13"\n'), today=date(2026, 1, 15)),
        Sample(files=_ANY, system=_os('ID="centos"\nNAME="CentOS Stream"\nVERSION_ID="9"\n')),
        Sample(files=_ANY, system=_os("ID=wolfi\nVERSION_ID=20230201\n")),
        Sample(files=_ANY, system=_os("ID=debian\nVERSION_ID=99\n")),
        Sample(files=_ANY, system=_os('ID=debian\nVERSION_ID="10"\n'), today=None),
        Sample(files=_ANY),
    ),
)
