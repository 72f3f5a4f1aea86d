"""``paved.yaml``."""

from pavedroad.cli.doctor import Answer, Check, Patient, State


def _look(patient: Patient) -> Answer:
    if patient.content is None:
        return Answer(state=State.OK, sentence="there is no paved.yaml: the defaults hold", next_step="paved init")
    _ = patient.config  # raises, with the line and the key
    return Answer(state=State.OK, sentence="paved.yaml is valid")


CHECK = Check(name="config", title="paved.yaml", look=_look)
