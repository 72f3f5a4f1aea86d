"""The image says nothing about its health

Docker and Swarm restart or replace a container only when its HEALTHCHECK fails. Without one, a process that hangs
counts as well. Kubernetes ignores this setting: there, write a liveness probe, and waive this rule.

**How to fix.** Add a HEALTHCHECK that asks the service itself, with a time limit.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Hit, Image, ImageRule, Sample


def look(image: Image) -> Iterator[Hit]:
    """None at all, or one that is switched off."""
    if image.configuration.healthcheck == "none":
        yield Hit(message="The health check of the base image is switched off.")
    elif not image.configuration.healthcheck:
        yield Hit(message="The image has no health check.")


RULE = ImageRule(
    name="no-healthcheck",
    title="The image has no health check",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    reads=CONFIGURATION,
    cwe=(),
    benchmark="4.6",
    remedy=Remediation(
        text="Add a HEALTHCHECK, or a liveness probe where Kubernetes runs it.",
        before='CMD ["app"]',
        after='HEALTHCHECK --interval=30s --timeout=3s CMD ["app", "--healthy"]\nCMD ["app"]',
    ),
    look=look,
    bad=(Sample(), Sample(config={"Healthcheck": {"Test": ["NONE"]}})),
    good=(Sample(config={"Healthcheck": {"Test": ["CMD", "app", "--healthy"]}}),),
)
