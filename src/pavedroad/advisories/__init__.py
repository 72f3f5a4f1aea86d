"""What the world knows about flaws in packages: OSV records of every ecosystem in one local, indexed database.

``paved advisories update`` fills it (:mod:`.update`, imported by its name, because it brings HTTP along); scanners and
the server ask it (:class:`Database`, :func:`examine`). Nothing here reads a project, decides a verdict, or goes to the
network except an update that a person asked for.
"""

from pavedroad.advisories.database import FILE_NAME, Database, source_name
from pavedroad.advisories.errors import AdvisoryError
from pavedroad.advisories.flaws import Findings, Flaw, examine
from pavedroad.advisories.model import Advisory, EcosystemFacts
from pavedroad.advisories.versions import scheme

__all__ = [
    "FILE_NAME",
    "Advisory",
    "AdvisoryError",
    "Database",
    "EcosystemFacts",
    "Findings",
    "Flaw",
    "examine",
    "scheme",
    "source_name",
]
