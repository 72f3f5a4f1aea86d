"""What a rule of the image scanner is, what it is given, and what it gives."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from pavedroad.core.finding import Reference as Page
from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.accounts import Account
from pavedroad.scanning.scanners.image.attribution import Attribution
from pavedroad.scanning.scanners.image.configuration import Configuration
from pavedroad.scanning.scanners.image.distributions import Distribution
from pavedroad.scanning.scanners.image.feed import FileLine, Reference

CONFIGURATION, FILES = "configuration", "files"
BENCHMARK = "CIS Docker Benchmark 1.3.1"


class Image:
    """What a rule sees. Everything comes from the image and is no more than a claim; texts are bounded.

    ``files`` are all entries of the merged file system, empty for rules that read the configuration. ``today`` is None
    when the run has no clock.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        files: tuple[FileLine, ...] = (),
        reference: Reference | None = None,
        distribution: Distribution | None = None,
        accounts: tuple[Account, ...] = (),
        attributions: tuple[Attribution, ...] = (),
        today: date | None = None,
    ) -> None:
        self.configuration = configuration
        self.files = files
        self.reference = reference or Reference()
        self.distribution = distribution or Distribution()
        self.accounts = accounts
        self.attributions = attributions
        self.today = today

    @cached_property
    def paths(self) -> Mapping[str, FileLine]:
        """Entries by path."""
        return {each.path: each for each in self.files}


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a rule found. ``key`` tells it from others of the same rule and must not change with versions or
    sizes; ``path`` is a file of the image, empty for the configuration. What is None or empty is the rule's own."""

    message: str
    key: str = ""
    path: str = ""
    layer: int = -1
    severity: Severity | None = None
    confidence: Confidence | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    before: str = ""
    after: str = ""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """An image in small that shows what a rule means. ``config`` is the ``config`` part of an OCI configuration,
    ``history`` its ``created_by`` lines, each a layer unless it starts with ``#``; ``system`` holds texts of
    ``etc/passwd`` and the like."""

    config: Mapping[str, Any] = {}
    history: tuple[str, ...] = ()
    files: tuple[FileLine, ...] = ()
    system: Mapping[str, str] = {}
    reference: str = "registry.example/team/app@sha256:0"
    today: date | None = date(2026, 1, 15)


class ImageRule(msgspec.Struct, frozen=True, kw_only=True):
    """A plug-in: ``rules/<name>.py`` defines ``RULE``; its docstring is the page that people read.

    ``reads`` says what ``look`` needs: the ``configuration``, or the ``files`` and what stands in etc. ``benchmark`` is
    the section of the CIS Docker Benchmark that asks for the same, empty for none.
    """

    name: str
    title: str
    severity: Severity
    confidence: Confidence
    reads: str
    remedy: Remediation
    look: Callable[[Image], Iterable[Hit]]
    bad: tuple[Sample, ...]
    good: tuple[Sample, ...]
    cwe: tuple[int, ...] = ()
    benchmark: str = ""
    references: tuple[Page, ...] = ()
