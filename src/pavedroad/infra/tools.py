"""Guest tools: Python-packaged programs, each installed in an environment of its own from a hash-locked list of ours.

A tool is a folder ``guest_tools/<name>/`` with ``tool.toml`` and ``requirements.txt``; nothing is edited to add one.
``paved tools sync`` installs, and writes a manifest of every file; :func:`resolve` reads every file again before each
run. What the manifest can and cannot show: docs/explain/adr/0007-guests.md.
"""

import hashlib
import os
import re
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import msgspec

from pavedroad.core.errors import UsageError
from pavedroad.core.noun import Noun
from pavedroad.infra.documents import read_toml
from pavedroad.infra.errors import DocumentError, FileError, PluginError, ToolError
from pavedroad.infra.files import read_file
from pavedroad.infra.paths import user_data

FOLDER = Path(__file__).with_name("guest_tools")
MANIFEST = "manifest.json"
# Tools must not write byte code beside their modules: the next verification would call that a change.
ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1"}

_MAX_LOCK_BYTES = 4 << 20
_MAX_MANIFEST_BYTES = 64 << 20
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# One pinned package with its hashes, as ``uv pip compile --generate-hashes`` writes it; no URL, no option, no range.
_PINNED = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[\w.+!-]+)( ; [^\\#]+?)?((?: --hash=sha256:[0-9a-f]{64})+)"
)


class Tool(Noun, frozen=True, kw_only=True):
    """One tool as the repository describes it.

    ``package`` is the distribution that gives the tool its ``version``. ``program`` is a path (or one glob) inside the
    environment. ``digest`` is the SHA-256 of the hash-locked list.
    """

    name: str
    package: str
    version: str
    licence: str
    homepage: str
    purpose: str
    program: str
    digest: str = ""


class Manifest(Noun, frozen=True, kw_only=True):
    """What was installed: relative path -> SHA-256 of the content, or ``link:`` and the target of a symbolic link."""

    tool: str
    digest: str
    files: dict[str, str]


# --- the list --------------------------------------------------------------------------------------------------------


def pinned(lock: str) -> dict[str, str]:
    """Package -> version of a hash-locked list. Raises ValueError, quoting the line, for what is not pinned by hash."""
    found: dict[str, str] = {}
    for line in lock.replace("\\\n", " ").splitlines():
        text = re.sub(r"\s+", " ", line).strip()
        if not text or text.startswith("#"):
            continue
        match = _PINNED.fullmatch(text)
        if match is None:
            raise ValueError(f"not one version with SHA-256 hashes: {text[:80]}")
        found[match["name"].lower()] = match["version"]
    return found


def _load(folder: Path) -> Tool:
    where = f"{folder.parent.name}/{folder.name}"
    try:
        table = read_toml((folder / "tool.toml").read_bytes(), where=f"{where}/tool.toml")
        lock = (folder / "requirements.txt").read_bytes()
        tool = msgspec.convert({**table, "digest": hashlib.sha256(lock).hexdigest()}, Tool)
        versions = pinned(lock.decode())
    except (OSError, ValueError, DocumentError, msgspec.ValidationError) as error:
        raise PluginError(
            f"this tool cannot be read: {error}", where=where, next_step="repair tool.toml or requirements.txt"
        ) from error
    if tool.name != folder.name or not _NAME.fullmatch(tool.name):
        raise PluginError(f"the tool calls itself '{tool.name}'", where=where, next_step="name it as its folder")
    if versions.get(tool.package.lower()) != tool.version:
        raise PluginError(
            f"requirements.txt does not pin {tool.package} to {tool.version}",
            where=where,
            next_step="compile requirements.txt again",
        )
    return tool


@cache
def _tools_in(folder: Path) -> dict[str, Tool]:
    return {path.name: _load(path) for path in sorted(folder.iterdir()) if path.is_dir() and path.name[0] not in "._"}


def all_tools() -> dict[str, Tool]:
    """Every tool by name, sorted. Raises PluginError for a broken one."""
    return _tools_in(FOLDER)


def get(name: str) -> Tool:
    """The tool of that name. Raises UsageError."""
    import difflib

    if name in all_tools():
        return all_tools()[name]
    close = difflib.get_close_matches(name, all_tools(), 1)
    hint = f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(all_tools())}"
    raise UsageError(f"there is no guest tool '{name}'", next_step=hint)


