"""What a scanner is, and what passes between it and the engine."""

from datetime import date
from typing import Any, Protocol, runtime_checkable

import msgspec

from pavedroad.core.component import Component
from pavedroad.core.coverage import DataSource, ScanError, Skipped
from pavedroad.core.finding import RuleInfo
from pavedroad.core.identity import Observation
from pavedroad.core.noun import Noun


class Needs(Noun, frozen=True, kw_only=True):
    """What a scanner must be given. The engine refuses what is neither declared here nor allowed by the user.

    ``reads`` are files and folders outside the tree that its process reads, beside the system's, our interpreter and
    the advisory data; ``caches`` are folders in ``ScanSettings.user_cache`` that it writes, beside one of its own name.
    ``executables`` are programs looked up on PATH; ``tools`` are guest tools of ``paved tools``. ``memory`` is the most
    a scanner process may hold, in bytes; ``seconds`` its wall-clock budget per run.
    """

    network: bool = False
    executables: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    caches: tuple[str, ...] = ()
    runs_target_code: bool = False
    memory: int = 1 << 30
    seconds: int = 900


class ScanSettings(Noun, frozen=True, kw_only=True):
    """What a scanner may know about the run.

    ``key`` keys the hashes of secrets (see docs/explain/adr). ``options`` is the scanner's own section of paved.yaml
    (``scanners.<name>``), already a plain mapping; the scanner validates it in ``prepare``. ``user_cache`` is a private
    folder for compiled rules, ``data`` the folder that holds advisory databases. Both are absolute paths.
    ``inventory``: only components are asked for, so a scanner that lists them does without the data that judges them.
    ``today`` is the day of the run in UTC, for what depends on dates; None when the caller has no clock. A scanner that
    uses it mixes it into its digest.
    """

    key: bytes
    user_cache: str
    data: str
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    network: bool = False
    inventory: bool = False
    today: date | None = None


class Tree(Protocol):
    """What a scanner may ask for while it looks at one file."""

    def read(self, path: str) -> bytes | None:
        """The content of another file (relative to the root, forward slashes, ``..`` allowed inside the root). None
        when there is none that can be had: absent, outside, a link, too large, or over the budget of one file."""
        ...


class NoTree:
    """A file that stands alone."""

    def read(self, path: str) -> bytes | None:
        """There is nothing."""
        return None


NO_TREE = NoTree()


class Blob(msgspec.Struct, frozen=True):
    """One file's content. ``path`` is relative to the root, with forward slashes, as shown to people. ``tree`` gives
    other files of the same tree, to scanners that say which (:class:`ReadsNeighbours`)."""

    path: str
    content: bytes
    tree: Tree = NO_TREE


class FileResult(Noun, frozen=True, kw_only=True):
    """What one file gave.

    ``gaps`` are things in it that could not be judged (an unpinned requirement): they become coverage. ``data`` names
    the data sources that judged this file; None means all that the scanner has. Only sources in use can be too old.
    ``facts`` are words about the file for whoever asked for this scanner; they are no findings.
    """

    observations: tuple[Observation, ...] = ()
    components: tuple[Component, ...] = ()
    errors: tuple[ScanError, ...] = ()
    gaps: tuple[Skipped, ...] = ()
    data: tuple[str, ...] | None = None
    facts: tuple[str, ...] = ()


class Preparation(Noun, frozen=True, kw_only=True):
    """Cheap facts, computed in the parent before any engine is loaded.

    ``digest`` covers everything but content and path that a result depends on: engine version, rules, options, data,
    and key. ``errors`` that are ``fatal`` mean the scanner cannot run (no database): the run becomes incomplete.
    """

    digest: str
    engine_version: str
    data: tuple[DataSource, ...] = ()
    errors: tuple[ScanError, ...] = ()
    notes: tuple[str, ...] = ()
    fatal: bool = False


class Session(Protocol):
    """A loaded scanner inside its worker process. ``scan`` is called from several threads when ``threads`` is above
    1."""

    threads: int

    def scan(self, blob: Blob) -> FileResult:
        """Judge one file. May raise; the engine turns that into a coverage error for this file."""
        ...


class Scanner(Protocol):
    """A plug-in: ``scanning/scanners/<name>/__init__.py`` defines ``SCANNER``. Importing it must be cheap (no
    engines)."""

    name: str
    kind: str
    title: str
    needs: Needs
    history: bool  # whether looking at old versions of files makes sense

    def selects(self, path: str, size: int) -> bool:
        """Whether this file is worth reading, by name and size (bytes) alone."""
        ...

    def prepare(self, settings: ScanSettings) -> Preparation:
        """Cheap facts. Raises UsageError when ``settings.options`` is wrong."""
        ...

    def open(self, settings: ScanSettings) -> Session:
        """Load the engine. Runs in the worker process."""
        ...

    def rules(self) -> tuple[RuleInfo, ...]:
        """Every rule this scanner can report, with its page. May load the engine."""
        ...


@runtime_checkable
class ReadsNeighbours(Protocol):
    """A scanner some of whose formats are spread over several files."""

    def shares(self, path: str) -> bool:
        """Whether files that this scanner selects may read ``path``: when it changes, they are looked at anew."""
        ...


@runtime_checkable
class NamesRules(Protocol):
    """A scanner with more rules than can be listed, such as one per advisory."""

    def rule(self, rule_id: str, settings: ScanSettings) -> RuleInfo | None:
        """The page of one rule by any of its names; None when this scanner does not know it."""
        ...
