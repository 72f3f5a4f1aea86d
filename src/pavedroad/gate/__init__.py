"""The main job: plan, scan, compare, waive, decide. Called by ``cli`` and later by the server; never prints, never
exits.

``check(request)`` looks at a tree through every applicable scanner and returns a ``Run`` with its verdict.
"""

from pavedroad.gate.check import check
from pavedroad.gate.request import CheckRequest, NoProgress, Progress

__all__ = ["CheckRequest", "NoProgress", "Progress", "check"]
