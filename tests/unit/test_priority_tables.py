"""Decision tables: every row of ours, and every complaint about an organisation's own."""

import csv
import itertools
import os
from pathlib import Path

import pytest

from pavedroad.priority import TableError, check_tiers, load, load_for, table_names
from pavedroad.priority.impact import combine_human, combine_mission
from pavedroad.priority.tables import own, parse

YES_NO = ("no", "yes")
IMPACT = ("partial", "total")
EXPLOITATION = ("none", "poc", "active")

# One letter per outcome, written down from the published trees and not from our files.
BOD = {
    # kev, exposed, automatable: partial, total
    "no no no": "UU",
    "no no yes": "66",
    "no yes no": "61",
    "no yes yes": "13",
    "yes no no": "11",
    "yes no yes": "1F",
    "yes yes no": "1F",
    "yes yes yes": "3F",
}
BOD_WORDS = {
    "U": ("fix on system upgrade", None),
    "6": ("60 days", 60),
    "1": ("14 days", 14),
    "3": ("3 days", 3),
    "F": ("3 days & forensic investigation", 3),
}
COORDINATOR = {
    # automatable, impact: three letters (mission low, medium, high) for none, poc, active
    "no partial": "TTT TTS TTA",
    "no total": "TTS TSA TAC",
    "yes partial": "TTA TTA AAC",
    "yes total": "TTA TSA ACC",
}
COORDINATOR_WORDS = {"T": "track", "S": "track*", "A": "attend", "C": "act"}
DEPLOYER = {
    # exploitation, exposure: four letters (human impact low to very high) for automatable no, yes
    "none small": "DDSS DSSS",
    "none controlled": "DSSS SSSS",
    "none open": "DSSS SSSO",
    "poc small": "DSSS SSSS",
    "poc controlled": "DSSS SSSO",
    "poc open": "SSSO SSOO",
    "active small": "SSOO SOOO",
    "active controlled": "SSOO OOOO",
    "active open": "SOOI OOII",
}
DEPLOYER_WORDS = {"D": "defer", "S": "scheduled", "O": "out-of-cycle", "I": "immediate"}


def test_every_row_of_the_directive_table() -> None:
    table = load("cisa-bod-26-04")
    for key, cells in BOD.items():
        for impact, cell in zip(IMPACT, cells, strict=True):
            outcome = table.rows[(*key.split(), impact)]
            assert (outcome.name, outcome.days) == BOD_WORDS[cell], (key, impact)
    assert len(table.rows) == 16


def test_every_row_of_the_coordinator_table() -> None:
    table = load("cisa-coordinator")
    for key, cells in COORDINATOR.items():
        for exploitation, three in zip(EXPLOITATION, cells.split(), strict=True):
            for mission, cell in zip(("low", "medium", "high"), three, strict=True):
                assert table.rows[(exploitation, *key.split(), mission)].name == COORDINATOR_WORDS[cell]
    assert len(table.rows) == 36


def test_every_row_of_the_deployer_table() -> None:
    table = load("ssvc-deployer")
    for key, cells in DEPLOYER.items():
        for automatable, four in zip(YES_NO, cells.split(), strict=True):
            for human, cell in zip(("low", "medium", "high", "very high"), four, strict=True):
                assert table.rows[(*key.split(), automatable, human)].name == DEPLOYER_WORDS[cell]
    assert len(table.rows) == 72


def test_only_three_rows_of_the_deployer_table_are_immediate() -> None:
    rows = {key for key, outcome in load("ssvc-deployer").rows.items() if outcome.name == "immediate"}
    assert rows == {
        ("active", "open", "no", "very high"),
        ("active", "open", "yes", "high"),
        ("active", "open", "yes", "very high"),
    }


@pytest.mark.parametrize(
    ("severity", "days"), [("critical", 30), ("high", 30), ("medium", 90), ("low", 90), ("none", None)]
)
def test_every_row_of_the_days_table(severity: str, days: int | None) -> None:
    assert load("cvss-days").decide({"severity": severity}).days == days


