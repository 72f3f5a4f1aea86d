"""The neutral VEX document, which every format is read into and written from."""

from collections.abc import Callable
from datetime import datetime

from pavedroad.core.noun import Noun
from pavedroad.core.vex import Justification, VexStatus


class Product(Noun, frozen=True, kw_only=True):
    """What a statement is about. ``purl`` names it; with ``subcomponents`` (purls) the statement is about these parts
    of it alone."""

    purl: str
    subcomponents: tuple[str, ...] = ()


class Statement(Noun, frozen=True, kw_only=True):
    """One flaw, the products it is said of, and what is said.

    ``aliases`` are other names of ``vulnerability``. ``stated`` is the status or justification in the words of the
    source where it distinguishes more than the neutral ones do (CycloneDX). ``impact`` says why there is no harm,
    ``action`` what to do, ``notes`` anything else. ``wont_fix``: the author will not repair it. ``timestamp`` is when
    it was said last; None when nobody says.
    """

    vulnerability: str
    aliases: tuple[str, ...] = ()
    products: tuple[Product, ...] = ()
    status: VexStatus
    justification: Justification | None = None
    stated: str = ""
    impact: str = ""
    action: str = ""
    notes: str = ""
    wont_fix: bool = False
    timestamp: datetime | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every name of the flaw, in capitals."""
        return frozenset(name.upper() for name in (self.vulnerability, *self.aliases))

    @property
    def reasoned(self) -> bool:
        """Whether it says why. All three formats ask for a reason beside ``not_affected``."""
        return self.status is not VexStatus.NOT_AFFECTED or self.justification is not None or bool(self.impact.strip())


class Left(Noun, frozen=True, kw_only=True):
    """Something in a document that is not kept: what, how often, and where for example."""

    what: str
    count: int
    examples: tuple[str, ...] = ()


class Document(Noun, frozen=True, kw_only=True):
    """One VEX document. ``id`` is its own name, ``where`` the file it was read from; ``source`` names the format, such
    as ``OpenVEX 0.2.0``. ``left`` is what our reader could not keep. ``namespace`` is a URI of the author, which CSAF
    asks for. ``product_name`` is for people."""

    statements: tuple[Statement, ...] = ()
    id: str = ""
    author: str = ""
    role: str = ""
    namespace: str = ""
    product_name: str = ""
    timestamp: datetime | None = None
    version: str = "1"
    tool: str = ""
    source: str = ""
    where: str = ""
    left: tuple[Left, ...] = ()


class VexFormat(Noun, frozen=True, kw_only=True):
    """A plug-in: ``vex/formats/<name>.py`` defines ``FORMAT``.

    ``detects`` says whether a JSON object is of this format. ``read`` raises VexError and nothing else. ``write`` gives
    a tree of plain values; the same document gives the same tree. All formats are JSON.
    """

    name: str
    title: str
    extension: str
    detects: Callable[[dict[str, object]], bool]
    read: Callable[[dict[str, object]], Document]
    write: Callable[[Document], dict[str, object]]


MAX_BYTES = 64 * 1024 * 1024
MAX_STATEMENTS = 200_000
MAX_PRODUCTS = 1_000_000
"""Pairs of a flaw and a product in one document."""
