"""The scanner's section of paved.yaml: ``scanners.secrets``."""

import difflib
from typing import Any

from pavedroad.core.errors import UsageError
from pavedroad.core.noun import Noun
from pavedroad.core.severity import Confidence

_WHERE = "paved.yaml, scanners.secrets"
_KNOWN = ("allow_paths", "confidence", "validate")
MAX_PATTERNS = 200


class Options(Noun, frozen=True, kw_only=True):
    """``confidence``: less sure findings are not reported. ``allow_paths``: git-style patterns of files to leave out.
    ``validate``: ask providers whether a secret works, if the network is allowed."""

    confidence: Confidence = Confidence.LOW
    allow_paths: tuple[str, ...] = ()
    validate: bool = False


def read_options(options: dict[str, Any]) -> Options:
    """The options, checked. Raises UsageError, naming the option and a likely spelling."""
    for name in options:
        if name not in _KNOWN:
            close = difflib.get_close_matches(str(name), _KNOWN, 1)
            hint = f"did you mean '{close[0]}'?" if close else f"known are: {', '.join(_KNOWN)}"
            raise UsageError(f"there is no option '{str(name)[:60]}'", where=_WHERE, next_step=hint)
    return Options(
        confidence=_confidence(options.get("confidence", "low")),
        allow_paths=_paths(options.get("allow_paths", [])),
        validate=_validate(options.get("validate", False)),
    )


def _validate(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(
            "validate must be true or false",
            where=f"{_WHERE}.validate",
            next_step="write for example: validate: true; it also needs --network or 'network: true'",
        )
    return value


def _confidence(value: Any) -> Confidence:
    levels = [level.value for level in Confidence]
    if value not in levels:
        raise UsageError(
            f"confidence must be one of {', '.join(levels)}",
            where=f"{_WHERE}.confidence",
            next_step="choose one of them",
        )
    return Confidence(value)


def _paths(value: Any) -> tuple[str, ...]:
    good = (
        isinstance(value, list) and len(value) <= MAX_PATTERNS and all(isinstance(item, str) and item for item in value)
    )
    if not good:
        raise UsageError(
            f"allow_paths must be a list of at most {MAX_PATTERNS} patterns",
            where=f"{_WHERE}.allow_paths",
            next_step="write for example: allow_paths: ['tests/fixtures/**']",
        )
    return tuple(value)
