"""Finds the project around a path: its root, configuration, repository, name and revision."""

import hashlib
import os
from datetime import date
from pathlib import Path

import msgspec

from pavedroad.core.asset import AssetKind, AssetRef
from pavedroad.core.errors import UsageError
from pavedroad.core.run import Revision
from pavedroad.gate.request import CheckRequest
from pavedroad.infra import paths
from pavedroad.infra.ci import CiContext
from pavedroad.infra.errors import FileError
from pavedroad.infra.files import read_file
from pavedroad.infra.git import Repository, asset_name, find_root
from pavedroad.policy import Config, load_config
from pavedroad.scanning.model import ScanSettings

CONFIG_NAME = "paved.yaml"
STATE_FOLDER = ".paved"
_MAX_CONFIG_BYTES = 1 << 20
# Without a key of the project's own, equal secrets hash alike everywhere: stable, but open to guessing by whoever has
# the report. 'paved init' writes a key; see the ADR on identity.
_COMMON_KEY = "pavedroad: no project key"


class Project(msgspec.Struct, frozen=True):
    """Where we are. ``only`` is the part of the tree asked for, relative to ``root``, empty for all of it."""

    root: Path
    only: str
    config: Config
    repository: Repository | None
    asset: AssetRef
    revision: Revision
    key: bytes
    notes: tuple[str, ...] = ()


def open_project(request: CheckRequest, ci: CiContext) -> Project:
    """The project that holds ``request.path``. Raises UsageError for a missing path or a broken configuration."""
    path = Path(os.path.abspath(request.path))  # noqa: PTH100 - resolve() would follow the links we refuse later
    if not os.path.exists(path):  # noqa: PTH110 - pathlib raises where we may not search
        raise UsageError("there is no such file or folder", where=str(path), next_step="give the path of a project")
    git_root = find_root(path)
    root = git_root or _configured_root(path)
    repository = Repository(root) if git_root else None
    config = _config(request, root)
    name = config.project.name or asset_name(repository.remote() if repository else "", root)
    key, notes = _key(config)
    only = "" if path == root else str(path.relative_to(root))
    return Project(
        root=root,
        only=only,
        config=config,
        repository=repository,
        asset=AssetRef(kind=AssetKind.REPOSITORY, name=name),
        revision=_revision(repository, ci),
        key=key,
        notes=notes,
    )


def _configured_root(path: Path) -> Path:
    """Outside git: the nearest folder upward that has a paved.yaml, otherwise the folder itself."""
    start = path if os.path.isdir(path) else path.parent  # noqa: PTH112
    for folder in (start, *start.parents):
        if os.path.isfile(folder / CONFIG_NAME):  # noqa: PTH113
            return folder
    return start


def _config(request: CheckRequest, root: Path) -> Config:
    path = request.config or root / CONFIG_NAME
    try:
        content = read_file(path, _MAX_CONFIG_BYTES, special=request.config is not None)
    except FileError as error:
        raise UsageError(error.what, where=str(path), next_step=error.next_step) from error
    if content is None and request.config:
        raise UsageError("there is no such configuration file", where=str(path), next_step="check the path")
    return load_config(content or b"", where=path.name)


def _key(config: Config) -> tuple[bytes, tuple[str, ...]]:
    chosen = os.environ.get("PAVED_HASH_KEY") or config.project.key
    notes = () if chosen else ("no project key: hashes of secrets can be guessed at; 'paved init' makes a key",)
    return hashlib.sha256((chosen or _COMMON_KEY).encode("utf-8", "surrogateescape")).digest(), notes


def _revision(repository: Repository | None, ci: CiContext) -> Revision:
    if repository is None:
        return Revision(branch=ci.branch)
    return Revision(commit=repository.head(), branch=ci.branch or repository.branch(), shallow=repository.is_shallow())


def settings_for(scanner: str, project: Project, *, network: bool, today: date | None = None) -> ScanSettings:
    """What one scanner may know about this run, which takes place ``today``."""
    return ScanSettings(
        key=project.key,
        user_cache=str(paths.user_cache()),
        data=str(paths.user_data()),
        options=dict(project.config.scanners.get(scanner, {})),
        network=network,
        today=today,
    )
