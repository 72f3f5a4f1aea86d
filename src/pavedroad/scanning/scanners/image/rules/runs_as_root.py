"""The image runs as root

The configuration names no user, or user 0. Unless whoever starts the container says otherwise, its processes are root:
the same root as on the host, held back by namespaces and capabilities alone.

**Why it matters.** Whoever takes over the process may change every file of the container, install tools, and use any
flaw of the kernel or the runtime with root's rights.

**How to fix.** Create a user in the Dockerfile and name it by number, so that Kubernetes can check `runAsNonRoot`.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Hit, Image, ImageRule, Sample


def look(image: Image) -> Iterator[Hit]:
    """The user part of ``user:group``: empty, a zero, or root."""
    user = image.configuration.user.partition(":")[0].strip()
    if not user:
        yield Hit(message="The image names no user, so its processes run as root.")
    elif user == "root" or (user.isascii() and user.isdigit() and int(user[:20]) == 0):
        yield Hit(message=f"The image runs as user {user}, which is root.", before=f"USER {user}", after="USER 10001")


RULE = ImageRule(
    name="runs-as-root",
    title="The image runs as root",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    reads=CONFIGURATION,
    cwe=(250,),
    benchmark="4.1",
    remedy=Remediation(
        text="Create a user and switch to it by number at the end of the Dockerfile.",
        before='CMD ["app"]',
        after='RUN useradd --uid 10001 --no-create-home app\nUSER 10001\nCMD ["app"]',
    ),
    look=look,
    bad=(Sample(), Sample(config={"User": "root"}), Sample(config={"User": "0:0"}), Sample(config={"User": "00"})),
    good=(Sample(config={"User": "10001"}), Sample(config={"User": "app:app"}), Sample(config={"User": "1000:0"})),
)
