"""The project's own key for hashes of secrets."""

import os

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.core.errors import PavedError


def _look(patient: Patient) -> Answer:
    if os.environ.get("PAVED_HASH_KEY"):
        return Answer(state=State.OK, sentence="from PAVED_HASH_KEY")
    try:
        key = patient.config.project.key
    except PavedError:
        return Answer(state=State.WARN, sentence="not known while paved.yaml is broken", next_step="repair paved.yaml")
    if key:
        return Answer(state=State.OK, sentence="from paved.yaml")
    return Answer(
        state=State.WARN,
        sentence="the project has no key: who has a report can try guesses against the hashes of secrets",
        next_step="paved init writes project.key into paved.yaml",
    )


CHECK = Check(name="key", title="project key", look=_look)
