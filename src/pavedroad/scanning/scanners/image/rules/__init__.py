"""One file per rule of the image scanner, each defining ``RULE``. No other file is edited to add one."""

import sys
from typing import cast

from pavedroad.infra.plugins import registry
from pavedroad.scanning.scanners.image.model import ImageRule


def rules() -> dict[str, ImageRule]:
    """All rules by name. Raises PluginError for a broken one."""
    return cast("dict[str, ImageRule]", registry(__name__, "RULE"))


def page(name: str) -> str:
    """The Markdown page of a rule: the docstring of its file."""
    import inspect

    return inspect.cleandoc(sys.modules[f"{__name__}.{name.replace('-', '_')}"].__doc__ or "")
