"""``yarn.lock``: version 1 (classic, a format of its own) and the YAML of Yarn 2 and later (berry).

Berry lists the workspaces of the project; classic lists packages alone, so the package.json beside it says what is
direct. Which packages are for development is in no yarn.lock: it comes from the package.json files.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_OPTIONAL, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, LOCAL, Entries, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._node import from_git, local, manifest, split, wanted

ROOT = "the project"
# Name, then range, both perhaps in quotes, as classic writes a line.
_PAIR = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s"]+)\s+("(?:[^"\\]|\\.)*"|\S+)\s*')


def _read(source: Source) -> list[Package]:
    if re.search(r"^__metadata:", source.text, re.MULTILINE):
        return _Berry(source).packages()
    return _classic(source)


def _unquote(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word


class _Entry:
    """One block of a classic file."""

    def __init__(self, descriptors: list[str], line: int) -> None:
        self.descriptors, self.line = descriptors, line
        self.values: dict[str, str] = {}
        self.needs: list[tuple[str, str]] = []


def _blocks(text: str) -> Iterator[_Entry]:
    entry, section = None, False
    for number, line in enumerate(text.split("\n"), 1):
        code = line.rstrip()
        if not code.strip() or code.startswith("#"):
            continue
        if not code[0].isspace():
            if not code.endswith(":"):
                raise LockfileError(f"line {number} of yarn.lock begins no entry", next_step="let yarn write it anew")
            if entry is not None:
                yield entry
            descriptors = [_unquote(each) for each in re.findall(r'"(?:[^"\\]|\\.)*"|[^\s",]+', code[:-1])]
            entry, section = _Entry(descriptors, number), False
        elif entry is not None:
            section = _detail(entry, code, section)
    if entry is not None:
        yield entry


def _detail(entry: _Entry, code: str, section: bool) -> bool:
    """Take one indented line; the answer is whether a list of dependencies is open after it."""
    body = code.strip()
    deep = code.startswith("    ")
    if not deep and body.endswith(":"):
        return body in ("dependencies:", "optionalDependencies:")
    if (pair := _PAIR.fullmatch(body)) is not None:
        name, value = _unquote(pair.group(1)), _unquote(pair.group(2))
        if not deep:
            entry.values[name] = value
        elif section:
            entry.needs.append((name, value))
    return section if deep else False


def _classic(source: Source) -> list[Package]:
    entries: Entries[str] = Entries()
    blocks = list(_blocks(source.text))
    read.check_count(len(blocks))
    of = {descriptor: block.descriptors[0] for block in blocks for descriptor in block.descriptors}
    for block in blocks:
        if not block.descriptors:
            continue
        needs = [of[key] for name, wish in block.needs if (key := f"{name}@{wish}") in of]
        entries.add(block.descriptors[0], _classic_package(source, block), needs)
    document = manifest(source.beside("package.json"))
    if document is None:
        return entries.linked()
    return _with_manifest(entries, of, document)


def _classic_package(source: Source, block: _Entry) -> Package | None:
    name, wish = split(block.descriptors[0])
    resolved = block.values.get("resolved", "")
    if local(wish) and not resolved:
        source.gaps.add(LOCAL, name, harmless=True)
        return None
    if wish.startswith("npm:"):
        name = split(wish.removeprefix("npm:"))[0]
    origin = "git" if from_git(resolved) else ""
    hashes = read.integrity(block.values.get("integrity"))
    digest = resolved.rpartition("#")[2]
    if not hashes and not origin:
        hashes = read.digest("sha1", digest)
    return source.package(name, block.values.get("version"), block.line, origin=origin, hashes=hashes)


def _with_manifest(entries: Entries[str], of: dict[str, str], document: dict[str, Any]) -> list[Package]:
    """Direct packages and scopes from the package.json beside. Other workspaces are not seen from here, so of a project
    that has some, only what this package.json asks for is known."""
    roots: dict[str, list[str]] = {SCOPE_RUNTIME: [], SCOPE_OPTIONAL: [], SCOPE_DEV: []}
    for name, wish, scope in wanted(document):
        if (key := of.get(f"{name}@{wish}")) is not None:
            roots[scope].append(key)
    asked = [key for keys in roots.values() for key in keys]
    name = read.usable(document.get("name")) or ROOT
    if "workspaces" not in document:
        entries.own("", name, asked)
        return entries.linked(scopes=roots)
    packages = entries.linked(direct=asked)
    return [msgspec.structs.replace(each, direct=each.direct or None) for each in packages]


class _Berry:
    """A file of Yarn 2 or later: YAML, one entry per resolution, workspaces among them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        document = source.yaml()
        document.pop("__metadata", None)
        read.check_count(len(document))
        self._blocks = {str(key): read.table(value, "an entry") for key, value in document.items()}
        self._of = {each.strip(): key for key in self._blocks for each in key.split(",")}
        self._lines = source.lines(r'^"?([^\s"#][^"\n]*?)"?:[ \t]*$')

    def packages(self) -> list[Package]:
        entries: Entries[str] = Entries()
        roots: dict[str, list[str]] = {SCOPE_RUNTIME: [], SCOPE_OPTIONAL: [], SCOPE_DEV: []}
        for key, block in self._blocks.items():
            name, rest = split(str(block.get("resolution") or ""))
            needs = self._needs(block)
            if rest.startswith("workspace:"):
                self._source.gaps.add(LOCAL, name, harmless=True)
                entries.own(key, name, [target for _, target in needs])
                self._wishes(rest.removeprefix("workspace:"), needs, roots)
            else:
                entries.add(key, self._package(key, block, name, rest), [target for _, target in needs])
        return entries.linked(scopes=roots)

    def _needs(self, block: dict[str, Any]) -> list[tuple[str, str]]:
        found = []
        for name, wish in read.mapping(block.get("dependencies")).items():
            for descriptor in (f"{name}@{wish}", f"{name}@npm:{wish}"):
                if (target := self._of.get(descriptor)) is not None:
                    found.append((str(name), target))
                    break
        return found

    def _wishes(self, folder: str, needs: list[tuple[str, str]], roots: dict[str, list[str]]) -> None:
        """Which of a workspace's packages are for development: its own package.json knows."""
        document = manifest(self._source.beside(f"{folder}/package.json")) or {}
        scopes = {name: scope for name, _, scope in reversed(list(wanted(document)))}
        for name, target in needs:
            if name in scopes:
                roots[scopes[name]].append(target)

    def _package(self, key: str, block: dict[str, Any], name: str, rest: str) -> Package | None:
        while rest.startswith("patch:"):  # the package inside, changed by a patch of the project
            name, rest = split(rest.removeprefix("patch:").replace("%3A", ":").replace("%40", "@"))
            rest = rest.partition("#")[0]
        if local(rest):
            self._source.gaps.add(LOCAL, name, harmless=True)
            return None
        origin = "git" if from_git(rest) or "commit=" in rest else "" if rest.startswith("npm:") else "url"
        version = str(block.get("version") or "")
        if origin == "url" and not version:
            self._source.gaps.add(BY_URL, name)
            return None
        return self._source.package(name, version, self._lines.line(key), origin=origin)


PARSER = Format("yarn", "yarn.lock", "npm", _read, names=("yarn.lock",), companions=("package.json",))
