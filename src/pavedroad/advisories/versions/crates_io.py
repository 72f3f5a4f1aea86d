"""crates.io: SemVer 2.0, as Cargo requires it. ``Cargo.lock`` spells names as the registry does."""

from pavedroad.advisories.versions._semver import SemverKey, semver_key


class CratesIo:
    """The rules of crates.io."""

    name = "crates.io"

    def key(self, version: str) -> SemverKey:
        return semver_key(version)

    def package(self, name: str) -> str:
        return name


SCHEME = CratesIo()
