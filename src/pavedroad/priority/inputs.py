"""From signals, vectors and asset facts to the inputs of a decision table. Pure.

Unknown is a value (truth 5 of the house): whatever is not known is assumed aloud, and the assumption travels with the
priority. ``docs/explain/priorities.md`` lists every rule of this module for users.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pavedroad.core.asset import AssetFacts
from pavedroad.core.finding import Finding
from pavedroad.core.priority import Signals
from pavedroad.core.severity import Severity
from pavedroad.priority import scoring
from pavedroad.priority.impact import human_impact, mission_wellbeing
from pavedroad.priority.vocabulary import INPUTS

# Bands of EPSS: 1 % and 10 %. A flaw without score is treated as in the middle band: no score is not a low score.
EPSS_MEDIUM, EPSS_HIGH = 0.01, 0.1

# Weaknesses that hand over the machine, the account or the key: code runs (CWE-77, 78, 94-96, 98, 434, 502, 913, 917,
# 1336), nobody is asked who they are (287, 288, 306), credentials are in the open (259, 321, 798), rights are too wide
# (250, 269). Section "Findings without a CVE" of docs/explain/priorities.md.
_TOTAL_CWE = frozenset({77, 78, 94, 95, 96, 98, 434, 502, 913, 917, 1336, 287, 288, 306, 259, 321, 798, 250, 269})
_LIVE_CHECK = "live check"  # the evidence that a secret was tried: "active: ...", "inactive: ..."


class Known(NamedTuple):
    """A value, and why it had to be assumed; an empty reason means that it is known."""

    value: str
    assumed: str = ""


class Case(NamedTuple):
    """One finding with everything known about it. ``vector`` is its best CVSS vector, ``scored`` that vector here."""

    finding: Finding
    signals: Signals
    facts: AssetFacts
    vector: scoring.Vector | None
    scored: scoring.Scored | None


def case_of(finding: Finding, signals: Signals | None, facts: AssetFacts) -> Case:
    """The finding with its score."""
    known = signals or Signals()
    vector = scoring.best(finding.vectors)
    case = Case(finding, known, facts, vector, None)
    scored = scoring.rescore(vector, facts, _threat(case)) if vector else None
    return case._replace(scored=scored)


def values_of(case: Case, names: tuple[str, ...]) -> dict[str, Known]:
    """The value of each input. Every name is one of :data:`INPUTS`."""
    return {name: _RULES[name](case) for name in names}


def assumptions(values: Mapping[str, Known]) -> tuple[str, ...]:
    """One phrase for each value that had to be assumed."""
    return tuple(
        f"{name.replace('_', ' ')}: {known.assumed}; assumed {known.value}"
        for name, known in values.items()
        if known.assumed
    )


def alike(finding: Finding) -> tuple[object, ...]:
    """Everything about a finding that any rule here looks at: findings with equal ones get equal values. The rule of a
    flaw without other names only matters where it is one: an advisory that has none."""
    named = finding.rule if finding.component is not None else is_malicious(finding)
    return (
        finding.kind,
        finding.severity,
        finding.vectors,
        finding.aliases,
        finding.upstream,
        named,
        finding.component is not None,
        proven(finding),
        has_cve(finding),
        finding.score,
        finding.cwe,
        finding.fixable,
    )


def has_cve(finding: Finding) -> bool:
    """Whether the catalogues of exploited CVEs can say anything about it."""
    return any(name.upper().startswith("CVE-") for name in (*finding.aliases, finding.rule.rpartition("/")[2]))


def is_malicious(finding: Finding) -> bool:
    """Whether the package itself is the attack: by its severity, or by an id of OpenSSF malicious-packages."""
    return finding.severity is Severity.MALICIOUS or any(
        name.startswith("MAL-") for name in (*finding.aliases, finding.rule.rpartition("/")[2])
    )


def proven(finding: Finding) -> bool:
    """Exploitation that needs no catalogue: a malicious package, or a secret that its provider still accepts."""
    live = any(fact.name == _LIVE_CHECK and fact.value.startswith("active") for fact in finding.evidence)
    return live or is_malicious(finding)


def _about_package(case: Case) -> bool:
    return case.finding.component is not None or case.vector is not None or has_cve(case.finding)


def _threat(case: Case) -> str | None:
    """Exploitation for CVSS; None where nobody said anything."""
    if case.signals.known_exploited or proven(case.finding):
        return "active"
    return case.signals.exploitation if case.signals.exploitation in INPUTS["exploitation"].values else None


def _kev(case: Case) -> Known:
    if case.signals.known_exploited or proven(case.finding):
        return Known("yes")
    if case.signals.known_exploited is None:
        if has_cve(case.finding):
            exploited = case.signals.exploitation == "active"
            return Known("yes" if exploited else "no", "no catalogue of exploited flaws was there to ask")
        if case.finding.component is not None:
            return Known("no", "it has no CVE, and the catalogue lists only CVEs")
    return Known("no")


def _exploitation(case: Case) -> Known:
    threat = _threat(case)
    if threat:
        return Known(threat)
    vector = case.vector
    maturity = vector.get("E") if vector else ""
    if maturity in ("P", "POC", "F"):
        return Known("poc", "taken from the exploit maturity of its CVSS vector")
    if maturity in ("A", "H"):
        return Known("active" if vector and vector.version == "4.0" else "poc", "taken from its CVSS vector")
    return Known("none", "nobody has said")


def _exposed(case: Case) -> Known:
    """Partner and internal networks are not the public internet; SSVC's system exposure tells them apart."""
    if case.facts.exposure:
        return Known("yes" if case.facts.exposure == "internet" else "no")
    assumed = _assumed_exposure(case.facts)
    return Known("yes" if assumed == "internet" else "no", _why_exposure(case.facts))


