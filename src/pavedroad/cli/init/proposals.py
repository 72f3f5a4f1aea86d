"""Decides what would be written where, and writes it. Existing files stay, unless ``--force`` and the file is ours.

With ``--force`` the old file is kept beside the new one as ``<name>.before-paved``, and the project key is carried
over: a new key would make every known secret look new.
"""

import enum
import sys
from pathlib import Path
from typing import Any, cast

import msgspec

from pavedroad.cli.init import hook, settings
from pavedroad.cli.init.model import Package, Platform, Surroundings
from pavedroad.cli.init.package import choose_package
from pavedroad.core.errors import UsageError
from pavedroad.core.noun import Noun
from pavedroad.infra.documents import read_yaml
from pavedroad.infra.errors import DocumentError, FileError
from pavedroad.infra.files import read_file, write_atomic
from pavedroad.infra.plugins import registry

PACKAGE = "pavedroad.cli.init.platforms"
CONFIG = "paved.yaml"
PRE_COMMIT = ".pre-commit-config.yaml"
KEPT = ".before-paved"
_MAX_BYTES = 1 << 20


class Step(enum.Enum):
    """What happens to a file: written; replaced, the old one kept; left as it is because it is equal or not ours."""

    WRITE = "write"
    REPLACE = "replace"
    SAME = "same"
    LEAVE = "leave"


class Proposal(Noun, frozen=True, kw_only=True):
    """One file. ``text`` is its content, or what to add to a file left alone; ``after`` are a person's next steps.
    ``missing`` is why it will not work yet, and what to do about that."""

    path: Path
    what: str
    text: str
    step: Step
    executable: bool = False
    after: tuple[str, ...] = ()
    missing: str = ""


def platforms() -> dict[str, Platform]:
    """Every CI platform by name."""
    return cast("dict[str, Platform]", registry(PACKAGE, "PLATFORM"))


def propose(
    around: Surroundings, *, ci: str = "auto", hooks: bool = True, force: bool = False, package: str | None = None
) -> list[Proposal]:
    """Everything ``paved init`` would do. ``ci`` is a platform's name, ``auto`` or ``none``; ``package`` is what its
    job installs, chosen for the user when None. Raises UsageError."""
    jobs = chosen(around, ci)
    installed = choose_package(around.root, package) if jobs or package is not None else None
    found = [_settings(around, force=force)]
    if hooks:
        found += _hook(around, force=force)
    return found + [_job(around, platform, installed, force=force) for platform in jobs if installed]


def chosen(around: Surroundings, ci: str) -> list[Platform]:
    """The platforms meant by ``ci``: by their files, and only without any by the remote's host."""
    known = platforms()
    if ci == "none":
        return []
    if ci != "auto":
        if ci not in known:
            raise UsageError(f"there is no CI platform '{ci}'", next_step=f"choose from {', '.join(known)}, none")
        return [known[ci]]
    by_files = [p for p in known.values() if any((around.root / mark).exists() for mark in p.marks)]
    return by_files or [p for p in known.values() if any(host in around.host for host in p.hosts)]


def _settings(around: Surroundings, *, force: bool) -> Proposal:
    path = around.root / CONFIG
    old = _old_key(path)
    text = settings.settings_text(old or settings.fresh_key())
    found = _proposal(path, "settings", text, around, force=force)
    if found.step is not Step.LEAVE or path.is_symlink():
        return found
    if old:
        return Proposal(path=path, what="settings", text=text, step=Step.SAME)
    return Proposal(path=path, what="settings", text=settings.key_lines(settings.fresh_key()), step=Step.LEAVE)


def _old_key(path: Path) -> str:
    """The project key of an existing file; empty when there is none that can be read."""
    try:
        content = read_yaml(read_file(path, _MAX_BYTES) or b"", where=path.name)
    except (DocumentError, FileError):
        return ""
    project: Any = content.get("project") if isinstance(content, dict) else None
    key = project.get("key") if isinstance(project, dict) else None
    return key if isinstance(key, str) else ""


def _hook(around: Surroundings, *, force: bool) -> list[Proposal]:
    config = around.root / PRE_COMMIT
    what = "pre-commit hook"
    if config.exists():
        if "id: paved" in config.read_text(encoding="utf-8", errors="replace"):
            return [Proposal(path=config, what=what, text=hook.ENTRY, step=Step.SAME)]
        return [Proposal(path=config, what=what, text=hook.ENTRY, step=Step.LEAVE, after=("add it under 'repos:'",))]
    text = hook.script(sys.executable)
    if around.hooks is None:
        if not around.hooks_moved:
            return []
        where = around.root / ".git" / "hooks" / "pre-commit"
        after = ("core.hooksPath names another folder: add it there",)
        return [Proposal(path=where, what=what, text=text, step=Step.LEAVE, after=after)]
    return [_proposal(around.hooks / "pre-commit", what, text, around, force=force, executable=True)]


def _job(around: Surroundings, platform: Platform, package: Package, *, force: bool) -> Proposal:
    proposal = _proposal(
        around.root / platform.path,
        f"job for {platform.title}",
        platform.job(package),
        around,
        force=force and not platform.shared,
        after=tuple(step for step in (package.after, platform.after) if step),
    )
    return msgspec.structs.replace(proposal, missing=package.missing)


def _proposal(
    path: Path,
    what: str,
    text: str,
    around: Surroundings,
    *,
    force: bool,
    executable: bool = False,
    after: tuple[str, ...] = (),
) -> Proposal:
    if _through_link(path, around.root) or (path.exists() and not path.is_file()):
        step, after = Step.LEAVE, ("it is not a plain file in this folder, so it is not written",)
    elif not path.exists():
        step = Step.WRITE
    elif read_file(path, _MAX_BYTES) == text.encode():
        step = Step.SAME
    else:
        step = Step.REPLACE if force else Step.LEAVE
    return Proposal(path=path, what=what, text=text, step=step, executable=executable, after=after)


def _through_link(path: Path, root: Path) -> bool:
    """Whether a link in the tree would lead the writing elsewhere: a cloned repository may hold such links."""
    inside = [folder for folder in path.parents if folder != root and folder.is_relative_to(root)]
    return path.is_symlink() or any(folder.is_symlink() for folder in inside)


def carry_out(proposal: Proposal) -> None:
    """Write the file, if that is its step. Raises FileError."""
    if proposal.step not in (Step.WRITE, Step.REPLACE):
        return
    path = proposal.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"its folder cannot be made: {error.strerror}", where=str(path)) from error
    if proposal.step is Step.REPLACE and (old := read_file(path, _MAX_BYTES)) is not None:
        write_atomic(path.with_name(path.name + KEPT), old)
    write_atomic(path, proposal.text.encode())
    if proposal.executable:
        path.chmod(path.stat().st_mode | 0o111)
