"""Whether the code of a project uses a component: the first step, imported or not."""

import enum

from pavedroad.core.noun import Noun


class Reachability(enum.Enum):
    """``reachable``: code that runs in production imports it. ``potentially``: only tests import it, or a dependency
    that is imported brings it in, or something is imported by a name that is made at run time. ``unreachable``: nothing
    imports it. ``unknown``: nobody can tell, which is not the same as unreachable."""

    REACHABLE = "reachable"
    POTENTIALLY = "potentially"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class Reach(Noun, frozen=True, kw_only=True):
    """The state, and in how many words why. ``counts_as`` is the state that rules of the gate see instead, where a
    guess must not weaken them."""

    state: Reachability
    why: str
    counts_as: Reachability | None = None
