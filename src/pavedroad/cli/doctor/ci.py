"""The CI platform, and whether there is enough history to tell new findings from old ones."""

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.infra.ci import detect
from pavedroad.infra.errors import GitError
from pavedroad.infra.git import Repository


def _shallow(patient: Patient) -> bool:
    try:
        return patient.in_git and Repository(patient.root).is_shallow()
    except GitError:
        return False  # the check of git says more


def _look(patient: Patient) -> Answer:
    found = detect()
    where = f"{found.platform}, {found.control_point}" if found.platform else "none: this is no CI run"
    if not patient.in_git:
        return Answer(state=State.OK, sentence=f"{where}; not a git work tree, so every finding counts as new")
    if _shallow(patient):
        return Answer(
            state=State.WARN,
            sentence=f"{where}; the clone is shallow, so new and old may not be told apart",
            next_step="fetch the whole history (git fetch --unshallow; GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0)",
        )
    if found.platform and not found.bases:
        return Answer(
            state=State.OK,
            sentence=f"{where}; it names nothing to compare with, so every finding counts",
            next_step="give 'paved check' --since REF to gate on new findings only",
        )
    compared = f"; compares with {found.bases[0]}" if found.bases else ""
    return Answer(state=State.OK, sentence=where + compared)


CHECK = Check(name="ci", title="CI platform", look=_look)
