"""What VEX and reachability say of a finding stands in the reports, and words of strangers are made harmless."""

import json

import pytest

from pavedroad.core import Change, Judged, Justification, Mode, Reach, Reachability, VexNote, VexStatus, WaiverMatch
from pavedroad.reports import ReportContext, choose
from tests.support.sample_run import dependency, sample_run

EVIL = "\x1b[31m<script>alert(1)</script>\u202e"


def rendered(form: str, *, waived: bool = False, evil: str = "") -> str:
    note = VexNote(
        status=VexStatus.NOT_AFFECTED,
        justification=Justification.MITIGATED,
        document=f"vendor.json{evil}",
        author=f"Example Org{evil}",
        sentence=f"not affected: behind a filter{evil}",
    )
    reach = Reach(state=Reachability.UNREACHABLE, why=f"no source file imports it{evil}")
    match = WaiverMatch(waiver="vex:vendor.json", origin="vex", sentence=note.sentence)
    judged = Judged(
        finding=dependency(), change=Change.NEW, mode=None if waived else Mode.BLOCK, vex=note, reach=reach,
        waived=match if waived else None,
    )  # fmt: skip
    (chosen,) = choose([form])
    return chosen.render(sample_run(findings=(judged,)), ReportContext(width=140, verbose=True)).decode()


@pytest.mark.parametrize("form", ["terminal", "html"])
def test_people_read_the_state_and_the_statement(form: str) -> None:
    text = rendered(form)
    assert "unreachable: no source file imports it" in text
    assert "not affected: behind a filter" in text


def test_sarif_has_both_as_properties_and_a_suppression_from_outside_the_source() -> None:
    (result,) = json.loads(rendered("sarif", waived=True))["runs"][0]["results"]
    assert result["properties"]["reachability"] == "unreachable"
    assert result["properties"]["vex"]["justification"] == "inline_mitigations_already_exist"
    assert result["suppressions"][0]["kind"] == "external"


def test_the_summary_tells_what_vex_set_aside_apart_from_waivers() -> None:
    assert "1 set aside by VEX" in rendered("terminal", waived=True)


@pytest.mark.parametrize("form", ["terminal", "html", "sarif", "markdown", "junit"])
@pytest.mark.parametrize("waived", [True, False])
def test_words_of_strangers_are_made_harmless(form: str, waived: bool) -> None:
    text = rendered(form, waived=waived, evil=EVIL)
    assert "\x1b[31m" not in text
    assert "\u202e" not in text
    assert form != "html" or "<script>alert" not in text
