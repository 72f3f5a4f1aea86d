"""Two combinations that SSVC tables take as one input: CISA's Mission and Well-Being, and CERT/CC's Human Impact.

The combinations are published facts; the step from our asset facts to their words is ours and stands here as data.
"""

_PREVALENCE = {"low": "minimal", "medium": "support", "high": "support", "critical": "essential"}
_WELLBEING_OF_DATA = {"public": "minimal", "internal": "minimal", "confidential": "minimal", "regulated": "material"}
_WELLBEING_OF_SAFETY = {
    "negligible": "minimal",
    "marginal": "material",
    "critical": "irreversible",
    "catastrophic": "irreversible",
}
_MISSION = {
    "low": "degraded",
    "medium": "mef support crippled",
    "high": "mef failure",
    "critical": "mission failure",
}
_LEVELS = ("low", "medium", "high")
_PREVALENCES = ("minimal", "support", "essential")
_WELLBEINGS = ("minimal", "material", "irreversible")

# Human Impact 2.0.2: rows are Safety Impact 2.0.1, columns Mission Impact 2.0.0 in the order of _MISSION.
_HUMAN = {
    "negligible": ("low", "low", "medium", "very high"),
    "marginal": ("low", "low", "medium", "very high"),
    "critical": ("medium", "high", "high", "very high"),
    "catastrophic": ("very high", "very high", "very high", "very high"),
}


def combine_mission(prevalence: str, wellbeing: str) -> str:
    """Mission and Well-Being: the graver of Mission Prevalence (minimal, support, essential) and Public Well-being
    Impact (minimal, material, irreversible)."""
    return _LEVELS[max(_PREVALENCES.index(prevalence), _WELLBEINGS.index(wellbeing))]


def combine_human(safety: str, mission: str) -> str:
    """Human Impact of a Safety Impact and a Mission Impact (16 rows)."""
    return _HUMAN[safety][tuple(_MISSION.values()).index(mission)]


def mission_wellbeing(criticality: str, data: str, safety: str) -> str:
    """Low, medium or high for asset facts. Regulated data means material harm to the public when it leaks."""
    wellbeing = max(_WELLBEING_OF_DATA[data], _WELLBEING_OF_SAFETY[safety], key=_WELLBEINGS.index)
    return combine_mission(_PREVALENCE[criticality], wellbeing)


def human_impact(safety: str, criticality: str) -> str:
    """Low to very high for asset facts."""
    return combine_human(safety, _MISSION[criticality])