def test_every_combination_of_human_impact() -> None:
    missions = ("degraded", "mef support crippled", "mef failure", "mission failure")
    expected = {"negligible": "LLMV", "marginal": "LLMV", "critical": "MHHV", "catastrophic": "VVVV"}
    words = {"L": "low", "M": "medium", "H": "high", "V": "very high"}
    for safety, cells in expected.items():
        assert [combine_human(safety, mission) for mission in missions] == [words[cell] for cell in cells]


def test_every_combination_of_mission_and_wellbeing() -> None:
    expected = {"minimal": "LMH", "support": "MMH", "essential": "HHH"}
    words = {"L": "low", "M": "medium", "H": "high"}
    for prevalence, cells in expected.items():
        said = [combine_mission(prevalence, well) for well in ("minimal", "material", "irreversible")]
        assert said == [words[cell] for cell in cells]


@pytest.mark.parametrize("name", table_names())
def test_a_graver_input_never_gives_a_milder_tier(name: str) -> None:
    from pavedroad.priority.vocabulary import INPUTS

    table = load(name)
    for key, outcome in table.rows.items():
        for at, asked in enumerate(table.inputs):
            values = INPUTS[asked].values
            for graver in values[values.index(key[at]) + 1 :]:
                assert table.rows[(*key[:at], graver, *key[at + 1 :])].rank <= outcome.rank


@pytest.mark.parametrize("name", table_names())
def test_tiers_of_a_table_get_milder_and_say_where_their_days_come_from(name: str) -> None:
    table = load(name)
    days = [outcome.days if outcome.days is not None else 10**6 for outcome in table.outcomes]
    assert days == sorted(days)
    assert [outcome.rank for outcome in table.outcomes] == list(range(len(days)))
    assert table.version
    assert table.source
    assert table.days_source


PUBLISHED = {
    "cisa-bod-26-04": "cisa_bod_26_04_1_0_0.csv",
    "cisa-coordinator": "cisa_coordinator_2_0_3.csv",
    "ssvc-deployer": "deployer_patch_application_priority_1_0_0.csv",
}


@pytest.mark.interop
@pytest.mark.parametrize("name", PUBLISHED)
def test_tables_equal_the_published_ones(name: str) -> None:
    """Where the files that CERT/CC publishes are at hand (SSVC_TABLES names their folder)."""
    file = Path(os.environ.get("SSVC_TABLES", "")) / PUBLISHED[name]
    if not os.environ.get("SSVC_TABLES") or not file.is_file():
        pytest.skip("the published tables are not here")
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))[1:]
    published = {tuple(cell.replace("public poc", "poc") for cell in row[1:-1]): row[-1] for row in rows}
    assert {key: outcome.name for key, outcome in load(name).rows.items()} == published


@pytest.mark.interop
def test_human_impact_equals_the_published_table() -> None:
    file = Path(os.environ.get("SSVC_TABLES", "")) / "human_impact_1_0_0.csv"
    if not os.environ.get("SSVC_TABLES") or not file.is_file():
        pytest.skip("the published tables are not here")
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))[1:]
    assert len(rows) == 16
    assert all(combine_human(safety, mission) == impact for _, safety, mission, impact in rows)


OWN = """exposure,kev,outcome,days,text
internet,yes,now,2,drop everything
internet,no,soon,30,
partner,*,soon,30,
internal,*,later,,
isolated,*,later,,
"""


def test_an_own_table_decides_and_ranks_its_outcomes_by_days() -> None:
    table = parse(OWN.encode(), "shop", "shop.csv")
    assert [(each.name, each.days) for each in table.outcomes] == [("now", 2), ("soon", 30), ("later", None)]
    assert table.decide({"exposure": "partner", "kev": "yes"}).name == "soon"
    assert table.decide({"exposure": "internet", "kev": "yes"}).text == "drop everything"


