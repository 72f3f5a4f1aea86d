"""What parsers of operating system packages share: which distribution a package list belongs to, and its purls.

The distribution is read from ``os-release`` (freedesktop.org, os-release) of the same root. OSV names distributions by
ecosystem and release: ``Debian:12``, ``Alpine:v3.19``, ``AlmaLinux:9`` (the OSV schema, "Defined Ecosystems").
"""

from collections.abc import Mapping
from functools import lru_cache

from pavedroad.core.noun import Noun
from pavedroad.core.purl import PurlError, make
from pavedroad.scanning.model import Tree
from pavedroad.scanning.scanners.dependencies.model import Gaps

OS_RELEASE = ("etc/os-release", "usr/lib/os-release")
COMPANIONS = ("os-release",)
MAX_LINES = 1000
# ID of os-release: (ecosystem of OSV, how much of VERSION_ID its suffix keeps).
_ECOSYSTEMS = {
    "debian": ("Debian", 1),
    "ubuntu": ("Ubuntu", 2),
    "alpine": ("Alpine", 2),
    "almalinux": ("AlmaLinux", 1),
    "rocky": ("Rocky Linux", 1),
    "rhel": ("Red Hat", 0),
    "centos": ("Red Hat", 0),
    "opensuse-leap": ("openSUSE", 2),
    "sles": ("SUSE", 2),
    "openeuler": ("openEuler", 2),
    "photon": ("Photon OS", 2),
    "mageia": ("Mageia", 1),
    "azurelinux": ("Azure Linux", 1),
    "wolfi": ("Wolfi", 0),
    "chainguard": ("Chainguard", 0),
}
_TESTING = {"trixie": "13", "bookworm": "12", "bullseye": "11", "buster": "10"}


class Distribution(Noun, frozen=True, kw_only=True):
    """``id`` and ``version`` as os-release has them; ``ecosystem`` as OSV has it, empty when OSV does not know it."""

    id: str = ""
    version: str = ""
    name: str = ""
    ecosystem: str = ""


def root_of(path: str, inside: str) -> str:
    """What stands before ``inside`` in ``path``, with its slash: the root that the package list belongs to."""
    return path[: -len(inside)]


def distribution(tree: Tree, root: str, gaps: Gaps, *, otherwise: str) -> Distribution:
    """The distribution below ``root`` (empty or ending in a slash). Without one that OSV knows, ``otherwise`` is the
    plain ecosystem, and a gap says what that means."""
    for name in OS_RELEASE:
        content = tree.read(f"{root}{name}")
        if content:
            found = read_os_release(content)
            if found.ecosystem:
                return found
            gaps.add("a distribution that no advisories speak about", found.name or found.id or "no ID in os-release")
            return found
    gaps.add("no os-release: which release of the distribution it is cannot be told", f"{root}{OS_RELEASE[0]}")
    return Distribution(ecosystem=otherwise)


def read_os_release(content: bytes) -> Distribution:
    """The fields of os-release that name the distribution."""
    fields: dict[str, str] = {}
    for line in content.decode("utf-8", "replace").splitlines()[:MAX_LINES]:
        key, sign, value = line.partition("=")
        if sign and len(value) <= 200:
            fields.setdefault(key.strip(), value.strip().strip("\"'"))
    name = fields.get("ID", "").lower()
    version = fields.get("VERSION_ID") or _TESTING.get(fields.get("VERSION_CODENAME", ""), "")
    return Distribution(
        id=name, version=version, name=fields.get("PRETTY_NAME", ""), ecosystem=_ecosystem(name, version, fields)
    )


def _ecosystem(name: str, version: str, fields: Mapping[str, str]) -> str:
    ecosystem, parts = _ECOSYSTEMS.get(name, ("", 0))
    if not ecosystem or not parts:
        return ecosystem
    release = ".".join(version.split(".")[:parts])
    if not release:
        return ecosystem
    if ecosystem == "Alpine":
        return f"Alpine:v{release}"
    if ecosystem in ("openSUSE", "SUSE"):
        return f"{ecosystem}:{fields.get('NAME', ecosystem)} {release}"
    return f"{ecosystem}:{release}"


@lru_cache(maxsize=65536)
def system_purl(kind: str, distro: str, release: str, name: str, version: str, arch: str, epoch: str = "") -> str:
    """``pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12`` and the like (package-url specification, types)."""
    qualifiers = {"arch": arch, "distro": f"{distro}-{release}" if distro and release else "", "epoch": epoch}
    # The type definition of rpm and OSV call Red Hat by its name, os-release by that of the product.
    vendor = "redhat" if distro == "rhel" else distro
    try:
        return str(make(kind, name, namespace=vendor, version=version, qualifiers=qualifiers))
    except PurlError:
        return str(make("generic", "unknown", version=version))
