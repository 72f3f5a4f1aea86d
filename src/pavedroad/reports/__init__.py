"""Reports: a Run in, bytes out. Called by ``cli`` through ``gate``; never changes a verdict and never reads the tree.

A format is one file (or one folder) in ``formats/`` that defines ``FORMAT``; nothing else needs to be edited.
"""

# The folder shares its name with the function below, and importing a folder binds its name here: so it is imported
# first, once, and the function stays what "formats" means.
import pavedroad.reports.formats  # noqa: F401 - for its effect
from pavedroad.reports.errors import ReportError
from pavedroad.reports.model import Format, ReportContext
from pavedroad.reports.registry import choose, formats
from pavedroad.reports.schema import dump_run, load_run, run_schema

__all__ = ["Format", "ReportContext", "ReportError", "choose", "dump_run", "formats", "load_run", "run_schema"]
