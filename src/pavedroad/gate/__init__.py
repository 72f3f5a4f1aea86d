"""The main job: plan, scan, compare, waive, decide. Called by ``cli`` and later by the server; never prints, never
exits.

``check(request)`` looks at a tree through every applicable scanner and returns a ``Run`` with its verdict;
``inventory(request)`` only lists what the tree is made of.
"""

from pavedroad.gate.check import check
from pavedroad.gate.inventory import Inventory, inventory
from pavedroad.gate.request import CheckRequest, NoProgress, Progress

__all__ = ["CheckRequest", "Inventory", "NoProgress", "Progress", "check", "inventory"]