def test_a_table_saved_by_a_spreadsheet_is_read() -> None:
    table = parse(b"\xef\xbb\xbf" + OWN.replace(",", ";").replace("\n", "\r\n").encode(), "shop", "shop.csv")
    assert len(table.rows) == 8


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("kev,outcome,days\nyes,now,1\n", "t.csv", "no row for kev=no"),
        ("kev,outcome,days\nyes,now,1\n*,later,9\n", "t.csv:3", "row 2"),
        ("kev,outcome,days\nyes,now,1\nno,now,2\n", "t.csv:3", "1 days in row 2"),
        ("kev,outcome,days\nyes,now,1\nmaybe,later,2\n", "t.csv:3", "'maybe' is no value of 'kev'"),
        ("kevv,outcome,days\nyes,now,1\n", "t.csv:1", "no input we know"),
        ("kev,kev,outcome,days\nyes,yes,now,1\n", "t.csv:1", "twice"),
        ("outcome,days\nnow,1\n", "t.csv:1", "no input"),
        ("kev,outcome\nyes,now\n", "t.csv:1", "'outcome' and 'days'"),
        ("kev,outcome,days\nyes,now\n", "t.csv:2", "2 cells"),
        ("kev,outcome,days\nyes,now,soon\n", "t.csv:2", "no number of days"),
        ("kev,outcome,days\nyes,now,99999\n", "t.csv:2", "no number of days"),
        ("kev,outcome,days\nyes,,1\n", "t.csv:2", "no outcome"),
        ("kev,outcome,days\n", "t.csv", "no rows"),
        ("", "t.csv", "no rows"),
        ('kev,outcome,days\n"yes,now,1\n', "t.csv", "no CSV"),
    ],
)
def test_a_table_that_cannot_decide_names_the_row(text: str, where: str, words: str) -> None:
    with pytest.raises(TableError) as caught:
        parse(text.encode(), "t", "t.csv")
    assert caught.value.where.startswith(where)
    assert words in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(TableError, match="UTF-8"):
        parse(b"\xff\xfe\x00", "t", "t.csv")


def test_a_table_with_too_many_stars_is_refused() -> None:
    names = ("kev", "exploitation", "human_impact", "severity", "epss", "exposure", "criticality", "data")
    content = f"{','.join(names)},outcome,days\n{'*,' * len(names)}x,1\n"
    with pytest.raises(TableError, match="too many combinations"):
        parse(content.encode(), "t", "t.csv")


def test_a_missing_file_and_an_unknown_name_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"priority\.path"):
        own(tmp_path / "none.csv")
    with pytest.raises(TableError, match="cisa-bod-26-04"):
        load("bod")


def test_a_table_file_is_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "shop-2026.csv"
    path.write_text(OWN)
    assert load("", path).label == "shop-2026"


def test_the_table_of_a_project_must_lie_in_it(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "security").mkdir(parents=True)
    (root / "security/t.csv").write_text(OWN)
    (tmp_path / "outside.csv").write_text("private,words\n")
    (root / "link.csv").symlink_to(tmp_path / "outside.csv")
    assert load_for(root, "", "security/t.csv").name == "t"
    assert load_for(root, "cvss-days", "").name == "cvss-days"
    for path in ("../outside.csv", str(tmp_path / "outside.csv"), "link.csv", "security/../../outside.csv"):
        with pytest.raises(TableError, match="outside of the project") as caught:
            load_for(root, "", path)
        assert "private" not in str(caught.value)


def test_a_tier_that_the_table_does_not_have_is_refused() -> None:
    check_tiers(load("cisa-bod-26-04"), ["3 Days", "60 days"])
    with pytest.raises(TableError, match=r"(?s)'3 day' is no tier.*14 days"):
        check_tiers(load("cisa-bod-26-04"), ["3 day"])


def test_the_digest_follows_what_the_table_decides_and_not_how_it_is_written() -> None:
    one = parse(OWN.encode(), "a", "a.csv")
    starless = OWN.replace("partner,*,soon,30,", "partner,no,soon,30,\npartner,yes,soon,30,")
    assert parse(starless.encode(), "b", "b.csv").digest == one.digest
    assert parse(OWN.replace(",2,", ",1,").encode(), "a", "a.csv").digest != one.digest


def test_the_vocabulary_is_used_whole() -> None:
    """Every input has a rule that answers it, for the plainest finding."""
    from pavedroad.core import AssetFacts
    from pavedroad.priority.inputs import case_of, values_of
    from pavedroad.priority.vocabulary import INPUTS
    from tests.support.priority_samples import flaw

    values = values_of(case_of(flaw(), None, AssetFacts()), tuple(INPUTS))
    assert all(known.value in INPUTS[name].values for name, known in values.items())
    assert set(itertools.chain(values)) == set(INPUTS)