def _assumed_exposure(facts: AssetFacts) -> str:
    """Production is assumed to be exposed, and what is not known to be elsewhere is assumed to be production."""
    return "internal" if facts.environment in ("development", "staging") else "internet"


def _why_exposure(facts: AssetFacts) -> str:
    where = f"in {facts.environment}" if facts.environment else "and neither is the environment"
    return f"the exposure of the asset is not known {where}"


def _exposure(case: Case) -> Known:
    if case.facts.exposure:
        return Known(case.facts.exposure)
    return Known(_assumed_exposure(case.facts), _why_exposure(case.facts))


def _system_exposure(case: Case) -> Known:
    known = _exposure(case)
    size = {"isolated": "small", "internal": "controlled", "partner": "controlled", "internet": "open"}
    return Known(size[known.value], known.assumed)


def _automatable(case: Case) -> Known:
    if case.signals.automatable is not None:
        return Known("yes" if case.signals.automatable else "no")
    if is_malicious(case.finding) or case.finding.kind == "secrets":
        return Known("yes")
    if case.vector is not None:
        return Known("yes" if scoring.automatable(case.vector) else "no", "derived from the CVSS vector")
    if _about_package(case):
        return Known("yes", "neither CISA nor a CVSS vector says")
    grave = case.finding.severity >= Severity.HIGH or case.finding.severity is Severity.UNKNOWN
    return Known("yes" if grave else "no", f"derived from {case.finding.severity.value} severity")


def _technical_impact(case: Case) -> Known:
    if case.signals.total_impact is not None:
        return Known("total" if case.signals.total_impact else "partial")
    if is_malicious(case.finding) or case.finding.kind == "secrets":
        return Known("total")
    if case.vector is not None:
        return Known("total" if scoring.total_impact(case.vector) else "partial", "derived from the CVSS vector")
    if _TOTAL_CWE.intersection(case.finding.cwe):
        return Known("total", "derived from the weakness (CWE)")
    grave = case.finding.severity in (Severity.CRITICAL, Severity.UNKNOWN)
    return Known("total" if grave else "partial", f"derived from {case.finding.severity.value} severity")


