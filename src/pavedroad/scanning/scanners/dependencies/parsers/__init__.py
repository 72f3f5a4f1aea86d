"""Parsers of lock files: one file per format, found by folder. Each defines ``PARSER``."""

from pavedroad.infra.plugins import registry
from pavedroad.scanning.scanners.dependencies.model import Parser


def parsers() -> dict[str, Parser]:
    """All parsers by name. Raises PluginError for a broken one."""
    return registry(__name__, "PARSER")


def parser_for(path: str) -> Parser | None:
    """The parser of a file of this name, None when it is no lock file."""
    return next((parser for parser in parsers().values() if parser.selects(path)), None)
