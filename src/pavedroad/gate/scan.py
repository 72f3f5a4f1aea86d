"""Runs one scanner over the sources: what the cache knows is taken from it, the rest goes to scanner processes."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from pavedroad.core.component import Component
from pavedroad.core.coverage import Coverage, CoverageStatus, DataSource, Isolation, LimitHit, ScanError, Skipped
from pavedroad.core.errors import PavedError
from pavedroad.core.identity import Observation
from pavedroad.gate.request import Progress
from pavedroad.gate.sources import Side, Source, jobs
from pavedroad.gate.trees import Trees, overlays, promoted
from pavedroad.infra.cache import ResultCache, content_digest, result_key
from pavedroad.infra.errors import CacheError
from pavedroad.infra.git import Repository
from pavedroad.infra.walk import STAMP, read_bounded
from pavedroad.scanning.model import FileResult, Preparation, Scanner, ScanSettings
from pavedroad.scanning.pool import Pool, PoolLimits
from pavedroad.scanning.protocol import Answer, Hello, Job

_MAX_ERRORS = 200
_ENCODE = msgspec.msgpack.Encoder()
_EMPTY = FileResult()
# A second scanner process pays its start-up back only on larger trees.
_BYTES_PER_WORKER = 24 << 20


class Bench(msgspec.Struct):
    """What a scanner of a run works with. Shared by all: ``known`` are the files of earlier runs (stamp and content
    digest by raw path), ``digests`` those read in this run, and ``pools`` all scanner processes of the run. ``early``
    is a process of this scanner that was started in advance."""

    root: Path
    max_bytes: int
    settings: ScanSettings
    cache: ResultCache | None
    repository: Repository | None
    progress: Progress
    workers: int
    seconds: float
    max_findings: int
    trees: Trees
    compared: bool = False
    early: Pool | None = None
    known: dict[bytes, bytes] = {}
    digests: dict[bytes, bytes] = {}
    pools: list[Pool] = []
    lock: threading.Lock = msgspec.field(default_factory=threading.Lock)

    def digest_of(self, source: Source) -> bytes:
        """The content digest, as far as it can be had without reading; else empty."""
        entry = source.entry
        if entry is None:
            return source.content_name
        row = self.known.get(entry.raw)
        if row is not None and row.startswith(entry.stamp):
            return row[STAMP.size :]
        return self.digests.get(entry.raw, b"")

    def read_digest(self, source: Source) -> bytes:
        """The content digest of a working file, read now; empty when it cannot be (the scanner will say why)."""
        try:
            digest = content_digest(read_bounded(self.root, source.raw, self.max_bytes))
        except OSError:
            return b""
        self.digests[source.raw] = digest
        return digest


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A result as the cache keeps it: it holds as long as the neighbours that were read stay as they were."""

    reads: tuple[tuple[str, bytes], ...]
    result: FileResult


_DECODE = msgspec.msgpack.Decoder(_Kept)


class Looked(msgspec.Struct):
    """What one scanner saw, by side, and its account of it. ``facts`` are those of judged files, by path."""

    coverage: Coverage
    observations: dict[Side, list[Observation]]
    components: tuple[Component, ...] = ()
    old_components: tuple[Component, ...] = ()
    notes: tuple[str, ...] = ()
    facts: dict[str, tuple[str, ...]] = {}


class _Tally:
    """Gathers answers of one scanner."""

    def __init__(self, sources: list[Source], most: int) -> None:
        self.sources = sources
        self.observations: dict[Side, list[Observation]] = {side: [] for side in Side}
        self.components: dict[Side, list[Component]] = {side: [] for side in Side}
        self.errors: list[ScanError] = []
        self.gaps: defaultdict[tuple[str, bool], list[Skipped]] = defaultdict(list)
        self.files = self.bytes = self.cached = self.unknown = self.failures = 0
        self.fresh: dict[bytes, bytes] = {}
        self.data: set[str] | None = None
        self.most = most
        self.left_out = 0
        self.facts: dict[str, tuple[str, ...]] = {}

    def take(self, number: int, result: FileResult, *, cached: bool) -> None:
        """One file's result."""
        source = self.sources[number]
        self.components[source.side].extend(result.components)
        if source.side is Side.HEAD:
            self.files += 1
            self.bytes += source.size
            self.cached += cached
            if result.facts:
                self.facts[source.path] = result.facts
            if result.data is not None:
                self.data = (self.data or set()) | set(result.data)
            for error in result.errors:
                self.fail(error)
            for gap in result.gaps:
                self.gaps[gap.reason, gap.harmless].append(gap)
        kept = self.observations[source.side]
        room = max(0, self.most - len(kept))
        self.left_out += max(0, len(result.observations) - room)
        kept.extend(_dated(result.observations[:room], source.commit))

    def take_nothing(self, source: Source) -> None:
        """One file that the cache knows to hold nothing: most files of most runs."""
        if source.side is Side.HEAD:
            self.files += 1
            self.bytes += source.size
            self.cached += 1

    def fail(self, error: ScanError) -> None:
        """One error; the first ones are kept whole, all are counted."""
        self.failures += 1
        if len(self.errors) < _MAX_ERRORS:
            self.errors.append(error)

    def skipped(self) -> tuple[Skipped, ...]:
        """Gaps of one reason, added up."""
        return tuple(
            Skipped(
                reason=reason,
                count=sum(gap.count for gap in gaps),
                examples=tuple(example for gap in gaps for example in gap.examples)[:5],
                harmless=harmless,
            )
            for (reason, harmless), gaps in sorted(self.gaps.items())
        )


