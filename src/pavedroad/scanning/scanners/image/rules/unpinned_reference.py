"""The image was named without a digest

A tag is a pointer that its owner may move at any time; `latest` moves by design. What was checked here need not be what
runs tomorrow, and a rebuild may start from another base.

**How to fix.** Deploy and build by digest: `name:tag@sha256:...`. Let a bot raise the digest, so that updates go
through the same gate.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.attribution import base_reference
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Hit, Image, ImageRule, Sample


def look(image: Image) -> Iterator[Hit]:
    """What was asked of a registry (an image on disk is what it is), and what the image says of its base."""
    asked = image.reference.reference
    if asked and image.reference.transport == "registry" and "@" not in asked:
        yield _hit(asked, "The image was checked as", "image", image.reference.digest)
    name, digest = base_reference(image.configuration, image.reference.annotations)
    if name and not digest and "@" not in name:
        yield _hit(name, "The base image is named", "base", "")


def _hit(name: str, words: str, key: str, digest: str) -> Hit:
    tag = name.rpartition("/")[2].partition(":")[2]
    moving = tag in ("", "latest")
    why = "a tag that always moves" if moving else "a tag, which its owner may move"
    return Hit(
        message=f"{words} {name}: {why}.",
        key=key,
        severity=Severity.LOW if moving else None,
        before=name,
        after=f"{name}@{digest}" if digest else f"{name}@sha256:...",
    )


RULE = ImageRule(
    name="unpinned-reference",
    title="An image is named without a digest",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    reads=CONFIGURATION,
    cwe=(494,),
    benchmark="",
    remedy=Remediation(text="Name the image by digest, and let a bot raise it."),
    look=look,
    bad=(
        Sample(reference="registry.example:5000/team/app"),
        Sample(reference="registry.example/app:1.2"),
        Sample(config={"Labels": {"org.opencontainers.image.base.name": "registry.example/debian:12"}}),
    ),
    good=(
        Sample(reference="registry.example/app:1.2@sha256:0123"),
        Sample(reference="oci:build/layout:v1"),
        Sample(reference=""),
    ),
)
