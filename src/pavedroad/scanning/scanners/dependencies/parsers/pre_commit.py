"""``.pre-commit-config.yaml`` (pre-commit.com): repositories of hooks by tag, and packages added to their environments.

Hooks run on laptops and build machines, so they are for development. ``rev`` that is a commit or a branch is a gap.
"""

import re
from collections.abc import Iterator
from typing import Any

from pavedroad.core.purl import PurlError, make
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, UNPINNED, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._node import EXACT, split
from pavedroad.scanning.scanners.dependencies.parsers._python import requirement
from pavedroad.scanning.scanners.dependencies.parsers.requirements import exact

_TAG = re.compile(r"[A-Za-z_-]{0,30}[0-9]+(?:\.[0-9A-Za-z+-]+)+", re.ASCII)


def _read(source: Source) -> Iterator[Package | None]:
    lines = source.lines(r"""^[ \t]*(?:-[ \t]*)?["']?repo["']?[ \t]*:[ \t]*["']?([^\s"'#]+)""")
    added = source.lines(
        r"""["'\s,\[]((?:@[a-z0-9._-]+/)?[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]\n]{0,100}\])?(?:==|@)[0-9]"""
    )
    for entry in map(read.mapping, read.sequence(source.yaml().get("repos"))):
        address = entry.get("repo")
        if address not in ("local", "meta", "builtin"):
            yield _hook(source, address, entry.get("rev"), lines.line(address))
        for hook in map(read.mapping, read.sequence(entry.get("hooks"))):
            for text in read.sequence(hook.get("additional_dependencies")):
                yield _addition(source, text, added.line)


def _hook(source: Source, address: Any, rev: Any, line: int) -> Package | None:
    name = read.repository(address)
    if not name:
        source.gaps.add(LOCAL, shown(str(address)), harmless=True)
        return None
    if not isinstance(rev, str) or _TAG.fullmatch(rev) is None:
        source.gaps.add("a branch or a commit in place of a version", shown(f"{name} {rev}"))
        return None
    return source.package(name, rev, line, direct=True, scope=SCOPE_DEV, purl=_purl(name, rev))


def _purl(name: str, rev: str) -> str:
    """Of a repository on GitHub, which has a type of its own; empty for others."""
    host, _, rest = name.partition("/")
    owner, slash, last = rest.partition("/")
    if host.lower() != "github.com" or not slash:
        return ""
    try:
        return str(make("github", last, namespace=owner, version=rev))
    except PurlError:
        return ""


def _addition(source: Source, text: Any, line: Any) -> Package | None:
    """A package of the hook's language, which the file does not always say: pip's ``==`` and npm's ``@`` do."""
    one = requirement(text)
    if one is not None and exact(one):
        return source.package(one.name, exact(one), line(one.name), ecosystem="PyPI", direct=True, scope=SCOPE_DEV)
    name, version = split(text) if isinstance(text, str) else ("", "")
    if version and (match := EXACT.fullmatch(version)):
        return source.package(name, match.group(1), line(name), ecosystem="npm", direct=True, scope=SCOPE_DEV)
    source.gaps.add(UNPINNED, shown(str(text)))
    return None


PARSER = Format("pre-commit", ".pre-commit-config.yaml", "pre-commit", _read, names=(".pre-commit-config.yaml",))
