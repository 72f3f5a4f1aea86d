"""crates.io: SemVer 2.0, as Cargo requires it. The registry treats ``-`` and ``_`` and capitals as one name when a name
is taken, so they are one name here."""

from pavedroad.advisories.versions._semver import SemverKey, semver_key


class CratesIo:
    """The rules of crates.io."""

    name = "crates.io"
    ecosystems = ("crates.io",)

    def key(self, version: str) -> SemverKey:
        return semver_key(version)

    def package(self, name: str) -> str:
        return name.lower().replace("_", "-")


SCHEME = CratesIo()
