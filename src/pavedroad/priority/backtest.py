"""How well would each strategy have chosen? Judged by what was added to the KEV catalogue afterwards. Pure.

Effort is the share of CVEs that a strategy selects. Coverage is TP / (TP + FN): the share of later additions that it
had selected. Efficiency is TP / (TP + FP): the share of its selection that was added later.

CVEs that were in the catalogue on the day are left out: everybody selects them, and they cannot be added again. Later
additions that nobody had data about on the day are counted apart, because no strategy could see them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from pavedroad.core.asset import AssetFacts
from pavedroad.core.finding import Finding
from pavedroad.core.location import Location
from pavedroad.core.noun import Noun
from pavedroad.core.priority import Signals
from pavedroad.core.run import Run
from pavedroad.core.severity import Confidence, Severity
from pavedroad.priority.inputs import EPSS_HIGH, EPSS_MEDIUM, case_of, epss_band, values_of
from pavedroad.priority.scoring import best, parse
from pavedroad.priority.snapshots import Epss, Facts, Kev, Vectors, is_cve
from pavedroad.priority.tables import Table

# KEV or EPSS of at least this, then CVSS of at least 7: the strategy measured in arXiv 2506.01220.
PUBLISHED_CUT = 0.088
CUTS = (EPSS_MEDIUM, EPSS_HIGH, 0.5)


class Candidate(Noun, frozen=True, kw_only=True):
    """One CVE as it was known on the day."""

    cve: str
    epss: float | None = None
    facts: Facts = Facts()

    @property
    def base(self) -> float | None:
        """The CVSS base score, None without a vector."""
        return parse(self.facts.vector).base if self.facts.vector else None


class Row(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """One strategy. ``group`` is ``table``, ``simple`` or ``missing``. ``blind`` counts CVEs that lack the data it
    looks at, ``blind_hits`` those of them that were added later. Shares are 0 to 1, None where nothing could be
    divided."""

    name: str
    group: str
    selected: int
    hits: int
    effort: float | None
    coverage: float | None
    efficiency: float | None
    blind: int = 0
    blind_hits: int = 0


class Backtest(Noun, frozen=True, kw_only=True, omit_defaults=False):
    """All strategies on one population. ``additions`` are the catalogue's additions in (``at``, ``until``], of which
    ``seen`` are in the population and ``unseen`` had no data on the day; ``foreign`` are additions of CVEs outside of
    the findings asked for."""

    at: date
    until: date
    population: int
    additions: int
    seen: int
    unseen: int
    foreign: int = 0
    listed_before: int = 0
    too_new: int = 0
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


class Inputs(Noun, frozen=True, kw_only=True):
    """The snapshots of a back-test; ``only`` restricts it to the CVEs of findings, None: all."""

    kev: Kev
    epss: Epss | None = None
    vectors: Vectors | None = None
    only: frozenset[str] | None = None


def run(
    inputs: Inputs,
    at: date,
    until: date,
    tables: Sequence[Table],
    asset: AssetFacts,
    cuts: Iterable[float] = CUTS,
) -> Backtest:
    """Judge every table and the simple strategies on what was known on ``at``."""
    before = {cve for cve, day in inputs.kev.added.items() if day <= at}
    later = {cve for cve, day in inputs.kev.added.items() if at < day <= until}
    known, too_new = candidates(inputs, at)
    population = [each for each in known if each.cve not in before]
    named = {each.cve for each in population}
    wanted = later if inputs.only is None else later & inputs.only
    hits = {each.cve for each in population if each.cve in wanted}
    rows = [
        *(row for table in tables for row in _table_rows(table, population, hits, asset)),
        *_simple_rows(population, hits, tuple(cuts), inputs),
        *_missing_rows(population, hits, inputs),
    ]
    return Backtest(
        at=at,
        until=until,
        population=len(population),
        additions=len(later),
        seen=len(hits),
        unseen=len(wanted - named),
        foreign=len(later - wanted),
        listed_before=len(known) - len(population),
        too_new=too_new,
        rows=tuple(rows),
        notes=tuple(_notes(inputs, at, asset)),
    )


def candidates(inputs: Inputs, at: date) -> tuple[list[Candidate], int]:
    """Every CVE of which something was known on the day, sorted, and how many were left out as published later."""
    scores = inputs.epss.scores if inputs.epss else {}
    facts = inputs.vectors.facts if inputs.vectors else {}
    names = set(scores) | set(facts)
    if inputs.only is not None:
        names &= inputs.only
    known = [
        Candidate(cve=cve, epss=scores.get(cve), facts=facts.get(cve, Facts()))
        for cve in sorted(names)
        if cve in scores or not _published_after(cve, facts.get(cve), at)
    ]
    return known, len(names) - len(known)


def _published_after(cve: str, facts: Facts | None, at: date) -> bool:
    """By its date; without one, only what a later year numbered is surely later."""
    if facts is not None and facts.published is not None:
        return facts.published > at
    return int(cve[4:8]) > at.year


Selects = Callable[[Candidate], bool]


def _row(
    name: str,
    group: str,
    population: Sequence[Candidate],
    hits: set[str],
    selects: Selects,
    lacks: Selects = lambda _: False,
) -> Row:
    chosen = [each for each in population if selects(each)]
    blind = [each for each in population if lacks(each)]
    true = sum(each.cve in hits for each in chosen)
    return Row(
        name=name,
        group=group,
        selected=len(chosen),
        hits=true,
        effort=_share(len(chosen), len(population)),
        coverage=_share(true, len(hits)),
        efficiency=_share(true, len(chosen)),
        blind=len(blind),
        blind_hits=sum(each.cve in hits for each in blind),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 8) if whole else None


def _table_rows(table: Table, population: Sequence[Candidate], hits: set[str], asset: AssetFacts) -> list[Row]:
    """One row per tier with a deadline, each with all more urgent tiers: "who does everything up to here"."""
    ranks = _ranks(table, population, asset)

    def up_to(rank: int) -> Selects:
        return lambda each: ranks[each.cve] <= rank

    return [
        _row(
            f"{table.name}: {outcome.name}{' or sooner' if outcome.rank else ''}",
            "table",
            population,
            hits,
            up_to(outcome.rank),
            lambda each: not each.facts.vector,
        )
        for outcome in table.outcomes
        if outcome.days is not None
    ]


def _ranks(table: Table, population: Sequence[Candidate], asset: AssetFacts) -> Mapping[str, int]:
    """The rank of each CVE. What decides is the same for many, so each combination is decided once."""
    decided: dict[tuple[object, ...], int] = {}
    ranks: dict[str, int] = {}
    for each in population:
        facts = each.facts
        key = (facts.vector, facts.exploitation, facts.automatable, facts.total_impact, epss_band(each.epss))
        if key not in decided:
            values = values_of(case_of(_finding(each), _signals(each), asset), table.inputs)
            decided[key] = table.decide({name: known.value for name, known in values.items()}).rank
        ranks[each.cve] = decided[key]
    return ranks


def _signals(candidate: Candidate) -> Signals:
    return Signals(
        cve=candidate.cve,
        known_exploited=False,
        epss=candidate.epss,
        exploitation=candidate.facts.exploitation,
        automatable=candidate.facts.automatable,
        total_impact=candidate.facts.total_impact,
    )


def _finding(candidate: Candidate) -> Finding:
    """The least that a table asks of a finding; its severity is that of the vector."""
    base = candidate.base
    return Finding(
        rule=f"dependencies/{candidate.cve}",
        kind="dependencies",
        title="",
        message="",
        severity=Severity.UNKNOWN if base is None else Severity.from_cvss(base),
        confidence=Confidence.HIGH,
        location=Location(path=""),
        scanner="backtest",
        aliases=(candidate.cve,),
        vectors=(candidate.facts.vector,) if candidate.facts.vector else (),
    )


def _simple_rows(
    population: Sequence[Candidate], hits: set[str], cuts: tuple[float, ...], inputs: Inputs
) -> Iterable[Row]:
    def no_vector(each: Candidate) -> bool:
        return not each.facts.vector

    def no_score(each: Candidate) -> bool:
        return each.epss is None

    def cvss(floor: float) -> Selects:
        return lambda each: (each.base or 0.0) >= floor

    def epss(floor: float) -> Selects:
        return lambda each: each.epss is not None and each.epss >= floor

    yield _row("everything", "simple", population, hits, lambda _: True)
    yield _row("KEV only", "simple", population, hits, lambda _: False)
    if inputs.vectors is not None:
        yield _row("CVSS 7 or more", "simple", population, hits, cvss(7.0), no_vector)
        yield _row("CVSS 9 or more", "simple", population, hits, cvss(9.0), no_vector)
    if inputs.epss is not None:
        for cut in sorted(set(cuts)):
            yield _row(f"EPSS {cut:g} or more", "simple", population, hits, epss(cut), no_score)
    if inputs.epss is not None and inputs.vectors is not None:
        yield _row(
            f"KEV or EPSS {PUBLISHED_CUT:g}, then CVSS 7",
            "simple",
            population,
            hits,
            lambda each: epss(PUBLISHED_CUT)(each) and cvss(7.0)(each),
            lambda each: no_score(each) or no_vector(each),
        )


def _missing_rows(population: Sequence[Candidate], hits: set[str], inputs: Inputs) -> Iterable[Row]:
    """CVEs without a score are a row of their own: no strategy by score can see them."""
    if inputs.epss is not None:
        yield _row("no EPSS score on the day", "missing", population, hits, lambda each: each.epss is None)
    if inputs.vectors is not None:
        yield _row("no CVSS vector", "missing", population, hits, lambda each: not each.facts.vector)


def _notes(inputs: Inputs, at: date, asset: AssetFacts) -> Iterable[str]:
    yield (
        "what was in the catalogue on the day is left out, so 'KEV only' selects nothing: it cannot foresee an addition"
    )
    yield "an addition to the catalogue stands for exploitation; exploited CVEs that CISA did not list count as misses"
    if asset.exposure is None:
        yield "tables: exposure is not known, every CVE is taken as reachable from the internet (--exposure)"
    if inputs.epss is None:
        yield "no EPSS scores were given: strategies by EPSS are left out"
    elif inputs.epss.day < at:
        yield f"the EPSS scores are of {inputs.epss.day}, {(at - inputs.epss.day).days} days before the day judged"
    if inputs.vectors is None:
        yield "no CVSS vectors were given: tables assume the worst of every CVE, and strategies by CVSS are left out"
    else:
        yield "the CVSS vectors and SSVC values are those of the list given, which may be newer than the day judged"
        if not inputs.vectors.dated:
            yield "the list of vectors has no dates of publication: it may hold CVEs that were not yet known"
    for name, part in (("KEV", inputs.kev), ("EPSS", inputs.epss), ("vector", inputs.vectors)):
        if part is not None and part.broken:
            yield f"{part.broken} {name} rows could not be read and were left out"


def cves_of(saved: Run | None) -> frozenset[str] | None:
    """The CVEs of a run's findings, None without a run."""
    if saved is None:
        return None
    return frozenset(cve for each in saved.findings for cve in _cves(each.finding))


def with_findings(vectors: Vectors | None, saved: Run | None) -> Vectors | None:
    """The list of vectors, completed by those that the run's findings carry."""
    if saved is None:
        return vectors
    facts = dict(vectors.facts) if vectors else {}
    for each in saved.findings:
        vector = best(each.finding.vectors)
        for cve in _cves(each.finding):
            if cve not in facts or not facts[cve].vector:
                known = facts.get(cve, Facts())
                facts[cve] = msgspec.structs.replace(known, vector=vector.text if vector else "")
    return Vectors(facts=facts, dated=bool(vectors and vectors.dated), broken=vectors.broken if vectors else 0)


def _cves(finding: Finding) -> set[str]:
    names = (*finding.aliases, finding.rule.rpartition("/")[2])
    return {name.upper() for name in names if is_cve(name.upper())}
