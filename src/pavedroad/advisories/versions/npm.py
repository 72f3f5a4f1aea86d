"""npm: SemVer 2.0 as node-semver reads it: a leading ``v`` or ``=`` is tolerated.

Old packages such as ``JSONStream`` have capitals, which package URLs and so bills of materials lose. Names are looked
up in small letters: better a match too many, on two of the few packages that differ by case alone, than one too few.
"""

from pavedroad.advisories.versions._semver import SemverKey, semver_key


class Npm:
    """The rules of npm."""

    name = "npm"
    ecosystems = ("npm",)

    def key(self, version: str) -> SemverKey:
        return semver_key(version.strip().lstrip("=v"))

    def package(self, name: str) -> str:
        return name.lower()


SCHEME = Npm()
