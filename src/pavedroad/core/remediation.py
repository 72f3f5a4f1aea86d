"""What to do about a finding: words, before and after, and edits that a machine can apply."""

import enum

from pavedroad.core.location import Region
from pavedroad.core.noun import Noun


class FixSafety(enum.Enum):
    """Safe: the program's meaning stays. Unsafe: a person must look."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Edit(Noun, frozen=True, kw_only=True):
    """Replace the text of ``region`` in ``path`` by ``replacement``."""

    path: str
    region: Region
    replacement: str


class Fix(Noun, frozen=True, kw_only=True):
    """Edits that belong together."""

    safety: FixSafety
    description: str
    edits: tuple[Edit, ...] = ()


class Remediation(Noun, frozen=True, kw_only=True):
    """Advice in plain words; ``before``/``after`` show it on the reader's own text where possible."""

    text: str
    before: str = ""
    after: str = ""
    fix: Fix | None = None
    fixed_versions: tuple[str, ...] = ()
