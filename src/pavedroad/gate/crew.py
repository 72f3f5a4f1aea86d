"""The scanners of one run: started early where they will surely be needed, run side by side, their results kept."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from pavedroad.core.clock import Clock
from pavedroad.gate.base import Base
from pavedroad.gate.plan import Plan, Planned
from pavedroad.gate.project import STATE_FOLDER, Project, settings_for
from pavedroad.gate.request import CheckRequest, Progress
from pavedroad.gate.scan import Bench, Looked, open_pool, scan
from pavedroad.gate.sources import UNKNOWN_SIZE, Source, Sources
from pavedroad.gate.trees import Trees
from pavedroad.gate.verify import verify
from pavedroad.infra import paths
from pavedroad.infra.cache import ResultCache, open_cache
from pavedroad.infra.errors import CacheError
from pavedroad.infra.walk import WalkResult, shown
from pavedroad.scanning.model import ReadsNeighbours, Scanner
from pavedroad.scanning.pool import Pool
from pavedroad.scanning.registry import module_of


def state_folder(project: Project) -> Path:
    """Where runs of this project keep what they learn."""
    return project.root / STATE_FOLDER / "cache"


class Crew:
    """Holds the cache and the scanner processes of one run; leaving it ends and closes them.

    ``notes`` are sentences for the run, complete after leaving.
    """

    def __init__(self, request: CheckRequest, project: Project, plan: Plan, progress: Progress) -> None:
        self._project = project
        self._plan = plan
        self._progress = progress
        self.notes: list[str] = []
        self._wanted = request.cache
        self._cache: ResultCache | None = None
        self._digests: dict[bytes, bytes] = {}
        self._pools: list[Pool] = []
        self._early: dict[str, Pool] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools:
            pool.close()
        if self._cache is not None:
            self._cache.close()

    def start_early(self, chosen: Base) -> None:
        """Start the scanners that a change needs, while the tree is being walked: their engines take as long to load.

        Of a whole tree nothing is known yet; the cache may have all the answers.
        """
        changed = [shown(change.new) for change in chosen.changes if change.new]
        for planned in self._plan.planned:
            # One that reads neighbours must be told first what those were before the change.
            if planned.preparation.fatal or isinstance(planned.scanner, ReadsNeighbours):
                continue
            if any(planned.scanner.selects(p, UNKNOWN_SIZE) for p in changed):
                pool = open_pool(
                    module_of(planned.scanner.name), planned.scanner, self._bench(planned, {}, compared=True)
                )
                pool.start_early()
                self._early[planned.scanner.name] = pool

    def scan(self, sources: Sources, found: WalkResult) -> list[Looked]:
        """All planned scanners side by side, in the plan's order. On interruption the cache keeps what is done."""
        self._cache = _open_cache(self._project, found, self.notes) if self._wanted else None
        known = self._known_files()
        benches = [self._bench(planned, known, compared=sources.compared) for planned in self._plan.planned]
        try:
            with ThreadPoolExecutor(max_workers=max(1, len(benches)), thread_name_prefix="scanner") as threads:
                futures = [
                    threads.submit(scan, module_of(p.scanner.name), p.scanner, p.preparation, sources.sources, bench)
                    for p, bench in zip(self._plan.planned, benches, strict=True)
                ]
                try:
                    return [future.result() for future in futures]
                except BaseException:
                    for pool in self._pools:
                        pool.close()
                    raise
        finally:
            self._keep(found)

    def ask(self, module: str, scanner: Scanner, sources: tuple[Source, ...], found: WalkResult) -> Looked:
        """Run one more scanner, which is not in the plan, after the others."""
        settings = settings_for(scanner.name, self._project, network=False)
        planned = Planned(scanner, settings, scanner.prepare(settings))
        try:
            bench = self._bench(planned, self._known_files(), compared=False)
            return scan(module, scanner, planned.preparation, sources, bench)
        finally:
            self._keep(found)

    def verify(self, looked: list[Looked], sources: Sources, clock: Clock) -> list[Looked]:
        """Live checks, where scanners have them and the user asked for them; one scanner after the other."""
        checked = [
            verify(planned, each, sources.sources, self._bench(planned, {}, compared=sources.compared), clock)
            for planned, each in zip(self._plan.planned, looked, strict=True)
        ]
        self.notes += [note for each in checked for note in each.notes]
        return checked

    def _bench(self, planned: Planned, known: dict[bytes, bytes], *, compared: bool) -> Bench:
        limits = self._project.config.scan.limits
        return Bench(
            root=self._project.root,
            max_bytes=limits.file_size_bytes,
            settings=planned.settings,
            trees=Trees(self._project.root, limits.file_size_bytes),
            cache=self._cache,
            repository=self._project.repository,
            progress=self._progress,
            workers=max(1, min(4, os.cpu_count() or 1)),
            seconds=float(limits.seconds),
            max_findings=limits.findings,
            known=known,
            digests=self._digests,
            pools=self._pools,
            early=self._early.get(planned.scanner.name),
            compared=compared,
        )

    def _known_files(self) -> dict[bytes, bytes]:
        if self._cache is None:
            return {}
        try:
            return self._cache.files()
        except CacheError as error:
            self.notes.append(str(error))
            return {}

    def _keep(self, found: WalkResult) -> None:
        if self._cache is None:
            return
        try:
            if self._digests:
                self._cache.remember_digests(self._digests, found.entries)
                self._cache.prune()
        except CacheError as error:
            self.notes.append(str(error))


def _open_cache(project: Project, found: WalkResult, notes: list[str]) -> ResultCache | None:
    if found.state_tracked:
        notes.append("the cache is not used: .paved/cache is tracked by git, so a change could bring its own answers")
        return None
    try:
        return open_cache(state_folder(project), paths.user_cache())
    except CacheError as error:
        notes.append(str(error))
        return None
