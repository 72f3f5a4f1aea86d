"""The loaded scanner: parse a lock file, ask the database about each component."""

from functools import lru_cache
from pathlib import Path

import msgspec

from pavedroad.advisories import Advisory, AdvisoryError, Database, Findings, examine, scheme, source_name
from pavedroad.core.coverage import ScanError
from pavedroad.core.identity import Observation
from pavedroad.scanning.model import Blob, FileResult
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.findings import Source, by_source, judged_version, observation
from pavedroad.scanning.scanners.dependencies.model import Found, Gaps, ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import parser_for


class DependenciesSession:
    """One open database for one worker, or none for an inventory. Raises AdvisoryError when it cannot be opened."""

    threads = 1

    def __init__(self, database: Path | None) -> None:
        self._database = None if database is None else Database.open(database)
        facts = () if self._database is None else self._database.ecosystems()
        self._known = {each.name for each in facts if each.records}
        self._lookup = lru_cache(maxsize=4096)(self._ask)

    def scan(self, blob: Blob) -> FileResult:
        """Judge one lock file. A file that cannot be read is an error of that file; never an empty result."""
        parser = parser_for(blob.path)
        if parser is None:
            return FileResult(data=())
        try:
            parsed = parser.parse(blob.path, blob.content, blob.tree)
        except LockfileError as error:
            return FileResult(errors=(ScanError(message=error.what, where=blob.path, next_step=error.next_step),))
        listed = FileResult(components=tuple(f.component for f in parsed.components), gaps=parsed.gaps, data=())
        return self._judge(parsed, blob, listed) if self._database is not None else listed

    def _ask(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        assert self._database is not None  # noqa: S101 - an inventory judges nothing
        return self._database.lookup(ecosystem, name)

    def _judge(self, parsed: ParseResult, blob: Blob, listed: FileResult) -> FileResult:
        """What is known about the components. Only the data that judged something can be too old: a Python project does
        not care how old npm's is."""
        source, gaps, observations, errors = Source(blob.path, blob.content), Gaps(), list[Observation](), []
        spoken = {_family(found.component.ecosystem) for found in parsed.components}
        judged = spoken & self._known
        for ecosystem in sorted(spoken - judged):
            if scheme(ecosystem) is None:
                what = ecosystem or blob.path
                gaps.add("of a kind that no advisories speak about: listed, not judged", what, harmless=True)
            else:
                errors.append(_no_data(ecosystem, blob.path))
        for found in by_source(parsed.components):
            if _family(found.component.ecosystem) not in judged:
                continue
            try:
                result = self._examine(found)
            except AdvisoryError as error:
                errors.append(ScanError(message=error.what, where=blob.path, next_step=error.next_step))
                break
            observations.extend(observation(found, flaw, source) for flaw in result.flaws)
            for name in result.unknown:
                gaps.add("a version that cannot be compared with an advisory", f"{found.component.purl} and {name}")
        return msgspec.structs.replace(
            listed,
            observations=tuple(observations),
            errors=tuple(errors),
            gaps=(*parsed.gaps, *gaps.result()),
            data=tuple(source_name(ecosystem) for ecosystem in sorted(judged)),
        )

    def _examine(self, found: Found) -> Findings:
        component = found.component
        name = found.source[0] if found.source else component.name
        advisories: tuple[Advisory, ...] = self._lookup(component.ecosystem, name)
        rules = scheme(component.ecosystem)
        if not advisories:
            return Findings()
        if rules is None:
            return Findings(unknown=tuple(advisory.id for advisory in advisories))
        return examine(advisories, judged_version(found), rules)


def _family(ecosystem: str) -> str:
    """The ecosystem without its release: advisories of all releases of a distribution are imported together."""
    return ecosystem.partition(":")[0]


def _no_data(ecosystem: str, path: str) -> ScanError:
    return ScanError(
        message=f"the advisory database has no records for {ecosystem}: nothing in this file was judged",
        where=path,
        next_step=f"run 'paved advisories update --ecosystem {ecosystem}'",
    )
