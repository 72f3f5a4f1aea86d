"""What ``paved doctor`` looks at: one file per check, each defining ``CHECK``. Nothing is edited to add one.

A check looks and never changes anything; it answers with a state, one sentence, and what to do next.
"""

from pavedroad.cli.doctor._model import Answer, Check, Patient, State

__all__ = ["Answer", "Check", "Patient", "State"]
