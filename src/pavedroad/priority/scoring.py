"""CVSS 2, 3.0, 3.1 and 4.0: read a vector, and score it again with what is known about threat and asset.

The arithmetic is the library ``cvss``. What we add is the mapping from asset facts to environmental metrics, below as
data; ``docs/explain/priorities.md`` shows it to users. Unknown facts stay "not defined", as CVSS asks.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pavedroad.core.asset import AssetFacts
from pavedroad.core.noun import Noun
from pavedroad.priority.errors import VectorError

MAX_LENGTH = 512  # the longest vector of CVSS 4.0 with every metric set has 215 characters

_BASE = {
    "4.0": ("AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"),
    "3.1": ("AV", "AC", "PR", "UI", "S", "C", "I", "A"),
    "3.0": ("AV", "AC", "PR", "UI", "S", "C", "I", "A"),
    "2.0": ("AV", "AC", "Au", "C", "I", "A"),
}
_THREAT = {"4.0": ("E",), "3.1": ("E", "RL", "RC"), "3.0": ("E", "RL", "RC"), "2.0": ("E", "RL", "RC")}

# Exploit maturity by the word of SSVC. What is being exploited gets the value that lowers nothing.
_MATURITY = {
    "4.0": {"active": "A", "poc": "P", "none": "U"},
    "3.1": {"active": "H", "poc": "P", "none": "U"},
    "3.0": {"active": "H", "poc": "P", "none": "U"},
    "2.0": {"active": "H", "poc": "POC", "none": "U"},
}
_LEVEL = {"low": "L", "medium": "M", "high": "H", "critical": "H"}
_SECRECY = {"public": "L", "internal": "M", "confidential": "H", "regulated": "H"}

# "Adjacent" in CVSS includes a limited administrative domain; an isolated system is attacked by who is on it.
_REACH = {"internal": "A", "isolated": "L"}
_FARTHEST_FIRST = "NALP"

_METRIC = re.compile(r"([A-Za-z]{1,3}):([A-Za-z]{1,6})", re.ASCII)
_PREFIX = re.compile(r"CVSS:(4\.0|3\.1|3\.0)/")


class Vector(Noun, frozen=True, kw_only=True):
    """A valid vector. ``version`` is ``2.0``, ``3.0``, ``3.1`` or ``4.0``; ``metrics`` are pairs in the order given."""

    version: str
    text: str
    metrics: tuple[tuple[str, str], ...]
    base: float

    def get(self, metric: str) -> str:
        """The value of a metric, empty when the vector does not define it."""
        for name, value in self.metrics:
            if name == metric:
                return "" if value in ("X", "ND") else value
        return ""


class Scored(Noun, frozen=True, kw_only=True):
    """A score from 0.0 to 10.0. ``name`` follows FIRST's nomenclature: B base, T threat, E environment."""

    version: str
    vector: str
    base: float
    score: float
    name: str


