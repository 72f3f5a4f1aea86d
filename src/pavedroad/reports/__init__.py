"""Reports: a Run in, bytes out. Called by ``cli`` through ``gate``; never changes a verdict and never reads the tree.

A format is one file in ``formats/`` that defines ``FORMAT``.
"""

from pavedroad.reports.model import Format, ReportContext

__all__ = ["Format", "ReportContext"]
