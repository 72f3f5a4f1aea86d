"""From an ecosystem and a package, as OSV spells them, to a purl (:func:`purl`) and back (:func:`named`).

The types are those of the package-url specification. A release of a distribution, the suffix of an ecosystem such as
``Debian:12``, is the qualifier ``distro``; an epoch of an RPM is the qualifier ``epoch``.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from pavedroad.core.noun import Noun
from pavedroad.core.purl import Purl, PurlError, make, parse

_TYPES = {
    "Bioconductor": "bioconductor", "Bitnami": "bitnami", "CRAN": "cran", "CocoaPods": "cocoapods",
    "ConanCenter": "conan", "Conda": "conda",
    "Docker": "docker", "GitHub Actions": "githubactions", "Go": "golang", "Hackage": "hackage", "Hex": "hex",
    "Julia": "julia", "Maven": "maven", "NuGet": "nuget", "OCI": "oci", "OSS-Fuzz": "generic", "Packagist": "composer",
    "Pub": "pub", "PyPI": "pypi", "RubyGems": "gem", "SwiftURL": "swift", "crates.io": "cargo", "npm": "npm",
    "opam": "opam",
}  # fmt: skip

# Distributions: the type, and the namespace, which is the ID of their /etc/os-release.
_DISTRIBUTIONS = {
    "Debian": ("deb", "debian"), "Ubuntu": ("deb", "ubuntu"), "Echo": ("deb", "echo"),
    "AlmaLinux": ("rpm", "almalinux"), "Amazon Linux": ("rpm", "amzn"), "Azure Linux": ("rpm", "azurelinux"),
    "CentOS": ("rpm", "centos"), "Fedora": ("rpm", "fedora"), "Mageia": ("rpm", "mageia"),
    "Oracle Linux": ("rpm", "ol"), "Photon OS": ("rpm", "photon"), "Red Hat": ("rpm", "redhat"),
    "Rocky Linux": ("rpm", "rocky"), "SUSE": ("rpm", "suse"), "openEuler": ("rpm", "openeuler"),
    "openSUSE": ("rpm", "opensuse"),
    "Alpine": ("apk", "alpine"), "Alpaquita": ("apk", "alpaquita"), "Chainguard": ("apk", "chainguard"),
    "BellSoft Hardened Containers": ("apk", "bellsoft-hardened-containers"), "CleanStart": ("apk", "cleanstart"),
    "MinimOS": ("apk", "minimos"), "Wolfi": ("apk", "wolfi"),
}  # fmt: skip

# Other spellings of these that scanners and OSV itself write.
_ALSO = {
    "alma": "AlmaLinux", "amazon": "Amazon Linux", "azure-linux": "Azure Linux", "mariner": "Azure Linux",
    "opensuse-leap": "openSUSE", "opensuse-tumbleweed": "openSUSE", "oracle": "Oracle Linux", "rhel": "Red Hat",
    "rocky-linux": "Rocky Linux", "sled": "SUSE", "sles": "SUSE", "photon-os": "Photon OS",
}  # fmt: skip
_BY_TYPE = {kind: ecosystem for ecosystem, kind in _TYPES.items() if kind != "generic"} | {"github": "GitHub Actions"}
_BY_NAMESPACE = {pair[1]: ecosystem for ecosystem, pair in _DISTRIBUTIONS.items()} | _ALSO

# Releases by code name, as the specification's own example has them (debian.csv and ubuntu.csv of distro-info-data).
_CODENAMES = {
    "jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14",
    "xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04", "noble": "24.04",
}  # fmt: skip

_RELEASE = re.compile(r"v?([0-9][0-9A-Za-z.]*)(?::LTS)?", re.ASCII)
_SERVER = re.compile(r"Linux Enterprise Server ([0-9]+)(?: SP([0-9]+))?", re.ASCII)
_OPENSUSE = re.compile(r"(Leap|Tumbleweed)(?: ([0-9.]+))?", re.ASCII)
_EPOCH = re.compile(r"([0-9]+):(.+)", re.ASCII)


class Named(Noun, frozen=True, kw_only=True):
    """Ecosystem, package and version as OSV spells them. ``ecosystem`` is empty when OSV has none."""

    ecosystem: str
    name: str
    version: str


@lru_cache(maxsize=65536)
def purl(ecosystem: str, name: str, version: str, qualifiers: tuple[tuple[str, str], ...] = ()) -> str:
    """The canonical purl; a name that cannot be one becomes a ``generic`` purl rather than an error. ``qualifiers``
    such as ``arch`` are added to those that follow from the ecosystem and the version."""
    try:
        return str(_purl(ecosystem, name, version, dict(qualifiers)))
    except PurlError:
        plain = name.strip("/") if "".join(name.split()).strip("/") else "unknown"
        namespace, _, last = plain.rpartition("/")
        return str(make("generic", last.strip() or plain, namespace=namespace, version=version))


def _purl(ecosystem: str, name: str, version: str, qualifiers: dict[str, str]) -> Purl:
    base, _, suffix = ecosystem.partition(":")
    if base in _DISTRIBUTIONS:
        return _of_distribution(base, suffix, name, version, qualifiers)
    kind = _TYPES.get(base, "generic")
    if kind in ("docker", "oci"):
        name = _image(kind, name, qualifiers)
    namespace, last = _split(kind, name)
    return make(kind, last, namespace=namespace, version=version, qualifiers=qualifiers)


def _split(kind: str, name: str) -> tuple[str, str]:
    """Namespace and name."""
    if kind in ("maven", "githubactions"):  # the folder of an action is a part of its name
        namespace, _, last = name.partition(":" if kind == "maven" else "/")
        return (namespace, last) if last else ("", namespace)
    if kind == "swift":
        name = _repository(name)
    if kind in ("npm", "golang", "composer", "hex", "docker", "swift", "generic"):
        namespace, _, last = name.rpartition("/")
        return namespace, last
    return "", name


def _repository(address: str) -> str:
    """``https://github.com/a/b.git`` and ``git@github.com:a/b`` without what is not part of the name."""
    text = re.sub(r"^[a-z][a-z0-9+.-]*://", "", address, count=1)
    text = re.sub(r"^[^/@]*@([^/:]+):(?=[^/0-9])", r"\1/", text, count=1)
    return re.sub(r"^[^/@]*@", "", text, count=1).rstrip("/").removesuffix(".git")


