"""Live checks of one scanner's findings: a second process, with a door to named hosts, asks whether they still hold.

After scanning and apart from it. The process gets the findings and reads a piece of their files again; the verdicts are
written into the findings here. Nothing of it is cached. Nothing that the world says, or fails to say, hides a finding.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from pavedroad.core.clock import Clock
from pavedroad.core.coverage import CoverageStatus, ScanError
from pavedroad.core.errors import PavedError
from pavedroad.core.identity import Observation
from pavedroad.gate.plan import Planned
from pavedroad.gate.scan import Bench, Looked
from pavedroad.gate.sources import Side, Source, jobs
from pavedroad.scanning.pool import Pool, PoolLimits
from pavedroad.scanning.protocol import Answer, Hello, Job
from pavedroad.scanning.registry import module_of
from pavedroad.scanning.verification import Check, Outcome, Verification, Verifies

if TYPE_CHECKING:
    from pavedroad.infra.egress import Egress

# A file's questions may wait for providers; few files in a batch keep a batch within its time.
_BATCH_FILES = 4
_BATCH_SECONDS = 120.0
_MOST_HOSTS = 10  # named in a note
_MAX_WHY = 200
_NO_NETWORK = "the network is not allowed: use --network, or 'network: true' in paved.yaml"


def verify(planned: Planned, looked: Looked, sources: Sequence[Source], bench: Bench, clock: Clock) -> Looked:
    """What was seen, with the verdicts of live checks where the scanner has them and the user asked for them.

    ``notes`` of the result gains one sentence for people; the details go into coverage.
    """
    scanner = planned.scanner
    wanted = scanner.verification(planned.settings) if isinstance(scanner, Verifies) else None
    if wanted is None or not isinstance(scanner, Verifies):
        return looked
    live = _Live(planned, scanner, looked.observations[Side.HEAD], clock)
    if planned.settings.network:
        live.ask(wanted, sources, bench)
    else:
        live.leave(_NO_NETWORK)
    coverage = looked.coverage
    coverage = msgspec.structs.replace(
        coverage,
        notes=(*coverage.notes, *live.notes),
        errors=(*coverage.errors, *live.errors),
        status=_worse(coverage.status) if live.errors else coverage.status,
    )
    observations = {**looked.observations, Side.HEAD: live.observations}
    return msgspec.structs.replace(
        looked, coverage=coverage, observations=observations, notes=(*looked.notes, live.summary)
    )


def _worse(status: CoverageStatus) -> CoverageStatus:
    return CoverageStatus.PARTIAL if status is CoverageStatus.COMPLETE else status


class _Live:
    """The findings of one scanner while verdicts come in. ``observations`` keeps their order and number."""

    def __init__(self, planned: Planned, scanner: Verifies, observations: list[Observation], clock: Clock) -> None:
        self._planned, self._scanner, self._clock = planned, scanner, clock
        self.observations = list(observations)
        self._checks: dict[int, Check] = {}
        self._hosts: frozenset[str] = frozenset()
        self.summary = ""
        self.notes: list[str] = []
        self.errors: list[ScanError] = []

    def leave(self, why: str) -> None:
        """Nobody is asked."""
        self._write(why)
        self.summary = f"live checks were asked for, but {why}"
        self.notes.append(self.summary)

    def ask(self, wanted: Verification, sources: Sequence[Source], bench: Bench) -> None:
        """Ask about every finding that has a place in a source."""
        from pavedroad.infra.egress import Egress  # here, because HTTP costs 12 ms that most runs can do without

        self._hosts = frozenset(wanted.hosts)
        by_place = self._by_place()
        numbered = [(n, s) for n, s in enumerate(sources) if s.side is Side.HEAD and (s.path, s.commit) in by_place]
        name = f"{self._planned.scanner.name} live"
        bench.progress.started(name, len(numbered))
        try:
            if numbered:
                with Egress(wanted.hosts, most=wanted.most) as door, closing(self._pool(wanted, bench, door)) as pool:
                    for answer in pool.answers(self._jobs(numbered, by_place, bench)):
                        self._take(answer, by_place[sources[answer.id].path, sources[answer.id].commit])
                        bench.progress.advanced(name, 1)
                self._account_of(door, pool)
        except (PavedError, OSError) as error:
            self._fail(error)
        finally:
            bench.progress.finished(name)
        self._write("the live check did not come to it")
        self._account()

    def _by_place(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for number, observation in enumerate(self.observations):
            location = observation.finding.location
            found.setdefault((location.path, location.commit or ""), []).append(number)
        return found

    def _pool(self, wanted: Verification, bench: Bench, door: "Egress") -> Pool:
        module = module_of(self._planned.scanner.name)
        hello = Hello(
            scanner=module, settings=bench.settings, root=bytes(bench.root), max_bytes=bench.max_bytes, verify=True
        )
        limits = PoolLimits(min(bench.seconds, wanted.needs.seconds), _BATCH_SECONDS, _BATCH_FILES)
        pool = Pool(module, hello, wanted.needs, limits, env=door.environment)
        with bench.lock:
            bench.pools.append(pool)
        return pool

    def _jobs(
        self, numbered: list[tuple[int, Source]], by_place: dict[tuple[str, str], list[int]], bench: Bench
    ) -> Iterator[Job]:
        sources = dict(numbered)
        for job in jobs(numbered, bench.repository, bench.max_bytes):
            if isinstance(job, Job):
                source = sources[job.id]
                asked = tuple(self.observations[n] for n in by_place[source.path, source.commit])
                yield msgspec.structs.replace(job, asked=asked)

    def _take(self, answer: Answer, numbers: list[int]) -> None:
        """Verdicts count only when there is one for each finding; the process that gave them is not trusted."""
        if answer.error:
            where = self.observations[numbers[0]].finding.location.path
            self.errors.append(
                ScanError(message=f"live check: {answer.error}", where=where, next_step="run the check again")
            )
        elif len(answer.checks) == len(numbers):
            at = self._clock.now()
            for number, check in zip(numbers, answer.checks, strict=True):
                if not check.host or check.host in self._hosts:
                    self._checks[number] = msgspec.structs.replace(check, at=at, why=check.why[:_MAX_WHY])

    def _fail(self, error: PavedError | OSError) -> None:
        what = error.what if isinstance(error, PavedError) else f"live checks cannot be made: {error.strerror or error}"
        next_step = error.next_step if isinstance(error, PavedError) else ""
        self.errors.append(ScanError(message=what, where="live checks", next_step=next_step or "run 'paved doctor'"))

    def _write(self, otherwise: str) -> None:
        nobody = Check(outcome=Outcome.UNKNOWN, why=otherwise)
        self.observations = [
            self._scanner.told(observation, self._checks.get(number, nobody))
            for number, observation in enumerate(self.observations)
        ]

    def _account(self) -> None:
        """Who was asked about what, and what came of it."""
        asked = [check for check in self._checks.values() if check.host]
        outcomes = Counter(check.outcome for check in asked)
        self.summary = (
            f"live checks: {outcomes[Outcome.ACTIVE]} active, {outcomes[Outcome.INACTIVE]} inactive, "
            f"{outcomes[Outcome.UNKNOWN]} without an answer; of {len(self.observations) - len(asked)} findings nobody "
            "was asked"
        )
        self.notes.append(self.summary)
        if asked:
            self.notes.append(f"findings asked about, by host: {_counted(Counter(check.host for check in asked))}")

    def _account_of(self, door: "Egress", pool: Pool) -> None:
        """What the door saw, and how the process was confined."""
        total = door.connections.total()
        self.notes.append(f"connections of live checks: {_counted(door.connections) if total else 'none'}")
        if door.refused:
            self.notes.append(f"connections refused to live checks: {_counted(door.refused)}")
        if pool.isolation:
            self.notes.append(f"network of the process of live checks: {pool.isolation.network}, by way of the door")


def _counted(counts: Counter[str]) -> str:
    named = [f"{host} {count}" for host, count in counts.most_common(_MOST_HOSTS)]
    more = len(counts) - len(named)
    return ", ".join(named) + (f" and {more} more hosts" if more > 0 else "")
