"""A sample run about an image for the tests of reports."""

from datetime import timedelta
from typing import Any

from pavedroad.core import (
    AssetKind,
    AssetRef,
    Component,
    Coverage,
    CoverageStatus,
    DataSource,
    Evidence,
    Finding,
    Judged,
    Location,
    Mode,
    Revision,
    Run,
    Severity,
)
from pavedroad.core.identity import fingerprint
from tests.support.sample_priorities import overdue, unhurried
from tests.support.sample_run import STARTED, finding, sample_run

LAYER = "sha256:" + "1a" * 32


def package_in_image() -> Finding:
    """A package of the distribution, whose notice passes on other flaws."""
    return finding(
        rule="dependencies/DSA-5999-1",
        kind="dependencies",
        scanner="dependencies",
        title="openssl in Debian 12",
        message="openssl 3.0.14-1 is affected by DSA-5999-1; fixed in 3.0.15-1.",
        severity=Severity.HIGH,
        location=Location(path="var/lib/dpkg/status"),
        fingerprint=fingerprint("dependencies", ("pkg:deb/debian/openssl", "DSA-5999-1")),
        component=Component(
            purl="pkg:deb/debian/openssl@3.0.14-1?distro=debian-12",
            name="openssl",
            version="3.0.14-1",
            ecosystem="Debian:12",
            found_in="var/lib/dpkg/status",
            licenses=("Apache-2.0",),
            layer=LAYER,
        ),
        upstream=("CVE-2026-0101", "CVE-2026-0102"),
        evidence=(
            Evidence(name="layer", value=f"2 of the image, {LAYER}"),
            Evidence(name="brought by", value="RUN apt-get install --yes openssl"),
        ),
    )


def image_run(**changes: Any) -> Run:
    """An image: a package of the distribution, the setup of the image, a licence, and the data about exploitation."""
    setup = finding(
        rule="image/runs-as-root",
        kind="image",
        scanner="image",
        title="Runs as root",
        message="The image runs as user root.",
        location=Location(path="image:/config.json"),
    )
    licence = finding(
        2,
        rule="licenses/not-allowed",
        kind="licenses",
        scanner="licenses",
        title="Licence",
        location=Location(path="var/lib/dpkg/status"),
    )
    package = package_in_image()
    seen = [
        Coverage(scanner=name, kind=name, status=CoverageStatus.COMPLETE, files=3)
        for name in ("dependencies", "image", "licenses")
    ]
    dates = tuple(DataSource(name=name, as_of=STARTED - timedelta(days=1)) for name in ("CISA KEV", "EPSS"))
    known = Coverage(scanner="signals", kind="exploitation", status=CoverageStatus.COMPLETE, data=dates)
    base: dict[str, Any] = {
        "subject": AssetRef(kind=AssetKind.IMAGE, name="registry.example.com/shop/payments"),
        "scope": "image",
        "revision": Revision(),
        "findings": (
            Judged(finding=package, mode=Mode.BLOCK, priority=overdue()),
            Judged(finding=setup, mode=Mode.WARN, priority=unhurried()),
            Judged(finding=licence, mode=Mode.WARN),
        ),
        "coverage": (*seen, known),
        "components": (package.component,),
        "older": None,
    }
    return sample_run(**(base | changes))
