"""npm: SemVer 2.0 as node-semver reads it: a leading ``v`` or ``=`` is tolerated. Names are case-sensitive."""

from pavedroad.advisories.versions._semver import SemverKey, semver_key


class Npm:
    """The rules of npm."""

    name = "npm"

    def key(self, version: str) -> SemverKey:
        return semver_key(version.strip().lstrip("=v"))

    def package(self, name: str) -> str:
        return name


SCHEME = Npm()
