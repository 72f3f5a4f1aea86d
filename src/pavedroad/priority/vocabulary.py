"""The inputs that a decision table may ask for: their values, mildest first, and how a person says each.

A table names its inputs by these names, so an organisation's own table can use any of them.
"""

from pavedroad.core.noun import Noun


class Input(Noun, frozen=True, kw_only=True):
    """One question about a finding. ``values`` go from mild to grave; ``said`` is the phrase for each."""

    name: str
    question: str
    values: tuple[str, ...]
    said: tuple[str, ...]

    def phrase(self, value: str) -> str:
        """What a sentence says for ``value``."""
        return self.said[self.values.index(value)]


def _input(name: str, question: str, said: dict[str, str]) -> Input:
    return Input(name=name, question=question, values=tuple(said), said=tuple(said.values()))


_ALL = (
    _input(
        "kev",
        "Is it known to be exploited (CISA KEV), or for a finding without CVE: proven to be?",
        {"no": "not known to be exploited", "yes": "known to be exploited"},
    ),
    _input(
        "exploitation",
        "What is known about its exploitation (SSVC Exploitation 1.1.0)?",
        {"none": "no exploit is known", "poc": "a public exploit exists", "active": "it is being exploited"},
    ),
    _input(
        "exposed",
        "Can it be reached from the internet?",
        {"no": "not reachable from the internet", "yes": "reachable from the internet"},
    ),
    _input(
        "system_exposure",
        "How can the system be reached (SSVC System Exposure 1.0.1)?",
        {"small": "on an isolated system", "controlled": "on a controlled network", "open": "on an open network"},
    ),
    _input(
        "automatable",
        "Can an attacker automate it (SSVC Automatable 2.0.0)?",
        {"no": "attacks cannot be automated", "yes": "attacks can be automated"},
    ),
    _input(
        "technical_impact",
        "How much control does it give (SSVC Technical Impact 1.0.0)?",
        {"partial": "it gives partial control", "total": "it gives total control"},
    ),
    _input(
        "mission_wellbeing",
        "What does it mean for mission and public well-being (CISA)?",
        {level: f"{level} impact on mission and well-being" for level in ("low", "medium", "high")},
    ),
    _input(
        "human_impact",
        "What does it mean for safety and mission (SSVC Human Impact 2.0.2)?",
        {level: f"{level} human impact" for level in ("low", "medium", "high", "very high")},
    ),
    _input(
        "severity",
        "What is its environmental CVSS severity?",
        {level: f"{level} severity" for level in ("none", "low", "medium", "high", "critical")},
    ),
    _input(
        "epss",
        "How probable is exploitation in the next 30 days: below 1 %, below 10 %, or more?",
        {"low": "exploitation is improbable", "medium": "exploitation is possible", "high": "exploitation is probable"},
    ),
    _input(
        "ransomware",
        "Is it used in ransomware campaigns (CISA KEV)?",
        {"no": "no ransomware use is known", "yes": "it is used for ransomware"},
    ),
    _input(
        "fixable",
        "Is a fix known?",
        {"no": "no fix is known", "yes": "a fix is known"},
    ),
    _input(
        "exposure",
        "asset.exposure of paved.yaml",
        {name: f"exposure {name}" for name in ("isolated", "internal", "partner", "internet")},
    ),
    _input(
        "criticality",
        "asset.criticality of paved.yaml",
        {name: f"{name} criticality" for name in ("low", "medium", "high", "critical")},
    ),
    _input(
        "environment",
        "asset.environment of paved.yaml",
        {name: f"in {name}" for name in ("development", "staging", "production")},
    ),
    _input(
        "data",
        "asset.data of paved.yaml",
        {name: f"{name} data" for name in ("public", "internal", "confidential", "regulated")},
    ),
)

INPUTS: dict[str, Input] = {each.name: each for each in _ALL}

# What an organisation can say about an asset, the cheapest to find out first; mild to grave.
FACTS: dict[str, tuple[str, ...]] = {
    "exposure": INPUTS["exposure"].values,
    "environment": INPUTS["environment"].values,
    "criticality": INPUTS["criticality"].values,
    "data": INPUTS["data"].values,
    "safety": ("negligible", "marginal", "critical", "catastrophic"),
}
