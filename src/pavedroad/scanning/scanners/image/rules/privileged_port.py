"""The image listens on a port below 1024

Only root, or a process with the capability NET_BIND_SERVICE, may open such a port. It is a reason to run as root that
nobody needs: whoever publishes the port chooses the outer number freely.

**How to fix.** Listen on a high port and map it: `-p 443:8443`, or `targetPort` in Kubernetes.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Hit, Image, ImageRule, Sample

FIRST_FREE = 1024  # ip(7), ip_unprivileged_port_start
SSH = 22  # has a rule of its own


def look(image: Image) -> Iterator[Hit]:
    """Each exposed port or range that starts below 1024."""
    for port in image.configuration.ports:
        first = port.partition("/")[0].partition("-")[0].strip()
        if first.isascii() and first.isdigit() and 0 < int(first[:6]) < FIRST_FREE and int(first[:6]) != SSH:
            yield Hit(
                message=f"The image exposes port {port}, which only root may open.",
                key=f"port {first}",
                before=f"EXPOSE {port}",
                after=f"EXPOSE {8000 + int(first[:6])}",
            )


RULE = ImageRule(
    name="privileged-port",
    title="The image exposes a port that only root may open",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    reads=CONFIGURATION,
    cwe=(250,),
    benchmark="5.7",
    remedy=Remediation(text="Listen on a port from 1024 on, and map it where it is published."),
    look=look,
    bad=(Sample(config={"ExposedPorts": {"80/tcp": {}}}), Sample(config={"ExposedPorts": ["443"]})),
    good=(Sample(config={"ExposedPorts": {"8080/tcp": {}}}), Sample(config={"ExposedPorts": {"x/tcp": {}, "0": {}}})),
)
