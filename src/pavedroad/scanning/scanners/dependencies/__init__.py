"""The scanner for dependencies: lock files against the local advisory database.

Called by the engine in ``gate``. It never asks the network and never runs a package manager. Without a database it
cannot look, and says so. Formats are plug-ins in :mod:`.parsers`; what is known about flaws comes from
``pavedroad.advisories``.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from pavedroad.core.coverage import ScanError
from pavedroad.core.errors import UsageError
from pavedroad.core.finding import RuleInfo
from pavedroad.scanning.model import Needs, Preparation, ScanSettings, Session


class DependenciesScanner:
    """The plug-in. Cheap to import; the database is opened by :meth:`prepare` for its facts and by :meth:`open` to
    ask it.

    Options in paved.yaml: ``database``, the path of a database file in place of the user's own.
    """

    name = "dependencies"
    kind = "dependencies"
    title = "Components with known flaws"
    needs = Needs(memory=1 << 30, seconds=600)
    history = False

    def selects(self, path: str, size: int) -> bool:
        """Lock files, by name alone."""
        from pavedroad.scanning.scanners.dependencies.parsers import parser_for

        return size > 0 and parser_for(path) is not None

    def shares(self, path: str) -> bool:
        """Files that a manifest may refer to: those of the formats themselves, and the companions they name."""
        from pavedroad.scanning.scanners.dependencies.parsers import is_companion

        return is_companion(path)

    def prepare(self, settings: ScanSettings) -> Preparation:
        """The database's facts. Fatal without a usable one: then nothing can be said. Raises UsageError for wrong
        options."""
        from pavedroad.advisories import AdvisoryError, Database

        path = database_path(settings)
        if settings.inventory:
            return Preparation(
                digest=hashlib.sha256(_own_sources() + b"inventory").hexdigest(), engine_version=_version()
            )
        try:
            with Database.open(path) as database:
                facts, data = database.facts(), database.digest
        except AdvisoryError as error:
            problem = ScanError(message=error.what, where=error.where, next_step=error.next_step)
            return Preparation(digest="", engine_version=_version(), errors=(problem,), fatal=True)
        matched = tuple(fact for fact in facts if fact.name.removeprefix("OSV ") in _ecosystems())
        digest = hashlib.sha256(_own_sources() + data.encode()).hexdigest()
        return Preparation(digest=digest, engine_version=_version(), data=matched)

    def open(self, settings: ScanSettings) -> Session:
        """Open the database. Raises AdvisoryError."""
        from pavedroad.scanning.scanners.dependencies.session import DependenciesSession

        return DependenciesSession(None if settings.inventory else database_path(settings))

    def rules(self) -> tuple[RuleInfo, ...]:
        """The rules that exist without a database; each advisory is one more, see :meth:`rule`."""
        from pavedroad.scanning.scanners.dependencies.pages import static_rules

        return static_rules()

    def rule(self, rule: str, settings: ScanSettings) -> RuleInfo | None:
        """The page of one rule, advisories included (``dependencies/CVE-...`` or any alias). Raises AdvisoryError."""
        from pavedroad.advisories import Database
        from pavedroad.scanning.scanners.dependencies.pages import rule_from_database, static_rules

        for known in static_rules():
            if known.id == rule:
                return known
        with Database.open(database_path(settings)) as database:
            return rule_from_database(database, rule)


def database_path(settings: ScanSettings) -> Path:
    """The database this run uses. Raises UsageError for unknown or wrong options."""
    options: dict[str, Any] = settings.options
    unknown = sorted(set(options) - {"database"})
    if unknown:
        raise UsageError(
            f"scanners.dependencies has no option '{unknown[0]}'",
            where="paved.yaml",
            next_step="the only option is 'database', the path of a database file",
        )
    chosen = options.get("database")
    if chosen is None:
        from pavedroad.advisories import FILE_NAME

        return Path(settings.data) / FILE_NAME
    if not isinstance(chosen, str) or not chosen:
        raise UsageError("scanners.dependencies.database is not a path", where="paved.yaml", next_step="write a path")
    return Path(chosen)


@cache
def _ecosystems() -> frozenset[str]:
    from pavedroad.scanning.scanners.dependencies.parsers import parsers

    return frozenset(parser.ecosystem for parser in parsers().values())


def _version() -> str:
    from pavedroad import __version__

    return f"pavedroad {__version__}"


@cache
def _own_sources() -> bytes:
    """A digest of the code that decides: this folder and the advisory room."""
    import pavedroad.advisories

    digest = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(pavedroad.advisories.__file__).parent):
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.digest()


SCANNER = DependenciesScanner()
