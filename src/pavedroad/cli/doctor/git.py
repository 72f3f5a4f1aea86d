"""The git program: finds what is new, and reads history."""

import re

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.infra.errors import GuestError
from pavedroad.infra.process import Limits, run

# GIT_NO_LAZY_FETCH and GIT_CONFIG_COUNT, which keep git from running what a repository asks for, need about this.
_LEAST = (2, 30)


def _look(patient: Patient) -> Answer:
    try:
        done = run(["git", "--version"], cwd="/", limits=Limits(seconds=20))
    except GuestError as error:
        return Answer(state=State.MISSING, sentence=error.what, next_step=error.next_step)
    match = re.search(rb"(\d+)\.(\d+)(\.\d+)*", done.stdout)
    if not done.ok or match is None:
        return Answer(
            state=State.WRONG, sentence="git does not say its version", next_step="run 'git --version' yourself"
        )
    found = match[0].decode()
    if (int(match[1]), int(match[2])) < _LEAST:
        return Answer(state=State.WARN, sentence=f"git {found} is old", next_step="install git 2.30 or newer")
    return Answer(state=State.OK, sentence=f"git {found}")


CHECK = Check(name="git", title="git", look=_look)
