"""What a purl says, through the reference implementation: ecosystem and name as OSV spells them; and a purl without
its version.
"""

from functools import lru_cache

from pavedroad.core.noun import Noun

# purl types, and the ecosystems of OSV that they name. Operating systems need the distribution as well.
_ECOSYSTEMS = {
    "pypi": "PyPI", "npm": "npm", "golang": "Go", "cargo": "crates.io", "maven": "Maven", "gem": "RubyGems",
    "nuget": "NuGet", "composer": "Packagist", "hex": "Hex", "pub": "Pub", "swift": "SwiftURL", "conan": "ConanCenter",
    "cran": "CRAN", "hackage": "Hackage", "githubactions": "GitHub Actions", "bitnami": "Bitnami",
}  # fmt: skip
_DISTRIBUTIONS = {
    "debian": "Debian", "ubuntu": "Ubuntu", "alpine": "Alpine", "rocky": "Rocky Linux", "almalinux": "AlmaLinux",
    "redhat": "Red Hat", "opensuse": "openSUSE", "suse": "SUSE", "wolfi": "Wolfi", "chainguard": "Chainguard",
}  # fmt: skip


class Named(Noun, frozen=True, kw_only=True):
    """What a purl names; ``ecosystem`` is empty when OSV has none for it."""

    ecosystem: str
    name: str
    version: str


@lru_cache(maxsize=65536)
def named(purl: str) -> Named | None:
    """The package that ``purl`` names, None when it is no purl."""
    from packageurl import PackageURL

    try:
        found = PackageURL.from_string(purl)
    except ValueError:
        return None
    kind, name = found.type, found.name
    if found.namespace:
        joint = ":" if kind == "maven" else "/"
        name = name if kind in ("deb", "rpm", "apk") else f"{found.namespace}{joint}{name}"
    qualifiers = found.qualifiers if isinstance(found.qualifiers, dict) else {}
    ecosystem = _ECOSYSTEMS.get(kind, "")
    if kind in ("deb", "rpm", "apk"):
        ecosystem = _distribution(found.namespace or "", str(qualifiers.get("distro", "")))
    return Named(ecosystem=ecosystem, name=name, version=found.version or "")


def _distribution(namespace: str, distro: str) -> str:
    """``Debian:12`` of ``pkg:deb/debian/...?distro=debian-12``; ``Alpine:v3.19`` of ``distro=alpine-3.19.1``."""
    base = _DISTRIBUTIONS.get(namespace.lower(), "")
    release = distro.rpartition("-")[2]
    if not base or not release[:1].isdigit():
        return base
    if base == "Alpine":
        return f"Alpine:v{'.'.join(release.split('.')[:2])}"
    return f"{base}:{release if base == 'Ubuntu' else release.split('.')[0]}"


def without_version(purl: str) -> str:
    """The purl up to its version: what stays the same when a package is updated."""
    body = purl.split("?", 1)[0].split("#", 1)[0]
    head, at, _ = body.rpartition("@")
    # An '@' before the last slash belongs to a namespace that should have been percent-encoded.
    return head if at and "/" in head and "/" not in body[len(head) + 1 :] else body
