"""Whether this machine lets us take the network away from scanners."""

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.infra.process import Limits, run


def _look(patient: Patient) -> Answer:
    achieved = run(["true"], cwd="/", limits=Limits(seconds=20)).isolation.network
    if achieved.startswith("none"):
        return Answer(state=State.OK, sentence=f"guests get {achieved}")
    return Answer(
        state=State.WARN,
        sentence=f"guests keep the network: {achieved}",
        next_step="allow user namespaces (user.max_user_namespaces) or system call filters here; coverage will say it",
    )


CHECK = Check(name="isolation", title="isolation of guests", look=_look)
