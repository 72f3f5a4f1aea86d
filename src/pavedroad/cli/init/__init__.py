"""What ``paved init`` writes: ``paved.yaml``, a pre-commit hook, and a CI job for the platform it finds.

Called by ``cli/commands/init.py`` alone. Everything is first a :class:`Proposal`, a file with its text and what would
happen to it, so that ``--dry-run`` shows exactly what a real run does. Nothing of the user's is ever replaced unasked.
"""

from pavedroad.cli.init.proposals import Proposal, Step, carry_out, propose

__all__ = ["Proposal", "Step", "carry_out", "propose"]
