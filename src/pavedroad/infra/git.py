"""The git door: lists files, changes and old contents through the ``git`` program.

git is trusted more than a guest (it needs the user's own ``safe.directory`` settings), but the repository is not:
hooks, file-system monitors, external diff and text-conversion programs, lazy fetches and prompts are switched off on
every call.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pavedroad.core.noun import Noun
from pavedroad.infra.errors import GitError

_HARDENING = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.pager=cat",
    "-c", "diff.external=",
    "-c", "protocol.allow=never",
    "-c", "core.quotePath=false",
    "-c", "gc.auto=0",
)  # fmt: skip
_DROPPED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF", "GIT_CONFIG_PARAMETERS", "GIT_PREFIX", "GIT_EXEC_PATH")
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NULL_ID = "0" * 40
_SECONDS = 120
_CLOSED = b"warning: could not open directory '"  # what git says, in dir.c


class FileChange(Noun, frozen=True, kw_only=True):
    """One file that differs between two states. ``old`` is empty for an added file, ``new`` for a deleted one.

    ``old_id`` and ``new_id`` are blob ids; ``new_id`` is empty when the new content is the working file.
    """

    status: str
    old: bytes = b""
    new: bytes = b""
    old_id: str = ""
    new_id: str = ""


class HistoryBlob(Noun, frozen=True, kw_only=True):
    """A file content that some commit introduced."""

    commit: str
    path: bytes
    blob_id: str


def _environment() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    env.update(
        GIT_OPTIONAL_LOCKS="0",
        GIT_TERMINAL_PROMPT="0",
        GIT_NO_LAZY_FETCH="1",
        GIT_ASKPASS="true",
        LC_ALL="C.UTF-8",
    )
    if index := env.get("GIT_INDEX_FILE"):
        env["GIT_INDEX_FILE"] = str(Path(index).absolute())
    return env


def _argv(root: Path, arguments: Sequence[str]) -> list[str]:
    return ["git", "-C", str(root), *_HARDENING, *arguments]


def find_root(path: Path) -> Path | None:
    """The top folder of the work tree that holds ``path``, or None. Looks for ``.git`` upward, without running git."""
    start = path if os.path.isdir(path) else path.parent  # noqa: PTH112 - pathlib raises where we may not search
    for folder in (start, *start.parents):
        if os.path.exists(folder / ".git"):  # noqa: PTH110
            return folder
    return None


class Repository:
    """One work tree. Every method raises GitError, naming the next step, when git fails."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                _argv(self.root, arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
            )
        except FileNotFoundError as error:
            raise GitError(
                "the program 'git' is not on PATH", where=str(self.root), next_step="install git, e.g. apt install git"
            ) from error

    def _finish(self, process: subprocess.Popen[bytes], verb: str, *, check: bool = True) -> bytes:
        return self._finish_and_hear(process, verb, check=check)[0]

    def _finish_and_hear(
        self, process: subprocess.Popen[bytes], verb: str, *, check: bool = True
    ) -> tuple[bytes, bytes]:
        """What git wrote, and what it complained of all the same."""
        try:
            out, complaints = process.communicate(timeout=_SECONDS)
        except BaseException as error:
            process.kill()
            process.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                raise GitError(
                    f"git {verb} took over {_SECONDS} seconds",
                    where=str(self.root),
                    next_step="run the same git command there; a pipe instead of a .gitignore would make it wait",
                ) from error
            raise
        if process.returncode != 0 and check:
            words = complaints.decode("utf-8", "replace").strip().splitlines()
            fatal = next((word for word in words if word.startswith("fatal:")), words[-1] if words else "")
            raise GitError(
                f"git {verb} failed: {fatal or process.returncode}",
                where=str(self.root),
                next_step=_advice(complaints, self.root),
            )
        return (out if process.returncode == 0 else b""), complaints

    def _run(self, *arguments: str, check: bool = True) -> bytes:
        return self._finish(self._start(*arguments), arguments[0], check=check)

    def _line(self, *arguments: str) -> str:
        return self._run(*arguments, check=False).decode("utf-8", "replace").strip()

    def head(self) -> str:
        """The commit id of HEAD, empty in a repository without commits."""
        return self._line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def branch(self) -> str:
        """The branch checked out, empty when detached."""
        return self._line("symbolic-ref", "--quiet", "--short", "HEAD")

    def is_shallow(self) -> bool:
        """Whether history was cut off by a shallow clone."""
        return self._line("rev-parse", "--is-shallow-repository") == "true"

    def remote(self) -> str:
        """The address of ``origin`` as configured (it may hold credentials: see ``asset_name``)."""
        return self._line("config", "--get", "remote.origin.url")

    def resolve(self, ref: str) -> str:
        """The commit id that ``ref`` names, empty when there is none."""
        if ref.startswith("-"):
            return ""
        return self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commit ids, empty when there is none."""
        return self._line("merge-base", one, other)

    def files(self, closed: list[tuple[bytes, str]] | None = None) -> Iterator[tuple[bytes, bool]]:
        """Relative raw paths: tracked files (True; deleted ones may be among them), then untracked ones that are not
        ignored (False). Folders that git could not open, with the reason, are added to ``closed``: it lists the others
        and ends well.

        git needs ten times as long to look for untracked files as to read its index, so it looks while the caller works
        on the tracked ones.
        """
        with self._start("ls-files", "-z", "--others", "--exclude-standard") as others:
            try:
                tracked = self._run("ls-files", "-z", "--cached", "--deduplicate")
                yield from ((path, True) for path in tracked.split(b"\0") if path)
                untracked, complaints = self._finish_and_hear(others, "ls-files")
            finally:
                others.kill()
        if closed is not None:
            closed += _closed_folders(complaints)
        yield from ((path, False) for path in untracked.split(b"\0") if path)

    def changes(self, base: str) -> tuple[FileChange, ...]:
        """What differs between commit ``base`` and the tracked working files, renames detected."""
        listed = _parse_raw(self._run("diff", "--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", "--no-textconv",
                                      "--ignore-submodules=all", base, "--"))  # fmt: skip
        working = (
            FileChange(status=c.status, old=c.old, new=c.new, old_id=c.old_id, new_id="") for c in listed if c.new
        )
        return (*working, *(c for c in listed if not c.new))

    def staged(self) -> tuple[FileChange, ...]:
        """What the index holds that HEAD does not."""
        base = self.head() or EMPTY_TREE
        return _parse_raw(self._run("diff", "--cached", "--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff",
                                    "--no-textconv", "--ignore-submodules=all", base, "--"))  # fmt: skip

    def history(self, span: str = "") -> Iterator[HistoryBlob]:
        """Each file content that a commit of ``span`` (of any ref when empty) introduced, once, newest commit first."""
        argv = ("log", span or "--all", "--raw", "-z", "-m", "--no-abbrev", "--no-renames", "--no-ext-diff", "--root",
                "--diff-filter=AMT", "--format=%x01%H")  # fmt: skip
        seen: set[str] = set()
        commit = ""
        fields = _fields(self._stream(argv))
        for field in fields:
            if b"\x01" in field:
                commit, _, rest = field.rpartition(b"\x01")[2].decode("ascii", "replace").partition("\n")
                if not rest.startswith(":"):
                    continue
                field = rest.encode()  # noqa: PLW2901 - the first record stands behind the commit line
            field = field.lstrip(b"\n")  # noqa: PLW2901 - git ends the header with a line feed
            if not field.startswith(b":"):
                continue
            mode, blob_id = field.split()[1], field.split()[3].decode()
            path = next(fields, b"")
            if mode.startswith(b"100") and blob_id not in seen:
                seen.add(blob_id)
                yield HistoryBlob(commit=commit, path=path, blob_id=blob_id)

    def _stream(self, arguments: Sequence[str]) -> Iterator[bytes]:
        with subprocess.Popen(
            _argv(self.root, arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
        ) as process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            try:
                while chunk := process.stdout.read(1 << 16):
                    yield chunk
            except GeneratorExit:
                process.kill()
                raise
        if process.returncode != 0:
            raise GitError(
                f"git {arguments[0]} ended with {process.returncode}",
                where=str(self.root),
                next_step=f"run 'git {arguments[0]}' there to see why",
            )

    def contents(self, blob_ids: Iterable[str], max_bytes: int) -> Iterator[tuple[str, bytes | None]]:
        """The contents of blobs, in order. None for a blob that is missing (partial clone) or larger than
        ``max_bytes``."""
        with subprocess.Popen(
            _argv(self.root, ("cat-file", "--batch")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as process:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - asked for above
            for blob_id in blob_ids:
                process.stdin.write(blob_id.encode() + b"\n")
                process.stdin.flush()
                header = process.stdout.readline().split()
                if len(header) != 3:
                    yield blob_id, None
                    continue
                size = int(header[2])
                yield blob_id, _read_blob(process.stdout, size, max_bytes)
            process.stdin.close()


def _read_blob(stream: object, size: int, max_bytes: int) -> bytes | None:
    read = stream.read  # type: ignore[attr-defined]
    if size <= max_bytes:
        content: bytes = read(size)
        read(1)
        return content
    left = size + 1
    while left > 0:
        left -= len(read(min(left, 1 << 20)) or b"\0" * left)
    return None


def _fields(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _parse_raw(out: bytes) -> tuple[FileChange, ...]:
    """The records of ``git diff --raw -z``: modes, ids and status, then one path, or two for a rename or copy."""
    changes = []
    fields = iter(out.split(b"\0"))
    for header in fields:
        if not header.startswith(b":"):
            continue
        old_mode, new_mode, old_id, new_id, status = header[1:].decode("ascii", "replace").split()
        first = next(fields, b"")
        second = next(fields, b"") if status[0] in "RC" else first
        # 120000 is a symbolic link, 160000 a submodule: neither has content of ours to read.
        old = first if old_mode.startswith("100") and status[0] != "C" else b""
        new = second if new_mode.startswith("100") else b""
        if old or new:
            changes.append(FileChange(status=status[0], old=old, new=new, old_id=old_id if old else "", new_id=new_id))
    return tuple(changes)


def _closed_folders(complaints: bytes) -> Iterator[tuple[bytes, str]]:
    for line in complaints.split(b"\n"):
        if line.startswith(_CLOSED):
            # A line feed in the name ends the line early: then half a name is told, and no reason.
            name, _, reason = line.removeprefix(_CLOSED).rpartition(b"': ")
            yield (name or reason).rstrip(b"/"), reason.decode("utf-8", "replace") if name else "it cannot be opened"


def _advice(stderr: bytes, root: Path) -> str:
    if b"safe.directory" in stderr or b"dubious ownership" in stderr:
        return f"if you trust the folder's owner: git config --global --add safe.directory '{root}'"
    return "run the same git command there to see more"


def asset_name(remote: str, root: Path) -> str:
    """A stable, credential-free name: ``host/owner/name`` from the remote, otherwise the folder's name."""
    text = remote.strip().removesuffix("/").removesuffix(".git")
    if not text or text.startswith(("/", ".", "file:")):
        return root.name
    text = text.partition("://")[2] or text.replace(":", "/", 1)
    return text.rpartition("@")[2].lower()
