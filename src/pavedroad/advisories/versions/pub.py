"""Pub and Julia: SemVer 2.0 in which build metadata counts.

``pub_semver`` (dart.dev/tools/pub/versioning) and Julia's ``VersionNumber`` put ``1.0.0+1`` above ``1.0.0``: it is how
a package is rebuilt there.
"""

from pavedroad.advisories.versions._semver import Identifier, SemverKey, semver_build_key


class Pub:
    """The rules of Pub."""

    name = "Pub"
    ecosystems = ("Pub", "Julia")

    def key(self, version: str) -> tuple[SemverKey, tuple[Identifier, ...]]:
        return semver_build_key(version.removeprefix("v"))

    def package(self, name: str) -> str:
        return name


SCHEME = Pub()
