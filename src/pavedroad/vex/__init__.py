"""VEX: what somebody says about flaws in a product's components (OpenVEX, CycloneDX, CSAF). Reads and writes such
documents, and says which findings they set aside. Called by ``gate`` and the command line; never decides a verdict, and
never looks for flaws itself."""

from pavedroad.vex.applying import VexOutcome, apply_vex
from pavedroad.vex.errors import VexError
from pavedroad.vex.matching import purls_of
from pavedroad.vex.model import Document, Product, Statement
from pavedroad.vex.registry import known_formats, read_vex, write_vex

__all__ = [
    "Document",
    "Product",
    "Statement",
    "VexError",
    "VexOutcome",
    "apply_vex",
    "known_formats",
    "purls_of",
    "read_vex",
    "write_vex",
]
