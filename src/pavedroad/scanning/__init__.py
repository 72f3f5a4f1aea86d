"""Scanning: looks at files and yields findings and coverage. Called by ``gate``; never decides, waives or writes
reports.

A scanner is one folder in ``scanners/``. It runs in a process of its own, without network and without the caller's
environment, inside budgets enforced from outside (``worker.py`` is the inside, ``pool.py`` the outside).
"""

from pavedroad.scanning.model import (
    Blob,
    FileResult,
    Needs,
    Preparation,
    Scanner,
    ScanSettings,
    Session,
)

__all__ = [
    "Blob",
    "FileResult",
    "Needs",
    "Preparation",
    "ScanSettings",
    "Scanner",
    "Session",
]
