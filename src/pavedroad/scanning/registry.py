"""The scanners there are, found by folder; a scanner's name is its folder's name with hyphens."""

from pavedroad.infra.plugins import registry
from pavedroad.scanning.model import Scanner

PACKAGE = "pavedroad.scanning.scanners"


def scanners() -> dict[str, Scanner]:
    """All scanners by name. Raises PluginError for a broken one."""
    return registry(PACKAGE, "SCANNER")


def module_of(name: str) -> str:
    """The module name of a scanner's folder."""
    return name.replace("-", "_")
