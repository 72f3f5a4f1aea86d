"""Tools for those who extend Pavedroad: skeletons of every kind of plug-in, which pass the contract tests as they are.

Called by ``cli/commands/dev.py`` alone. A kind is a plug-in itself: one file in ``kinds/`` and its templates.
"""

from pavedroad.cli.dev.generator import generate, known_kinds
from pavedroad.cli.dev.model import Kind, Names, Skeleton

__all__ = ["Kind", "Names", "Skeleton", "generate", "known_kinds"]
