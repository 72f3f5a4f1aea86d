"""The neutral bill of materials, which every format is read into and written from.

Words follow CycloneDX where it has them (types, hash algorithms, kinds of external references), because it
distinguishes more than SPDX does.
"""

from collections.abc import Callable
from datetime import datetime

from pavedroad.core.component import Component
from pavedroad.core.noun import Noun

TYPES = (
    "application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver",
    "firmware", "file", "machine-learning-model", "data", "cryptographic-asset",
)  # fmt: skip


class Reference(Noun, frozen=True, kw_only=True):
    """Something about a component elsewhere. ``type`` as CycloneDX spells it: ``website``, ``vcs`` ..."""

    type: str
    url: str
    comment: str = ""


class Property(Noun, frozen=True, kw_only=True):
    """A named text that no field of a format holds."""

    name: str
    value: str


class Tool(Noun, frozen=True, kw_only=True):
    """A program that made the bill."""

    name: str
    version: str = ""
    vendor: str = ""


class Part(Noun, frozen=True, kw_only=True):
    """One component of a bill, and what a bill says beside :class:`Component`.

    ``ref`` names it inside the bill (bom-ref, SPDXID) and is unique there. ``depends_on`` are the refs of its direct
    dependencies: None when the bill does not say, which is not the same as none. ``within`` is the ref of the component
    that contains it, empty at the top. ``occurrences`` are the files that said so. ``component.purl`` may be empty.
    """

    ref: str
    component: Component
    type: str = "library"
    supplier: str = ""
    author: str = ""
    description: str = ""
    copyright: str = ""
    cpes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    properties: tuple[Property, ...] = ()
    occurrences: tuple[str, ...] = ()
    depends_on: tuple[str, ...] | None = None
    within: str = ""


class Left(Noun, frozen=True, kw_only=True):
    """Something in a bill that is not kept: what, how often, and where for example. ``harmless`` says that no component
    is missed because of it."""

    what: str
    count: int
    examples: tuple[str, ...] = ()
    harmless: bool = True


class Bill(Noun, frozen=True, kw_only=True):
    """One bill of materials.

    ``subject`` is what the bill is about; it is no member of ``parts``. ``gaps`` are sentences on what the maker of the
    bill could not see; ``complete`` is what the maker claims, None without a claim. ``left`` is what our reader could
    not keep. ``vulnerabilities`` and ``services`` are counts of what stands beside the components. ``source`` names the
    format it was read from, such as ``CycloneDX 1.5 JSON``.
    """

    subject: Part | None = None
    parts: tuple[Part, ...] = ()
    tools: tuple[Tool, ...] = ()
    authors: tuple[str, ...] = ()
    supplier: str = ""
    timestamp: datetime | None = None
    serial: str = ""
    revision: int = 1
    complete: bool | None = None
    gaps: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    vulnerabilities: int = 0
    services: int = 0
    source: str = ""


class BillFormat(Noun, frozen=True, kw_only=True):
    """A plug-in: ``sbom/formats/<name>.py`` defines ``FORMAT``.

    ``detects`` says whether a document is of this format, from its beginning alone (at most :data:`HEAD` bytes), and
    never raises. ``read`` raises SbomError and nothing else. ``write`` is None for what is only read; the same bill
    gives the same bytes.
    """

    name: str
    title: str
    extension: str
    detects: Callable[[bytes], bool]
    read: Callable[[bytes], Bill]
    write: Callable[[Bill], bytes] | None = None


HEAD = 64 * 1024
MAX_BYTES = 64 * 1024 * 1024
MAX_PARTS = 500_000
