"""Go: SemVer 2.0 with a ``v`` in go.mod and none in OSV; toolchain versions (``1.21rc2``) for the standard library.

Pseudo-versions (``v0.0.0-20200101000000-abcdef123456``) are pre-releases by construction, and ``+incompatible`` is
build metadata, so SemVer precedence orders both as the module reference (go.dev/ref/mod#versions) says.

Module paths are case-sensitive, but package URLs write them in small letters, so a bill of materials may have lost the
capitals. They are looked up in small letters: no two modules with advisories differ by capitals alone.
"""

import re

from pavedroad.advisories.versions._semver import SemverKey, semver_key

_TOOLCHAIN = re.compile(r"([0-9]+\.[0-9]+(?:\.[0-9]+)?)(rc|beta|alpha)([0-9]+)", re.ASCII)


class Go:
    """The rules of Go modules and of the Go toolchain."""

    name = "Go"
    ecosystems = ("Go", "Kubernetes")

    def key(self, version: str) -> SemverKey:
        text = version.removeprefix("go").removeprefix("v")
        if match := _TOOLCHAIN.fullmatch(text):
            release, stage, number = match.groups()
            text = f"{release}-{stage}.{number}"
        return semver_key(text)

    def package(self, name: str) -> str:
        return name.lower()


SCHEME = Go()
