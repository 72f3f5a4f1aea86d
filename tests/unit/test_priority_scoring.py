"""CVSS: scores as FIRST publishes them, and what asset facts and threat do to them."""

import pytest

from pavedroad.core import AssetFacts
from pavedroad.priority import VectorError
from pavedroad.priority.scoring import automatable, best, parse, rescore, total_impact
from tests.support.priority_samples import MILD, WORST

V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"


# Examples of FIRST: the user guides of 2.0 (3.3), 3.1 (Heartbleed, Shellshock) and the examples of 4.0.
@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0),
        ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2),
        ("(AV:L/AC:H/Au:N/C:C/I:C/A:C)", 6.2),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        (V4, 9.3),
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),
    ],
)
def test_base_scores_are_those_of_first(vector: str, score: float) -> None:
    assert parse(vector).base == score
    assert rescore(parse(vector), AssetFacts(), None).score == score


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CVSS:3.1/",
        "CVSS:3.1/AV:N",
        "CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        WORST + "/AV:N",
        WORST.replace("C:H", "C:Q"),
        WORST + "/X" * 300,
        "AV:N/AC:L/Au:N/C:N/I:N/A:C/RL:%",
        V4.replace("/SA:N", ""),
        V4 + "/E:Z",
    ],
)
def test_what_is_no_vector_is_refused_with_the_rooms_own_error(text: str) -> None:
    with pytest.raises(VectorError):
        parse(text)


@pytest.mark.parametrize(
    ("facts", "name", "metrics"),
    [
        (AssetFacts(), "CVSS-B 4.0", ()),
        (AssetFacts(exposure="internet"), "CVSS-B 4.0", ()),
        (AssetFacts(exposure="partner"), "CVSS-B 4.0", ()),
        (AssetFacts(exposure="internal"), "CVSS-BE 4.0", ("MAV:A",)),
        (AssetFacts(exposure="isolated"), "CVSS-BE 4.0", ("MAV:L",)),
        (AssetFacts(criticality="low"), "CVSS-BE 4.0", ("IR:L", "AR:L")),
        (AssetFacts(criticality="critical", data="public"), "CVSS-BE 4.0", ("CR:L", "IR:H", "AR:H")),
        (AssetFacts(criticality="low", data="regulated"), "CVSS-BE 4.0", ("CR:H", "IR:H", "AR:L")),
    ],
)
def test_facts_become_environmental_metrics(facts: AssetFacts, name: str, metrics: tuple[str, ...]) -> None:
    scored = rescore(parse(V4), facts, None)
    assert scored.name == name
    assert set(scored.vector.removeprefix(V4).strip("/").split("/")) - {""} == set(metrics)


@pytest.mark.parametrize("vector", [V4, WORST, MILD, "CVSS:3.0/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"])
@pytest.mark.parametrize("exposure", ["internet", "partner", "internal", "isolated"])
def test_known_exposure_never_raises_a_score(vector: str, exposure: str) -> None:
    assert rescore(parse(vector), AssetFacts(exposure=exposure), None).score <= parse(vector).base


def test_a_vector_that_is_nearer_already_stays() -> None:
    local = parse(V4.replace("AV:N", "AV:P"))
    assert rescore(local, AssetFacts(exposure="internal"), None).name == "CVSS-B 4.0"


@pytest.mark.parametrize(("exploitation", "metric"), [("active", "E:A"), ("poc", "E:P"), ("none", "E:U")])
def test_exploitation_becomes_the_threat_metric(exploitation: str, metric: str) -> None:
    scored = rescore(parse(V4), AssetFacts(data="internal"), exploitation)
    assert metric in scored.vector.split("/")
    assert scored.name == "CVSS-BTE 4.0"


def test_what_is_exploited_is_not_lowered_and_what_is_not_is() -> None:
    scores = [rescore(parse(V4), AssetFacts(), word).score for word in ("active", "poc", "none")]
    assert scores[0] == 9.3
    assert scores == sorted(scores, reverse=True)


def test_the_environment_of_somebody_else_is_left_out_and_their_threat_kept() -> None:
    scored = rescore(parse(V4 + "/E:P/CR:L/MAV:L"), AssetFacts(), None)
    assert scored.vector == V4 + "/E:P"
    assert scored.name == "CVSS-BT 4.0"


def test_version_two_knows_no_modified_attack_vector() -> None:
    scored = rescore(parse("AV:N/AC:L/Au:N/C:C/I:C/A:C"), AssetFacts(exposure="isolated", data="public"), "poc")
    assert scored.vector == "AV:N/AC:L/Au:N/C:C/I:C/A:C/E:POC/CR:L"
    assert scored.name == "CVSS-BTE 2.0"


def test_the_newest_version_counts_then_the_highest_score_and_broken_vectors_do_not() -> None:
    found = best(("junk", "AV:N/AC:L/Au:N/C:C/I:C/A:C", WORST, MILD))
    assert found is not None
    assert found.text == WORST
    assert best(("junk",)) is None


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        (WORST, True),
        (WORST.replace("UI:N", "UI:R"), False),
        (WORST.replace("AC:L", "AC:H"), False),
        (WORST.replace("AV:N", "AV:A"), False),
        (V4, True),
        (V4.replace("AT:N", "AT:P"), False),
        (V4 + "/AU:N", False),
        (V4.replace("PR:N", "PR:H") + "/AU:Y", True),
        ("AV:N/AC:L/Au:N/C:P/I:N/A:N", True),
        ("AV:N/AC:L/Au:S/C:P/I:N/A:N", False),
    ],
)
def test_automatable_is_what_needs_nobody(vector: str, expected: bool) -> None:
    assert automatable(parse(vector)) is expected


@pytest.mark.parametrize("privileges", ["N", "L", "H"])
def test_technical_impact_in_all_27_rows(privileges: str) -> None:
    """CERT/CC: total for high and high; or, without privileges, for one high and one low."""
    for confidentiality in "HLN":
        for integrity in "HLN":
            vector = V4.replace("PR:N", f"PR:{privileges}").replace("VC:H", f"VC:{confidentiality}")
            vector = vector.replace("VI:H", f"VI:{integrity}")
            both = {confidentiality, integrity}
            expected = both == {"H"} or (privileges == "N" and both == {"H", "L"})
            assert total_impact(parse(vector)) is expected, vector