# --- the installation ------------------------------------------------------------------------------------------------


def home(tool: Tool) -> Path:
    """Where this version of the tool is, or would be, for this Python and machine."""
    build = f"{sys.implementation.cache_tag}-{os.uname().machine}"
    return user_data() / "tools" / tool.name / f"{tool.digest[:32]}-{build}"


def fingerprints(root: Path) -> dict[str, str]:
    """Relative path -> what a manifest says of it, for everything below ``root`` but the manifest. Reads all content.

    Raises FileError.
    """
    found: dict[str, str] = {}
    files: list[tuple[str, Path]] = []
    for path, relative, kind in _walk(root):
        if stat.S_ISLNK(kind):
            found[relative] = f"link:{path.readlink()}"
        elif stat.S_ISREG(kind):
            files.append((relative, path))
        elif not stat.S_ISDIR(kind):
            found[relative] = "neither a file nor a folder nor a link"
    # hashlib lets other threads run while it works.
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        found.update(zip((name for name, _ in files), pool.map(_digest, (path for _, path in files)), strict=True))
    found.pop(MANIFEST, None)
    return found


def _walk(root: Path) -> list[tuple[Path, str, int]]:
    rows = []
    try:
        queue = [str(root)]
        while queue:
            with os.scandir(queue.pop()) as entries:
                for entry in entries:
                    kind = entry.stat(follow_symlinks=False).st_mode
                    rows.append((Path(entry.path), os.path.relpath(entry.path, root), kind))
                    if stat.S_ISDIR(kind):
                        queue.append(entry.path)
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", where=str(root)) from error
    return rows


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _manifest(tool: Tool) -> Manifest:
    where = home(tool)
    next_step = f"run: paved tools sync {tool.name}"
    content = read_file(where / MANIFEST, _MAX_MANIFEST_BYTES)
    if content is None:
        raise ToolError(f"the guest tool '{tool.name}' {tool.version} is not installed", next_step=next_step)
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise ToolError("its manifest is broken", where=str(where / MANIFEST), next_step=next_step) from error
    if (manifest.tool, manifest.digest) != (tool.name, tool.digest):
        raise ToolError("its manifest is of another version", where=str(where / MANIFEST), next_step=next_step)
    return manifest


def verify(name: str) -> Path:
    """Read and compare every file of the tool; gives its environment's folder. Raises ToolError naming a difference."""
    tool = get(name)
    expected = _manifest(tool).files
    found = fingerprints(home(tool))
    if expected == found:
        return home(tool)
    changed = sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path))
    first = changed[0]
    how = "is missing" if first not in found else "was added" if first not in expected else "was changed"
    others = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
    raise ToolError(
        f"the guest tool '{tool.name}' is not what was installed: {first} {how}{others}",
        where=str(home(tool)),
        next_step=f"find out who did that, then run: paved tools sync {tool.name}",
    )


def state(name: str) -> str:
    """``installed`` (and verified), ``missing`` or ``changed``."""
    if not (home(get(name)) / MANIFEST).is_file():
        return "missing"
    try:
        verify(name)
    except (ToolError, FileError):
        return "changed"
    return "installed"


def resolve(name: str) -> tuple[str, ...]:
    """Verify the tool: the beginning of its command line, to which arguments are added. Raises ToolError.

    Pass :data:`ENVIRONMENT` to the guest as well.
    """
    root = verify(name)
    found = program(get(name), root)
    with found.open("rb") as stream:
        is_script = stream.read(2) == b"#!"
    # The interpreter named in a script is that of the folder in which it was built; ours is beside it.
    return (str(root / "bin/python"), "-I", "-B", str(found)) if is_script else (str(found),)


def program(tool: Tool, root: Path) -> Path:
    """The tool's program below ``root``. Raises ToolError."""
    found = sorted(root.glob(tool.program))
    if len(found) != 1:
        raise ToolError(f"the guest tool '{tool.name}' came without its program '{tool.program}'", where=str(root))
    return found[0]


def sync(name: str) -> bool:
    """Install the tool when it is missing or changed: whether there was anything to do. Needs the network.

    Raises ToolError.
    """
    from pavedroad.infra._tool_sync import install

    return install(get(name))
