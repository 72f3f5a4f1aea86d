"""What the parsers of Node's package managers share: descriptors such as ``@scope/name@^1``, and package.json."""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_OPTIONAL, SCOPE_RUNTIME
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")
TABLES = (
    ("dependencies", SCOPE_RUNTIME),
    ("optionalDependencies", SCOPE_OPTIONAL),
    ("peerDependencies", SCOPE_RUNTIME),
    ("devDependencies", SCOPE_DEV),
)
EXACT = re.compile(r"=?\s*v?([0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}(?:[-+][0-9A-Za-z.+-]{1,100})?)")
_GIT = re.compile(
    r"(?:git[+:@]|github:|gitlab:|bitbucket:|gist:)|https?://[^ ]*\.git(?:#|$)|https://codeload\.github\.com/"
)


def split(descriptor: str) -> tuple[str, str]:
    """Name and the rest of ``name@rest``; the ``@`` of a scope is part of the name."""
    at = descriptor.find("@", 1)
    return (descriptor, "") if at < 0 else (descriptor[:at], descriptor[at + 1 :])


def from_git(text: Any) -> bool:
    """Whether an address is of a git repository, as the package managers write it."""
    return isinstance(text, str) and _GIT.match(text) is not None


def local(text: str) -> bool:
    """Whether a range names a folder or a file of the project."""
    return text.startswith(("workspace:", "link:", "portal:", "file:", "./", "../", "/", "root:"))


def manifest(content: bytes | None) -> dict[str, Any] | None:
    """A package.json that only adds detail: None when it is absent or broken."""
    try:
        return read.json_object(content) if content is not None else None
    except LockfileError:
        return None


def wanted(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, range and scope of everything a package.json asks for."""
    for table, scope in TABLES:
        for name, wish in read.mapping(document.get(table)).items():
            yield name, wish if isinstance(wish, str) else "", scope
