"""The pre-commit hook, which says things before they are history."""

from pathlib import Path

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.cli.init.surroundings import look_around
from pavedroad.infra.ci import detect
from pavedroad.infra.errors import FileError
from pavedroad.infra.files import read_file

_MAX_BYTES = 1 << 20
_CALL = b"paved"


def _mentions_us(path: Path) -> bool:
    try:
        return _CALL in (read_file(path, _MAX_BYTES) or b"")
    except FileError:
        return False


def _look(patient: Patient) -> Answer:
    if detect().platform:
        return Answer(state=State.OK, sentence="not needed in CI")
    if not patient.in_git:
        return Answer(state=State.OK, sentence="not a git work tree")
    if _mentions_us(patient.root / ".pre-commit-config.yaml"):
        return Answer(state=State.OK, sentence="by the pre-commit framework")
    around = look_around(patient.root)
    if around.hooks is not None and _mentions_us(around.hooks / "pre-commit"):
        return Answer(state=State.OK, sentence="git runs us before each commit")
    if around.hooks_moved:
        return Answer(
            state=State.WARN,
            sentence="the hooks of this repository are kept elsewhere (core.hooksPath)",
            next_step="let your pre-commit hook run: paved check --staged",
        )
    return Answer(
        state=State.WARN,
        sentence="no pre-commit hook runs us",
        next_step="paved init writes one; or commit and let CI say it",
    )


CHECK = Check(name="hooks", title="git hook", look=_look)
