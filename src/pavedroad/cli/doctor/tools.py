"""The guest tools that scanners need, each file of them compared with what was installed."""

from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.infra import tools
from pavedroad.scanning.registry import scanners


def _look(patient: Patient) -> Answer:
    needed = {tool for scanner in scanners().values() for tool in scanner.needs.tools}
    states = {name: tools.state(name) for name in tools.all_tools()}
    if changed := [name for name, state in states.items() if state == "changed"]:
        return Answer(
            state=State.WRONG,
            sentence=f"not what was installed: {', '.join(changed)}",
            next_step=f"find out who changed them, then: paved tools sync {' '.join(changed)}",
        )
    if absent := sorted(name for name in needed if states.get(name) != "installed"):
        return Answer(
            state=State.MISSING,
            sentence=f"not installed: {', '.join(absent)}",
            next_step=f"paved tools sync {' '.join(absent)}",
        )
    present = ", ".join(name for name, state in states.items() if state == "installed")
    return Answer(state=State.OK, sentence=present or "none installed, and no scanner needs one")


CHECK = Check(name="tools", title="guest tools", look=_look)
