"""The folders in which results and compiled rules are kept."""

import os
from pathlib import Path

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.infra.paths import user_cache

STATE_FOLDER = ".paved"


def _problem(folder: Path) -> str:
    """Why the folder could not be written or made; empty when it could. Makes nothing."""
    existing = next(path for path in (folder, *folder.parents) if path.exists() or path.is_symlink())
    if not existing.is_dir():
        return f"{existing} is not a folder"
    return "" if os.access(existing, os.W_OK | os.X_OK) else f"{existing} cannot be written"


def _look(patient: Patient) -> Answer:
    project = patient.root / STATE_FOLDER / "cache"
    if any(folder.is_symlink() for folder in (project, project.parent)):
        return Answer(
            state=State.WARN, sentence=f"{project} goes through a symbolic link", next_step="replace it by a folder"
        )
    problems = [problem for folder in (project, user_cache()) if (problem := _problem(folder))]
    if problems:
        return Answer(
            state=State.WARN,
            sentence=f"{'; '.join(problems)}: every run starts from nothing",
            next_step="make it writable, or choose another folder with PAVED_CACHE_DIR",
        )
    return Answer(state=State.OK, sentence="can be written")


CHECK = Check(name="cache", title="caches", look=_look)
