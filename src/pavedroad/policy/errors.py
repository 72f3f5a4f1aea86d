"""Errors of policy.

::

    PavedError
    └── UsageError
        └── PolicyError     paved.yaml or the waiver ledger is wrong: where, what, and what was probably meant
"""

from pavedroad.core.errors import UsageError


class PolicyError(UsageError):
    """A policy file is wrong. Nothing is guessed: the program ends with exit code 2."""
