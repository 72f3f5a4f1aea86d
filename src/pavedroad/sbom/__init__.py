"""Bills of materials: read, write, merge and compare (CycloneDX, SPDX). Called by ``gate`` and the command line; never
looks for components itself, and knows nothing of flaws."""

from pavedroad.sbom.build import build_bill, gaps_of
from pavedroad.sbom.components import components, unjudgeable
from pavedroad.sbom.diff import compare
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.merge import merge
from pavedroad.sbom.model import Bill, Part, Tool
from pavedroad.sbom.quality import measure
from pavedroad.sbom.registry import known_formats, read_bill, write_bill, written

__all__ = [
    "Bill",
    "Part",
    "SbomError",
    "Tool",
    "build_bill",
    "compare",
    "components",
    "gaps_of",
    "known_formats",
    "measure",
    "merge",
    "read_bill",
    "unjudgeable",
    "write_bill",
    "written",
]
