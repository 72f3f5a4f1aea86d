"""The interpreter."""

import platform
import sys

from pavedroad.cli.doctor import Answer, Check, Patient, State

_LEAST = (3, 11)


def _look(patient: Patient) -> Answer:
    found = platform.python_version()
    if sys.version_info < _LEAST:
        return Answer(
            state=State.WRONG, sentence=f"Python {found} is too old", next_step="install Python 3.11 or newer"
        )
    return Answer(state=State.OK, sentence=f"Python {found}")


CHECK = Check(name="python", title="Python", look=_look)