def _dated(observations: tuple[Observation, ...], commit: str) -> Iterable[Observation]:
    """Findings of history carry the commit that brought them."""
    if not commit:
        return observations
    replace = msgspec.structs.replace
    return [
        replace(o, finding=replace(o.finding, location=replace(o.finding.location, commit=commit)))
        for o in observations
    ]


def scan(module: str, scanner: Scanner, preparation: Preparation, sources: Iterable[Source], bench: Bench) -> Looked:
    """Run ``scanner``. Whatever goes wrong becomes coverage; nothing is raised but interruption."""
    began = time.monotonic()
    sources = tuple(sources)
    selected = [s for s in sources if scanner.selects(s.path, s.size) and (scanner.history or not s.commit)]
    selected = promoted(scanner, selected, sources)
    tally = _Tally(selected, bench.max_findings)
    isolation: Isolation | None = None
    notes = list(preparation.notes)
    bench.progress.started(scanner.name, len(selected))
    try:
        if selected and not preparation.fatal:
            bench.trees.overlays = overlays(scanner, sources, bench.repository, bench.max_bytes)
            misses = _from_cache(scanner, preparation, tally, bench, notes)
            isolation = _from_workers(module, scanner, misses, tally, bench)
    except PavedError as error:
        tally.fail(ScanError(message=error.what, where=error.where, next_step=error.next_step))
    finally:
        _remember(scanner, preparation, tally, bench, notes)
        bench.progress.finished(scanner.name)
    for told in preparation.errors if selected else ():
        tally.fail(told)
    coverage = _coverage(scanner, preparation, tally, isolation, time.monotonic() - began, notes)
    status = _status(preparation, tally, compared=bench.compared)
    coverage = msgspec.structs.replace(coverage, status=status)
    head, old = (tuple(tally.components[side]) for side in (Side.HEAD, Side.BASE))
    return Looked(coverage, tally.observations, head, old, facts=tally.facts)


def _cache_name(scanner: Scanner, preparation: Preparation) -> str:
    return f"{scanner.name}:{preparation.digest}"


def _from_cache(scanner: Scanner, preparation: Preparation, tally: _Tally, bench: Bench, notes: list[str]) -> list[int]:
    """Take what earlier runs know; return the numbers of the sources still to look at."""
    stored: dict[bytes, bytes] = {}
    if bench.cache is not None:
        try:
            stored = bench.cache.results(_cache_name(scanner, preparation))
        except CacheError as error:
            notes.append(str(error))
    digests = _digests(tally.sources, bench) if stored else [b""] * len(tally.sources)
    misses = []
    known = Side.KNOWN
    for number, (source, digest) in enumerate(zip(tally.sources, digests, strict=True)):
        value = stored.get(result_key(source.raw, digest)) if digest else None
        kept = _DECODE.decode(value) if value else None
        if kept is not None and all(bench.trees.digest(p, old=source.side is Side.BASE) == d for p, d in kept.reads):
            tally.take(number, kept.result, cached=True)
        elif value == b"":
            tally.take_nothing(source)
        elif source.side is known:
            tally.unknown += 1
        else:
            misses.append(number)
    bench.progress.advanced(scanner.name, len(tally.sources) - len(misses))
    return misses


def _digests(sources: list[Source], bench: Bench) -> list[bytes]:
    """The digest of each source, empty where there is none; files that are new to us are read once."""
    digests = [bench.digest_of(source) for source in sources]
    unread = [number for number, digest in enumerate(digests) if not digest]
    if unread:
        with ThreadPoolExecutor(max_workers=2) as readers:
            read = readers.map(bench.read_digest, [sources[number] for number in unread])
            for number, digest in zip(unread, read, strict=True):
                digests[number] = digest
    return digests


