"""A volume covers a system folder

`VOLUME` on a folder of the system makes an anonymous copy of it that outlives the container, hides later updates of the
image, and invites mounting the host's own folder or the container engine's socket there.

**How to fix.** Declare volumes for the data of the application alone, below `/data`, `/srv` or `/var/lib/<name>`.
"""

import posixpath
from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Hit, Image, ImageRule, Sample

# The folders of CIS Docker Benchmark 5.5, and places that hold accounts, keys or the container engine's socket.
_SYSTEM = frozenset(
    (
        "/",
        "/boot",
        "/dev",
        "/etc",
        "/lib",
        "/proc",
        "/sys",
        "/usr",
        "/bin",
        "/sbin",
        "/root",
        "/var",
        "/var/run",
        "/run",
    )
)
_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "podman.sock")


def look(image: Image) -> Iterator[Hit]:
    """Volumes that are such a folder, or a container engine's socket."""
    for volume in image.configuration.volumes:
        path = posixpath.normpath("/" + volume.strip().lstrip("/"))
        if path in _SYSTEM:
            yield Hit(
                message=f"The volume {path} covers a system folder.",
                key=path,
                before=f"VOLUME {path}",
                after="VOLUME /data",
            )
        elif path.endswith(_SOCKETS):
            yield Hit(
                message=f"The volume {path} hands the container engine, and with it the host, to the container.",
                key=path,
                severity=Severity.HIGH,
                before=f"VOLUME {path}",
                after="# build with rootless tools instead of the host's engine",
            )


RULE = ImageRule(
    name="sensitive-volume",
    title="A volume covers a system folder",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    reads=CONFIGURATION,
    cwe=(668,),
    benchmark="5.5",
    remedy=Remediation(text="Declare volumes for the application's own data alone."),
    look=look,
    bad=(
        Sample(config={"Volumes": {"/etc": {}}}),
        Sample(config={"Volumes": {"/var/run/docker.sock": {}}}),
        Sample(config={"Volumes": ["//usr/"]}),
    ),
    good=(Sample(config={"Volumes": {"/data": {}, "/var/lib/app": {}, "/etc/app": {}}}), Sample()),
)