def _severity(case: Case) -> Known:
    if is_malicious(case.finding):
        return Known("critical")
    if case.scored is not None:
        return Known(_WORDS[Severity.from_cvss(case.scored.score)])
    if case.finding.severity is Severity.UNKNOWN:
        return Known("high", "not known")
    return Known(_WORDS[case.finding.severity])


def epss_band(score: float | None) -> str | None:
    """The band of a score; None for what is no score."""
    if score is None or not 0.0 <= score <= 1.0:
        return None
    return "high" if score >= EPSS_HIGH else "medium" if score >= EPSS_MEDIUM else "low"


def _epss(case: Case) -> Known:
    band = epss_band(case.signals.epss)
    return Known(band) if band else Known("medium", "there is no score yet")


def _ransomware(case: Case) -> Known:
    used = case.signals.ransomware
    if used is None and has_cve(case.finding) and case.signals.known_exploited is not False:
        return Known("no", "nobody has said")
    return Known("yes" if used else "no")


def _mission(case: Case) -> Known:
    facts, missing = case.facts, []
    if facts.criticality is None:
        missing.append("criticality of the asset is not known, taken as medium")
    if facts.data is None and facts.safety is None:
        missing.append("class of its data is not known, taken as regulated")
    value = mission_wellbeing(facts.criticality or "medium", facts.data or "regulated", facts.safety or "negligible")
    return Known(value, " and ".join(missing))


def _human(case: Case) -> Known:
    facts, missing = case.facts, []
    if facts.criticality is None:
        missing.append("criticality of the asset is not known, taken as high")
    if facts.safety is None:
        missing.append("harm to people is not known, taken as negligible")
    return Known(human_impact(facts.safety or "negligible", facts.criticality or "high"), " and ".join(missing))


def _fact(name: str, otherwise: str) -> Callable[[Case], Known]:
    def rule(case: Case) -> Known:
        value: str | None = getattr(case.facts, name)
        return Known(value) if value else Known(otherwise, f"the asset's {name} is not known")

    return rule


_WORDS = {
    Severity.INFO: "none",
    Severity.LOW: "low",
    Severity.MEDIUM: "medium",
    Severity.HIGH: "high",
    Severity.CRITICAL: "critical",
    Severity.MALICIOUS: "critical",
}

# The facts that each input may depend on; the others cannot change it.
_FACTS_OF: dict[str, tuple[str, ...]] = {
    "exposed": ("exposure", "environment"),
    "system_exposure": ("exposure", "environment"),
    "exposure": ("exposure", "environment"),
    "severity": ("exposure", "criticality", "data"),
    "mission_wellbeing": ("criticality", "data", "safety"),
    "human_impact": ("criticality", "safety"),
    "criticality": ("criticality",),
    "environment": ("environment",),
    "data": ("data",),
}


def facts_behind(names: tuple[str, ...]) -> frozenset[str]:
    """The asset facts that the inputs ``names`` may depend on."""
    return frozenset(fact for name in names for fact in _FACTS_OF.get(name, ()))


_RULES: dict[str, Callable[[Case], Known]] = {
    "kev": _kev,
    "exploitation": _exploitation,
    "exposed": _exposed,
    "system_exposure": _system_exposure,
    "automatable": _automatable,
    "technical_impact": _technical_impact,
    "mission_wellbeing": _mission,
    "human_impact": _human,
    "severity": _severity,
    "epss": _epss,
    "ransomware": _ransomware,
    "fixable": lambda case: Known("yes" if case.finding.fixable else "no"),
    "exposure": _exposure,
    "criticality": _fact("criticality", "high"),
    "environment": _fact("environment", "production"),
    "data": _fact("data", "regulated"),
}