def _number(version: str, text: str) -> float:
    """The most specific score of a vector. Raises VectorError; whatever the library raises is no valid vector."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    kinds: dict[str, Any] = {"4.0": CVSS4, "3.1": CVSS3, "3.0": CVSS3, "2.0": CVSS2}
    try:
        parsed = kinds[version](text)
        known = [value for value in parsed.scores() if value is not None]
        score = float(known[-1])
    except (CVSSError, ValueError, KeyError, TypeError, ArithmeticError, IndexError, AttributeError) as error:
        raise VectorError("this is no valid CVSS vector", next_step="look it up at the advisory's source") from error
    if not 0.0 <= score <= 10.0:
        raise VectorError("the score of this CVSS vector is not between 0 and 10")
    return score


@lru_cache(maxsize=16384)
def parse(text: str) -> Vector:
    """The vector in ``text``. Raises VectorError, and nothing else, for anything that is none."""
    if len(text) > MAX_LENGTH:
        raise VectorError(f"a CVSS vector has at most {MAX_LENGTH} characters")
    text = text.strip().removeprefix("(").removesuffix(")").rstrip("/")
    match = _PREFIX.match(text)
    version = match[1] if match else "2.0"
    metrics: dict[str, str] = {}
    for part in text[match.end() if match else 0 :].split("/"):
        pair = _METRIC.fullmatch(part)
        if pair is None or pair[1] in metrics:
            raise VectorError("this is no valid CVSS vector: a metric is malformed or stands there twice")
        metrics[pair[1]] = pair[2]
    missing = [name for name in _BASE[version] if name not in metrics]
    if missing:
        raise VectorError(f"this CVSS vector lacks {', '.join(missing)}")
    _number(version, text)
    base = _number(version, _text(version, {name: metrics[name] for name in _BASE[version]}))
    return Vector(version=version, text=text, metrics=tuple(metrics.items()), base=base)


def _text(version: str, metrics: dict[str, str]) -> str:
    body = "/".join(f"{name}:{value}" for name, value in metrics.items())
    return body if version == "2.0" else f"CVSS:{version}/{body}"


def best(vectors: Iterable[str]) -> Vector | None:
    """The vector that counts: the newest CVSS version, then the highest base score. None when none is valid."""
    found: list[Vector] = []
    for text in vectors:
        try:
            found.append(parse(text))
        except VectorError:
            continue
    return max(found, key=lambda each: (each.version, each.base, each.text), default=None)


def environment(vector: Vector, facts: AssetFacts) -> dict[str, str]:
    """The environmental metrics that asset facts imply; empty where nothing is known.

    CR from the class of data; IR and AR from criticality, IR at least high where data is regulated. The modified attack
    vector is set only where known exposure makes it nearer than the base says, so it can only lower the score.
    """
    metrics: dict[str, str] = {}
    if facts.data in _SECRECY:
        metrics["CR"] = _SECRECY[facts.data]
    if facts.criticality in _LEVEL:
        metrics["IR"] = metrics["AR"] = _LEVEL[facts.criticality]
    if facts.data == "regulated":
        metrics["IR"] = "H"
    reach, base = _REACH.get(facts.exposure or "", ""), vector.get("AV")
    if vector.version != "2.0" and reach and _FARTHEST_FIRST.index(base) < _FARTHEST_FIRST.index(reach):
        metrics["MAV"] = reach
    return metrics


@lru_cache(maxsize=65536)
def rescore(vector: Vector, facts: AssetFacts, exploitation: str | None) -> Scored:
    """The score here: the source's base, its threat metrics where we know no better, and our environment.

    Environmental metrics of the source are left out: they speak of somebody else's asset. ``exploitation`` is SSVC's
    word (``none``, ``poc``, ``active``), None when unknown.
    """
    version = vector.version
    threat = {name: vector.get(name) for name in _THREAT[version] if vector.get(name)}
    if exploitation in _MATURITY[version]:
        threat["E"] = _MATURITY[version][exploitation]
    here = environment(vector, facts)
    metrics = {name: dict(vector.metrics)[name] for name in _BASE[version]} | threat | here
    text = _text(version, metrics)
    letters = "B" + ("T" if threat else "") + ("E" if here else "")
    return Scored(
        version=version,
        vector=text,
        base=vector.base,
        score=_number(version, text) if threat or here else vector.base,
        name=f"CVSS-{letters} {version}",
    )


def automatable(vector: Vector) -> bool:
    """A proxy for SSVC's "automatable" (v2.0.0: reconnaissance to exploitation without a person).

    CVSS 4.0 may say so itself (AU). Else: over the network, with low complexity, without privileges and without a
    person's help. A proxy, so whoever uses it says "assumed".
    """
    said = vector.get("AU") if vector.version == "4.0" else ""
    if said in ("Y", "N"):
        return said == "Y"
    wanted = {"AV": "N", "AC": "L"} | (
        {"Au": "N"} if vector.version == "2.0" else {"PR": "N", "UI": "N"} | ({"AT": "N"} if _is_4(vector) else {})
    )
    return all(vector.get(name) == value for name, value in wanted.items())


def total_impact(vector: Vector) -> bool:
    """Technical impact by CERT/CC's table from CVSS 4.0 to SSVC (27 rows over PR, VC, VI).

    Total: confidentiality and integrity both lost whole; or, without privileges, one of them whole and the other in
    part. For CVSS 3 and 2 the metrics of the same meaning are read; that step is ours.
    """
    names = ("VC", "VI") if _is_4(vector) else ("C", "I")
    grades = sorted({"C": "H", "P": "L"}.get(vector.get(name), vector.get(name)) for name in names)
    open_to_all = vector.get("Au" if vector.version == "2.0" else "PR") == "N"
    return grades == ["H", "H"] or (open_to_all and grades == ["H", "L"])


def _is_4(vector: Vector) -> bool:
    return vector.version == "4.0"
