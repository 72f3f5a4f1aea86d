"""The image holds an SSH server

A container is replaced, not administered from inside. An SSH server in it is a second way in, with accounts, keys and
flaws of its own, past the access control and the logs of the platform.

**How to fix.** Remove the server; use `docker exec`, `kubectl exec` or `kubectl debug`, which the platform controls.
Where SSH is the service itself (a git server, a jump host), waive this with that reason.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

_SERVERS = ("usr/sbin/sshd", "sbin/sshd", "usr/bin/sshd", "usr/sbin/dropbear", "usr/bin/dropbear", "sbin/dropbear")


def look(image: Image) -> Iterator[Hit]:
    """The program itself; started by the image or reachable on port 22 it weighs more."""
    for path in _SERVERS:
        file = image.paths.get(path)
        if file is None or file.kind == "directory":
            continue
        name = path.rpartition("/")[2]
        config = image.configuration
        started = any(name in word for word in config.command)
        exposed = any(port.partition("/")[0] == "22" for port in config.ports)
        words = [word for word, holds in (("starts it", started), ("exposes port 22", exposed)) if holds]
        more = f", and the image {' and '.join(words)}" if words else ""
        yield Hit(
            message=f"An SSH server is installed: /{path}{more}.",
            key="ssh server",
            path=path,
            layer=file.layer,
            severity=Severity.HIGH if words else None,
        )
        return


RULE = ImageRule(
    name="ssh-server",
    title="The image holds an SSH server",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    reads=FILES,
    cwe=(1188,),
    benchmark="5.6",
    remedy=Remediation(
        text="Remove the server and use the platform's own way in.",
        before="RUN apt-get install -y openssh-server",
        after="# kubectl debug, kubectl exec or docker exec",
    ),
    look=look,
    bad=(
        Sample(files=(FileLine(path="usr/sbin/sshd", mode=0o755, size=9),)),
        Sample(
            files=(FileLine(path="usr/sbin/sshd", mode=0o755, size=9),),
            config={"Cmd": ["/usr/sbin/sshd", "-D"], "ExposedPorts": {"22/tcp": {}}},
        ),
    ),
    good=(Sample(files=(FileLine(path="usr/bin/ssh", mode=0o755, size=9), FileLine(path="etc/ssh/sshd_config"))),),
)