def _image(kind: str, name: str, qualifiers: dict[str, str]) -> str:
    """A registry before the name, told by a dot, a port or ``localhost``, is the qualifier ``repository_url``. An OCI
    purl has the whole name there, and only the last segment of it as its name."""
    host, slash, rest = name.partition("/")
    if kind == "oci":
        if slash:
            qualifiers.setdefault("repository_url", name)
        return name.rpartition("/")[2]
    if slash and ("." in host or ":" in host or host == "localhost"):
        qualifiers.setdefault("repository_url", host)
        return rest
    return name


def _of_distribution(base: str, suffix: str, name: str, version: str, qualifiers: dict[str, str]) -> Purl:
    kind, namespace = _DISTRIBUTIONS[base]
    if distro := _distro(namespace, suffix):
        qualifiers.setdefault("distro", distro)
    if kind == "rpm" and (match := _EPOCH.fullmatch(version)):
        epoch, version = match.groups()
        if epoch.strip("0"):
            qualifiers.setdefault("epoch", epoch.lstrip("0"))
    return make(kind, name, namespace=namespace, version=version, qualifiers=qualifiers)


def _distro(namespace: str, suffix: str) -> str:
    """The release as scanners write it, empty when the suffix is something else, such as a stream of Red Hat's."""
    if match := _RELEASE.fullmatch(suffix):
        return f"{namespace}-{match.group(1)}"
    if match := _SERVER.fullmatch(suffix):
        return f"sles-{match.group(1)}" + (f".{match.group(2)}" if match.group(2) else "")
    if namespace == "opensuse" and (match := _OPENSUSE.fullmatch(suffix)):
        return f"opensuse-{match.group(1).lower()}" + (f"-{match.group(2)}" if match.group(2) else "")
    return ""


@lru_cache(maxsize=65536)
def named(text: str) -> Named | None:
    """The package that a purl names, None when it is no purl.

    For Debian and Alpine packages OSV speaks of the source package: the qualifier ``upstream`` that scanners write has
    its name, and its version where that differs.
    """
    try:
        found = parse(text)
    except PurlError:
        return None
    if found.type in ("deb", "rpm", "apk"):
        return _package(found)
    joint = ":" if found.type == "maven" else "/"
    name = f"{found.namespace}{joint}{found.name}" if found.namespace else found.name
    where = found.qualifier("repository_url")
    if found.type == "oci" and where:
        name = where
    elif found.type == "docker" and where:
        name = f"{where}/{name}"
    elif found.type == "github" and found.subpath:
        name = f"{name}/{found.subpath}"
    return Named(ecosystem=_BY_TYPE.get(found.type, ""), name=name, version=found.version)


def _package(found: Purl) -> Named:
    name, version = found.name, found.version
    if found.type in ("deb", "apk") and (source := found.qualifier("upstream")):
        name, _, other = source.partition("@")
        version = other or version
    epoch = found.qualifier("epoch")
    if epoch.isdecimal() and epoch.strip("0") and version:
        version = f"{epoch}:{version}"
    return Named(ecosystem=_distribution(found), name=name, version=version)


def _distribution(found: Purl) -> str:
    """``Debian:12`` of ``distro=debian-12``, ``bookworm`` or ``12.5``; without release when the purl does not say."""
    distro = found.qualifier("distro").lower()
    vendor, _, release = distro.rpartition("-")
    base = _BY_NAMESPACE.get(found.namespace.lower()) or _BY_NAMESPACE.get(vendor, "")
    release = _CODENAMES.get(release, release)
    if base == "openSUSE" and "tumbleweed" in f"{found.namespace} {distro}".lower():
        return "openSUSE:Tumbleweed"
    if not base or not release[:1].isdigit():
        return base
    return f"{base}:{_SUFFIXES[base](release)}" if base in _SUFFIXES else base


def _major(release: str) -> str:
    return release.partition(".")[0]


def _ubuntu(release: str) -> str:
    """Every other April has long-term support, which OSV writes down."""
    year, _, month = release.partition(".")
    lasting = year.isdecimal() and int(year) % 2 == 0 and month.partition(".")[0] == "04"
    return f"{'.'.join(release.split('.')[:2])}{':LTS' if lasting else ''}"


def _service_pack(release: str) -> str:
    major, _, pack = release.partition(".")
    return f"Linux Enterprise Server {major}{f' SP{pack}' if pack else ''}"


# How OSV writes a release. Red Hat's suffixes are streams of products, which a purl does not name.
_SUFFIXES: dict[str, Callable[[str], str]] = {
    "AlmaLinux": _major,
    "Alpine": lambda release: "v" + ".".join(release.split(".")[:2]),
    "Amazon Linux": _major,
    "Azure Linux": _major,
    "CentOS": _major,
    "Debian": _major,
    "Fedora": _major,
    "Mageia": _major,
    "Oracle Linux": _major,
    "Photon OS": lambda release: release,
    "Rocky Linux": _major,
    "SUSE": _service_pack,
    "Ubuntu": _ubuntu,
    "openSUSE": lambda release: f"Leap {release}",
}