def _from_workers(module: str, scanner: Scanner, misses: list[int], tally: _Tally, bench: Bench) -> Isolation | None:
    if not misses:
        return None
    size = sum(tally.sources[number].size for number in misses)
    workers = max(1, min(bench.workers, size // _BYTES_PER_WORKER))
    pool = bench.early or open_pool(module, scanner, bench)
    lost: list[tuple[int, str]] = []
    for answer in pool.answers(_only_jobs(misses, tally, bench, lost), workers):
        _take_answer(answer, tally, bench)
        bench.progress.advanced(scanner.name, 1)
    for number, why in lost:
        tally.gaps[f"an old version was {why}", False].append(
            Skipped(reason=why, count=1, examples=(tally.sources[number].path,), harmless=False)
        )
    return pool.isolation


def open_pool(module: str, scanner: Scanner, bench: Bench) -> Pool:
    """A pool of processes for one scanner, known to the run so that an interruption ends it."""
    hello = Hello(
        scanner=module,
        settings=bench.settings,
        root=bytes(bench.root),
        max_bytes=bench.max_bytes,
        overlays=bench.trees.overlays,
    )
    pool = Pool(module, hello, scanner.needs, PoolLimits(min(bench.seconds, scanner.needs.seconds)))
    with bench.lock:
        bench.pools.append(pool)
    return pool


def _only_jobs(misses: list[int], tally: _Tally, bench: Bench, lost: list[tuple[int, str]]) -> Iterator[Job]:
    for job in jobs(((n, tally.sources[n]) for n in misses), bench.repository, bench.max_bytes):
        if isinstance(job, Job):
            yield job
        else:
            lost.append(job)


def _take_answer(answer: Answer, tally: _Tally, bench: Bench) -> None:
    source = tally.sources[answer.id]
    if answer.gone:
        tally.gaps["vanished during the run", True].append(Skipped(reason="vanished", count=1, examples=(source.path,)))
        return
    if answer.result is None:
        tally.fail(ScanError(message=answer.error, where=source.path, next_step="see 'paved check --help', limits"))
        return
    if source.entry is not None:
        bench.digests[source.raw] = answer.digest
    digest = source.content_name or answer.digest
    nothing = answer.result == _EMPTY and not answer.reads
    value = b"" if nothing else _ENCODE.encode(_Kept(answer.reads, answer.result))
    tally.fresh[result_key(source.raw, digest)] = value
    tally.take(answer.id, answer.result, cached=False)


def _remember(scanner: Scanner, preparation: Preparation, tally: _Tally, bench: Bench, notes: list[str]) -> None:
    """Keep what was learnt, also when the run is being interrupted."""
    if bench.cache is None or not tally.fresh:
        return
    try:
        bench.cache.store(_cache_name(scanner, preparation), tally.fresh)
    except CacheError as error:
        notes.append(str(error))


def _coverage(
    scanner: Scanner,
    preparation: Preparation,
    tally: _Tally,
    isolation: Isolation | None,
    seconds: float,
    notes: list[str],
) -> Coverage:
    if tally.unknown:
        notes.append(f"{tally.unknown} unchanged files were not looked at: older findings in them are not counted")
    if tally.failures > len(tally.errors):
        notes.append(f"{tally.failures} errors in all; the first {len(tally.errors)} are listed")
    return Coverage(
        scanner=scanner.name,
        kind=scanner.kind,
        status=CoverageStatus.COMPLETE,
        engine_version=preparation.engine_version,
        rules_digest=preparation.digest,
        files=tally.files,
        bytes=tally.bytes,
        cached=tally.cached,
        seconds=round(seconds, 3),
        skipped=tally.skipped(),
        errors=tuple(tally.errors),
        data=_data_in_use(preparation, tally),
        limits=_limits(tally),
        notes=tuple(notes),
        isolation=isolation,
    )


def _limits(tally: _Tally) -> tuple[LimitHit, ...]:
    if not tally.left_out:
        return ()
    value = f"{tally.left_out} findings beyond {tally.most} are not listed"
    return (LimitHit(limit="scan.limits.findings", value=value),)


def _data_in_use(preparation: Preparation, tally: _Tally) -> tuple[DataSource, ...]:
    """Only data that judged something can be too old."""
    if not tally.files:
        return ()
    return tuple(source for source in preparation.data if tally.data is None or source.name in tally.data)


def _status(preparation: Preparation, tally: _Tally, *, compared: bool) -> CoverageStatus:
    if not tally.sources:
        # A change that touches nothing a scanner looks at has been looked at completely.
        return CoverageStatus.COMPLETE if compared else CoverageStatus.NOT_APPLICABLE
    if preparation.fatal or (tally.failures and not tally.files):
        return CoverageStatus.FAILED
    if tally.failures or tally.left_out or any(not harmless for _, harmless in tally.gaps):
        return CoverageStatus.PARTIAL
    return CoverageStatus.COMPLETE
