"""Merges records of several sources that describe one flaw: CVE = GHSA = GO = PYSEC = RUSTSEC.

Records belong together when they are connected by ids and aliases (``related`` does not connect). The name of the flaw
is the first of: the lowest CVE, the lowest GHSA, the lowest other id. So it stays the same whichever of the sources is
imported, as long as they name the same CVE.
"""

from collections.abc import Iterable

from pavedroad.advisories.matching import Answer, Judgement, judge, smallest_fix
from pavedroad.advisories.model import Advisory
from pavedroad.advisories.severity import Rating, rate
from pavedroad.advisories.versions import Scheme
from pavedroad.core.noun import Noun


class Flaw(Noun, frozen=True, kw_only=True):
    """One flaw of one package version. ``records`` affect the version, the one that speaks first in front.

    ``spans`` are ``(record id, affected range)``. ``fixed`` is the version to move to, empty when none is known.
    ``notes`` say where sources disagree. ``upstream`` are the flaws that a distribution's record passes on: they make
    no two flaws one, but what is known about them counts for this one.
    """

    id: str
    aliases: tuple[str, ...]
    records: tuple[Advisory, ...]
    spans: tuple[tuple[str, str], ...]
    rating: Rating
    fixed: str = ""
    notes: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()

    @property
    def signal_names(self) -> tuple[str, ...]:
        """The names to ask for signals of exploitation."""
        return (self.id, *self.aliases, *self.upstream)

    @property
    def malicious(self) -> bool:
        return any(record.malicious for record in self.records)


class Findings(Noun, frozen=True, kw_only=True):
    """What is known about one package version: flaws, and advisories that could not be judged."""

    flaws: tuple[Flaw, ...] = ()
    unknown: tuple[str, ...] = ()


def rank(name: str) -> tuple[int, int, int, str]:
    """The order in which names of a flaw are preferred: CVE by year and number, GHSA, then the rest by text."""
    family, _, rest = name.partition("-")
    if family == "CVE":
        year, _, number = rest.partition("-")
        if year.isdecimal() and number.isdecimal() and len(rest) < 30:
            return (0, int(year), int(number), name)
    return (1 if family == "GHSA" else 2, 0, 0, name)


def _names(advisory: Advisory) -> tuple[str, ...]:
    return (advisory.header.id, *advisory.header.aliases)


def group(advisories: Iterable[Advisory]) -> list[tuple[Advisory, ...]]:
    """The connected groups, each sorted by rank of its ids, the list by rank of the groups' names."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    unique = list({advisory.header.id: advisory for advisory in advisories}.values())
    for advisory in unique:
        for alias in advisory.header.aliases:
            root[find(alias)] = find(advisory.header.id)
    groups: dict[str, list[Advisory]] = {}
    for advisory in unique:
        groups.setdefault(find(advisory.header.id), []).append(advisory)
    sorted_groups = [tuple(sorted(each, key=lambda a: rank(a.header.id))) for each in groups.values()]
    return sorted(sorted_groups, key=lambda each: rank(canonical(each)))


def canonical(records: Iterable[Advisory]) -> str:
    """The name of the flaw that ``records`` describe."""
    return min((name for record in records for name in _names(record)), key=rank)


def _disagreements(
    spans: tuple[tuple[str, str], ...], ratings: dict[str, Rating], silent: Iterable[Advisory]
) -> tuple[str, ...]:
    notes = []
    if len({span for _, span in spans}) > 1:
        notes.append(
            "sources disagree on the affected range: " + "; ".join(f"{name} says {span}" for name, span in spans)
        )
    known = {name: rating.severity.value for name, rating in ratings.items() if rating.severity.rank}
    if len(set(known.values())) > 1:
        notes.append(
            "sources disagree on the severity, the highest counts: "
            + "; ".join(f"{name} says {word}" for name, word in known.items())
        )
    notes.extend(f"{record.header.id} does not list this version as affected" for record in silent)
    return tuple(notes)


def _flaw(records: tuple[Advisory, ...], others: list[Advisory], judged: dict[str, Judgement], fix: str) -> Flaw:
    names = {name for record in records for name in _names(record)}
    silent = [other for other in others if names.intersection(_names(other))]
    ratings = {record.header.id: rate(record) for record in records}
    spans = tuple((record.header.id, judged[record.header.id].span) for record in records)
    name = canonical(records)
    return Flaw(
        id=name,
        aliases=tuple(sorted(names - {name}, key=rank)),
        records=records,
        spans=spans,
        rating=max(ratings.values(), key=lambda r: (r.severity.rank, r.score or 0.0)),
        fixed=fix,
        notes=_disagreements(spans, ratings, silent),
        upstream=tuple(sorted({each for record in records for each in _upstream(record)} - names, key=rank)),
    )


# Their errata named the CVEs that they fix in ``related`` before OSV had a field for it, and some still do.
_ERRATA = ("AlmaLinux", "Rocky Linux", "Red Hat", "SUSE", "openSUSE", "Mageia", "Photon OS")


def _upstream(record: Advisory) -> tuple[str, ...]:
    header = record.header
    if header.upstream or header.aliases or record.ecosystem.partition(":")[0] not in _ERRATA:
        return header.upstream
    return tuple(name for name in header.related if name.startswith("CVE-"))


def examine(advisories: tuple[Advisory, ...], version: str, rules: Scheme) -> Findings:
    """What ``advisories`` (all about one package) say about ``version``, merged by flaw."""
    judged = {advisory.header.id: judge(advisory, version, rules) for advisory in advisories}

    def having(answer: Answer) -> list[Advisory]:
        return [advisory for advisory in advisories if judged[advisory.header.id].answer is answer]

    others = having(Answer.NOT_AFFECTED)
    flaws = tuple(
        _flaw(records, others, judged, smallest_fix(records, version, rules))
        for records in group(having(Answer.AFFECTED))
    )
    named = {name for flaw in flaws for name in (flaw.id, *flaw.aliases)}
    unknown = tuple(a.header.id for a in having(Answer.CANNOT_TELL) if not named.intersection(_names(a)))
    return Findings(flaws=flaws, unknown=unknown)
