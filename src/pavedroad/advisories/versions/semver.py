"""Ecosystems that follow SemVer 2.0 without an addition of their own: Hex, SwiftURL, GitHub Actions and others.

- Hex: Elixir's ``Version`` is SemVer 2.0.
- Swift packages are Git tags that are semantic versions; a leading ``v`` is common and means nothing. The name is the
  address of the repository, written in several ways.
- Actions are Git tags as well, named by owner and repository, which GitHub treats alike in any letter case. An advisory
  speaks of releases: a moving tag such as ``v4`` reads as its first release.
- Bitnami, VS Code extensions and the Linux kernel of OSV use the same order.
"""

import re

from pavedroad.advisories.versions._semver import SemverKey, semver_key

_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?", re.ASCII)


class Semver:
    """SemVer 2.0 and nothing more. Names count as one in any letter case."""

    name = "semver"
    ecosystems = ("Hex", "SwiftURL", "GitHub Actions", "Bitnami", "VSCode", "Linux")

    def key(self, version: str) -> SemverKey:
        return semver_key(version.removeprefix("v"))

    def package(self, name: str) -> str:
        """``https://GitHub.com/a/b.git`` and ``git@github.com:a/b`` are ``github.com/a/b``."""
        text = name.lower()
        stripped = _ADDRESS.sub("", text, count=1)
        if stripped != text:
            stripped = stripped.replace(":", "/", 1) if "://" not in text else stripped
            stripped = stripped.rstrip("/")
        return stripped.removesuffix(".git") or text


SCHEME = Semver()
