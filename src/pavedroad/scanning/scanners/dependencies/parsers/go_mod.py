"""``go.mod`` and ``go.work`` (go.dev/ref/mod): required modules after ``replace`` and ``exclude``, and the toolchain as
package ``stdlib``. ``go.sum`` beside confirms what is downloaded; its ``h1:`` hashes are of file lists and no hashes of
an archive, so components do not carry them.

From Go 1.17 on the file lists every module of the build; before that only the direct ones, which leaves a gap that is
said.
"""

import posixpath
import re

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import MAX_NAME, Gaps, Package, ParseResult, found, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

_BLOCKS = ("require", "replace", "exclude", "retract", "tool", "ignore", "godebug", "use")
_SINGLE = ("module", "go", "toolchain")
_GO = re.compile(
    r"(?:go)?([0-9]{1,4}\.[0-9]{1,4}(?:\.[0-9]{1,4})?(?:(?:rc|beta|alpha)[0-9]{1,4})?)(?:[-+].*)?", re.ASCII
)
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|=>|[^\s"`]+')

NO_MEMBER = "a module of the workspace that is not in the tree"

Version = tuple[str, str]


class _Module:
    """One go.mod while it is read."""

    def __init__(self) -> None:
        self.name = ""
        self.go: tuple[str, int] = ("", 0)
        self.toolchain: tuple[str, int] = ("", 0)
        self.requires: list[tuple[str, str, int, bool]] = []
        self.replaces: dict[Version, Version] = {}
        self.excludes: set[Version] = set()
        self.uses: list[str] = []


class GoModParser:
    """The plug-in."""

    name = "go-mod"
    title = "go.mod, go.work"
    ecosystem = "Go"
    files = ("go.mod", "go.work")
    companions = ("go.sum", "go.mod")

    def selects(self, path: str) -> bool:
        return read.base_name(path) in ("go.mod", "go.work")

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        module = _read(read.text_of(content))
        gaps, folder = Gaps(), posixpath.dirname(path)
        if read.base_name(path) == "go.work":
            _workspace(module, folder, tree, gaps)
            return ParseResult(components=found(_standard_library(module, gaps), path), gaps=gaps.result())
        packages = [p for p in (_required(module, each, gaps) for each in module.requires) if p is not None]
        standard = _standard_library(module, gaps)
        if packages and _before_1_17(module.go[0]):
            gaps.add("before Go 1.17 go.mod leaves out indirect modules", module.go[0] or "no go line")
        _confirm(packages, tree.read(posixpath.join(folder, "go.sum")), gaps)
        return ParseResult(components=found([*packages, *standard], path), gaps=gaps.result())


def _workspace(module: _Module, folder: str, tree: Tree, gaps: Gaps) -> None:
    """A workspace has no modules of its own: what its members require is read in their own files."""
    for member in module.uses:
        held = tree.read(posixpath.normpath(posixpath.join(folder, member, "go.mod"))) is not None
        gaps.add("a module of the workspace, read on its own" if held else NO_MEMBER, member, harmless=held)
    for (name, version), new in module.replaces.items():
        shift = f"{name} {version} => {' '.join(new).strip()}"
        gaps.add("replaced by go.work for every module of the workspace", shift)


def _confirm(packages: list[Package], content: bytes | None, gaps: Gaps) -> None:
    """Modules whose content go.sum does not name: Go would refuse to build them."""
    if content is None:
        if packages:
            gaps.add("no go.sum stands beside: nothing confirms what is downloaded", "go.sum", harmless=True)
        return
    known = {tuple(line.split()[:2]) for line in read.text_of(content).split("\n")}
    for package in packages:
        name, version = package.name, package.version
        if (name, version) not in known and (name, f"{version}/go.mod") not in known:
            gaps.add("a module that go.sum does not confirm", f"{name} {version}")


def _read(text: str) -> _Module:
    module, block = _Module(), ""
    for number, line in enumerate(text.split("\n"), 1):
        code, _, comment = _split_comment(line)
        words = [_unquote(word) for word in _WORD.findall(code)]
        if not words:
            continue
        if words == [")"] and block:
            block = ""
        elif block:
            _directive(module, block, words, number, comment)
        elif words[-1] == "(" and len(words) == 2 and words[0] in _BLOCKS:
            block = words[0]
        elif words[0] in _BLOCKS or words[0] in _SINGLE:
            _directive(module, words[0], words[1:], number, comment)
        else:
            raise LockfileError(f"line {number} starts with no word of such a file", next_step="run 'go mod tidy'")
    if block:
        raise LockfileError(f"the '{block}' block is not closed", next_step="run 'go mod tidy'")
    return module


def _split_comment(line: str) -> tuple[str, str, str]:
    """Code and comment; ``//`` begins a comment at the start of a word only (a URL holds it inside)."""
    match = re.search(r"(?:^|(?<=\s))//", line)
    return (line[: match.start()], "//", line[match.end() :].strip()) if match else (line, "", "")


def _unquote(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in '"`' else word


def _directive(module: _Module, name: str, words: list[str], line: int, comment: str) -> None:
    if any(len(word) > MAX_NAME or not word.isprintable() for word in words):
        raise LockfileError(f"line {line} holds a word that is not one", next_step="run 'go mod tidy'")
    if name == "require":
        if len(words) != 2:
            raise LockfileError(f"line {line}: a requirement has a path and a version", next_step="run 'go mod tidy'")
        indirect = comment.partition(";")[0].strip() == "indirect"
        module.requires.append((words[0], words[1], line, indirect))
        read.check_count(len(module.requires))
    elif name == "replace":
        _replace(module, words, line)
    elif name == "exclude" and len(words) == 2:
        module.excludes.add((words[0], words[1]))
    elif name in ("go", "toolchain") and len(words) == 1:
        setattr(module, name, (words[0], line))
    elif name == "use" and len(words) == 1:
        module.uses.append(words[0])
    elif name == "module" and words:
        module.name = words[0]


def _replace(module: _Module, words: list[str], line: int) -> None:
    arrow = words.index("=>") if "=>" in words else 0
    old, new = words[:arrow], words[arrow + 1 :]
    if len(old) not in (1, 2) or len(new) not in (1, 2):
        raise LockfileError(f"line {line}: this replacement cannot be read", next_step="run 'go mod tidy'")
    module.replaces[(old[0], old[1] if len(old) == 2 else "")] = (new[0], new[1] if len(new) == 2 else "")


def _required(module: _Module, required: tuple[str, str, int, bool], gaps: Gaps) -> Package | None:
    name, version, line, indirect = required
    if (name, version) in module.excludes:
        gaps.add("an excluded version: Go picks another one", f"{name} {version}")
        return None
    new = module.replaces.get((name, version)) or module.replaces.get((name, ""))
    if new and not new[1]:
        gaps.add("replaced by a local folder", f"{name} => {shown(new[0])}", harmless=True)
        return None
    actual = new or (name, version)
    root = module.name or "go.mod"
    return Package(
        ecosystem="Go",
        name=actual[0],
        version=actual[1],
        line=line,
        direct=not indirect,
        path=() if indirect else (root, actual[0]),
    )


def _standard_library(module: _Module, gaps: Gaps) -> list[Package]:
    """The toolchain line when there is one, else the go line: both are lower bounds of what builds the module."""
    text, line = module.toolchain if module.toolchain[0] not in ("", "default") else module.go
    if not text:
        return []
    match = _GO.fullmatch(text)
    if not match:
        gaps.add("a Go version that cannot be read", text)
        return []
    return [Package(ecosystem="Go", name="stdlib", version=match.group(1), line=line, direct=True, minimum=True)]


def _before_1_17(version: str) -> bool:
    match = re.match(r"([0-9]{1,4})\.([0-9]{1,4})", version)
    return match is None or (int(match.group(1)), int(match.group(2))) < (1, 17)


PARSER = GoModParser()
