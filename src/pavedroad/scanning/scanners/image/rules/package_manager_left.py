"""A minimal image still has a package manager

The image has no shell, so it means to be minimal, and yet it holds a program that can install others. Whoever takes
over the process gets tools for the asking.

**How to fix.** Install packages in an earlier stage, and copy what the application needs into the last one.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

_SHELLS = tuple(
    f"{folder}{name}" for folder in ("bin/", "usr/bin/") for name in ("sh", "bash", "dash", "ash", "busybox")
)
_MANAGERS = tuple(
    f"{folder}{name}"
    for folder in ("usr/bin/", "sbin/", "bin/", "usr/sbin/", "usr/local/bin/")
    for name in ("apt-get", "dpkg", "apk", "dnf", "microdnf", "yum", "rpm", "zypper", "pip", "pip3", "npm")
)


def look(image: Image) -> Iterator[Hit]:
    """Package managers, when there is no shell at all."""
    if any(path in image.paths for path in _SHELLS):
        return
    for path in _MANAGERS:
        file = image.paths.get(path)
        if file is not None and file.kind != "directory":
            yield Hit(message=f"The image has no shell, but the package manager /{path}.", path=path, layer=file.layer)


RULE = ImageRule(
    name="package-manager-left",
    title="A minimal image still has a package manager",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    reads=FILES,
    cwe=(1104,),
    benchmark="4.3",
    remedy=Remediation(
        text="Install in an earlier stage, and copy only what the application needs.",
        before='FROM minimal\nRUN ["apk", "add", "..."]',
        after="FROM builder AS build\n...\nFROM minimal\nCOPY --from=build /opt/app /opt/app",
    ),
    look=look,
    bad=(Sample(files=(FileLine(path="sbin/apk", mode=0o755, size=9),)),),
    good=(
        Sample(files=(FileLine(path="sbin/apk", mode=0o755, size=9), FileLine(path="bin/sh", kind="symlink"))),
        Sample(files=(FileLine(path="app/server", mode=0o755, size=9),)),
    ),
)
