"""Finds the report formats by folder."""

import difflib
from collections.abc import Iterable
from typing import cast

from pavedroad.core.errors import UsageError
from pavedroad.infra.plugins import registry
from pavedroad.reports.model import Format
from pavedroad.reports.text import line

PACKAGE = "pavedroad.reports.formats"


def formats() -> dict[str, Format]:
    """Every report format by name, sorted. Raises PluginError for a broken one."""
    return cast("dict[str, Format]", registry(PACKAGE, "FORMAT"))


def choose(names: Iterable[str]) -> list[Format]:
    """The formats called ``names``, in that order. Raises UsageError for an unknown one, with the nearest."""
    known = formats()
    chosen = []
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name.lower().replace("_", "-"), known, 1, 0.5)
            hint = f"did you mean '{close[0]}'? " if close else ""
            next_step = f"{hint}choose from {', '.join(known)}"
            raise UsageError(f"there is no report format '{line(name, 80)}'", next_step=next_step)
        chosen.append(known[name])
    return chosen
