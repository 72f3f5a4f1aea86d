"""A newer release of the same base image is out

The release that the image is built on is supported, but a newer one of the same distribution is out. Newer releases
start with fewer known flaws, and have longer to live.

**How to fix.** Write the newer release behind FROM, rebuild, and run your tests. Where one exists, a lean variant of
the same family brings fewer packages, and with them fewer findings. Whether it does for your image, this check says
after the rebuild: the advice is from a table of releases, it does not know your packages.
"""

from collections.abc import Iterator
from datetime import date

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.advice import advise
from pavedroad.scanning.scanners.image.attribution import base_reference
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample


def look(image: Image) -> Iterator[Hit]:
    """The newest supported release of the family, when it is not this one."""
    advice = advise(image.distribution, image.today)
    if advice is None or (image.today is not None and image.today > advice.current_until):
        return  # past its end, which is a rule of its own and gives the same advice
    named = base_reference(image.configuration, image.reference.annotations)[0]
    facts = [("released", str(advice.since)), ("supported until", str(advice.until))]
    if advice.lean:
        facts.append(("lean variants", ", ".join(advice.lean)))
    if named:
        facts.append(("base image", named))
    yield Hit(
        message=f"{advice.family} {advice.current} is the base; {advice.newer} is out and supported.",
        key=advice.family,
        evidence=tuple(facts),
        before=f"FROM {named or advice.current_image}",
        after=f"FROM {advice.newer_image}",
    )


_ANY = (FileLine(path="etc/os-release"),)

RULE = ImageRule(
    name="base-image-outdated",
    title="A newer release of the base image is out",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    reads=FILES,
    cwe=(1104,),
    benchmark="4.4",
    remedy=Remediation(text="Build on the newer release, and check again."),
    look=look,
    bad=(Sample(files=_ANY, system={"etc/os-release": 'ID=debian\nVERSION_ID="12"\n'}, today=date(2026, 1, 15)),),
    good=(
        Sample(files=_ANY, system={"etc/os-release": 'ID=debian\nVERSION_ID="13"\n'}, today=date(2026, 1, 15)),
        Sample(files=_ANY, system={"etc/os-release": "ID=wolfi\n"}),
        Sample(files=_ANY),
    ),
)
