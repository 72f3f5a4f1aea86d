"""Whether this machine lets us take the network, and the files of others, away from scanners."""

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.infra.process import Limits, run


def _look(patient: Patient) -> Answer:
    isolation = run(["true"], cwd="/", limits=Limits(seconds=20)).isolation
    achieved = isolation.network
    if achieved.startswith("none"):
        return _of_files(f"guests get {achieved}", isolation.files)
    return Answer(
        state=State.WARN,
        sentence=f"guests keep the network: {achieved}",
        next_step="allow user namespaces (user.max_user_namespaces) or system call filters here; coverage will say it",
    )


def _of_files(network: str, files: str) -> Answer:
    if not files.startswith("open"):
        return Answer(state=State.OK, sentence=f"{network}; files {files}" if files else network)
    return Answer(
        state=State.WARN,
        sentence=f"{network}; but they see every file that you may: {files}",
        next_step="a kernel from 5.13 on with Landlock switched on (lsm=landlock,...) closes your home to them",
    )


CHECK = Check(name="isolation", title="isolation of guests", look=_look)
