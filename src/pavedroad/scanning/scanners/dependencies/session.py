"""The loaded scanner: parse a lock file, ask the database about each component."""

from functools import lru_cache
from pathlib import Path

import msgspec

from pavedroad.advisories import Advisory, AdvisoryError, Database, Findings, examine, scheme, source_name
from pavedroad.core.coverage import ScanError
from pavedroad.core.identity import Observation
from pavedroad.scanning.model import Blob, FileResult
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.findings import Source, judged_version, observation
from pavedroad.scanning.scanners.dependencies.model import Found, Gaps, Parser, ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import parser_for


class DependenciesSession:
    """One open database for one worker. Raises AdvisoryError when it cannot be opened."""

    threads = 1

    def __init__(self, database: Path) -> None:
        self._database = Database.open(database)
        self._known = {facts.name for facts in self._database.ecosystems() if facts.records}
        self._lookup = lru_cache(maxsize=4096)(self._database.lookup)

    def scan(self, blob: Blob) -> FileResult:
        """Judge one lock file. A file that cannot be read is an error of that file; never an empty result."""
        parser = parser_for(blob.path)
        if parser is None:
            return FileResult(data=())
        result = self._read(parser, blob)
        # Only the data that judged something can be too old: a Python project does not care how old npm's is.
        return msgspec.structs.replace(result, data=(source_name(parser.ecosystem),) if result.components else ())

    def _read(self, parser: Parser, blob: Blob) -> FileResult:
        try:
            parsed = parser.parse(blob.path, blob.content)
        except LockfileError as error:
            return FileResult(errors=(ScanError(message=error.what, where=blob.path, next_step=error.next_step),))
        components = tuple(found.component for found in parsed.components)
        if not components:
            return FileResult(gaps=parsed.gaps, data=())
        if parser.ecosystem not in self._known:
            return FileResult(components=components, errors=(_no_data(parser.ecosystem, blob.path),), gaps=parsed.gaps)
        try:
            return self._judge(parsed, blob)
        except AdvisoryError as error:
            problem = ScanError(message=error.what, where=blob.path, next_step=error.next_step)
            return FileResult(components=components, errors=(problem,), gaps=parsed.gaps)

    def _judge(self, parsed: ParseResult, blob: Blob) -> FileResult:
        source, gaps, observations = Source(blob.path, blob.content), Gaps(), list[Observation]()
        for found in parsed.components:
            result = self._examine(found)
            observations.extend(observation(found, flaw, source) for flaw in result.flaws)
            for name in result.unknown:
                component = found.component
                gaps.add("a version that cannot be compared with an advisory", f"{component.purl} and {name}")
        return FileResult(
            observations=tuple(observations),
            components=tuple(found.component for found in parsed.components),
            gaps=parsed.gaps + gaps.result(),
        )

    def _examine(self, found: Found) -> Findings:
        component = found.component
        advisories: tuple[Advisory, ...] = self._lookup(component.ecosystem, component.name)
        rules = scheme(component.ecosystem)
        if not advisories:
            return Findings()
        if rules is None:
            return Findings(unknown=tuple(advisory.id for advisory in advisories))
        return examine(advisories, judged_version(found), rules)


def _no_data(ecosystem: str, path: str) -> ScanError:
    return ScanError(
        message=f"the advisory database has no records for {ecosystem}: nothing in this file was judged",
        where=path,
        next_step=f"run 'paved advisories update --ecosystem {ecosystem}'",
    )
