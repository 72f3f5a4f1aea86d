"""Caches of a package manager are left in the image

Lists and archives that the package manager downloaded are still there. They make the image larger and tell which
packages were current on which day; nothing uses them.

**How to fix.** Remove them in the same instruction that made them, or keep them out with a cache mount
(`RUN --mount=type=cache,target=/var/cache/apt`).
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

LEAST = 1 << 20  # bytes; a lock file or an empty index is no cache
_CACHES = {
    "var/lib/apt/lists/": "RUN apt-get update && apt-get install -y ... && rm -rf /var/lib/apt/lists/*",
    "var/cache/apt/": "RUN apt-get install -y ... && apt-get clean",
    "var/cache/apk/": "RUN apk add --no-cache ...",
    "etc/apk/cache/": "RUN apk add --no-cache ...",
    "var/cache/dnf/": "RUN dnf install -y ... && dnf clean all",
    "var/cache/yum/": "RUN yum install -y ... && yum clean all",
    "var/cache/libdnf5/": "RUN dnf install -y ... && dnf clean all",
    "var/cache/zypp/": "RUN zypper install -y ... && zypper clean --all",
    "var/cache/pacman/pkg/": "RUN pacman -S --noconfirm ... && pacman -Scc --noconfirm",
    "root/.cache/pip/": "RUN pip install --no-cache-dir ...",
    "root/.npm/_cacache/": "RUN npm ci && npm cache clean --force",
    "usr/local/share/.cache/yarn/": "RUN yarn install && yarn cache clean",
    "root/.cache/go-build/": "RUN --mount=type=cache,target=/root/.cache/go-build go build ...",
    "root/.m2/repository/": "RUN --mount=type=cache,target=/root/.m2 mvn package",
}


def look(image: Image) -> Iterator[Hit]:
    """Each folder that holds a mebibyte or more."""
    sizes: dict[str, int] = {}
    first: dict[str, FileLine] = {}
    for file in image.files:
        folder = next((each for each in _CACHES if file.path.startswith(each)), "") if file.kind == "file" else ""
        if folder:
            sizes[folder] = sizes.get(folder, 0) + max(0, file.size)
            first.setdefault(folder, file)
    for folder, size in sizes.items():
        if size >= LEAST:
            yield Hit(
                message=f"/{folder} holds {size / (1 << 20):.1f} MiB of a package manager's downloads.",
                key=folder,
                path=folder.rstrip("/"),
                layer=first[folder].layer,
                after=_CACHES[folder],
            )


RULE = ImageRule(
    name="package-cache-left",
    title="Caches of a package manager are left in the image",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    reads=FILES,
    remedy=Remediation(text="Remove the cache in the instruction that made it, or use a cache mount."),
    look=look,
    bad=(
        Sample(files=(FileLine(path="var/lib/apt/lists/deb.example_dists_main_Packages.lz4", size=18 << 20),)),
        Sample(
            files=(FileLine(path="root/.cache/pip/http/a", size=1 << 20), FileLine(path="root/.cache/pip/b", size=1))
        ),
    ),
    good=(
        Sample(files=(FileLine(path="var/lib/apt/lists/lock"), FileLine(path="var/lib/dpkg/status", size=4 << 20))),
        Sample(files=(FileLine(path="var/lib/apt/lists", kind="directory", size=4 << 20),)),
    ),
)
