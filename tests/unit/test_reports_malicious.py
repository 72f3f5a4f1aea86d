"""A malicious package stands above critical in every report and every gate rule."""

import json
from xml.etree import ElementTree

import pytest

from pavedroad.core import Judged, Mode, Severity
from pavedroad.reports import ReportContext, formats
from tests.support.policy_samples import decided, judged
from tests.support.sample_run import finding, sample_run

JUDGED = Judged(finding=finding(severity=Severity.MALICIOUS, score=3.0, kind="dependencies"), mode=Mode.BLOCK)


def render(name: str) -> str:
    return formats()[name].render(sample_run(findings=(JUDGED,)), ReportContext()).decode()


def test_malicious_is_the_worst_there_is() -> None:
    assert max(Severity) is Severity.MALICIOUS
    assert Severity.MALICIOUS > Severity.CRITICAL


def test_sarif_calls_it_an_error_of_ten() -> None:
    run = json.loads(render("sarif"))["runs"][0]
    assert run["results"][0]["level"] == "error"
    assert run["tool"]["driver"]["rules"][0]["properties"]["security-severity"] == "10.0"


@pytest.mark.parametrize(
    ("name", "word"), [("gitlab-dependency-scanning", "Critical"), ("gitlab-code-quality", "blocker")]
)
def test_gitlab_gets_its_own_highest_word(name: str, word: str) -> None:
    assert f'"severity":"{word}"' in render(name).replace(" ", "").replace("\n", "")


def test_people_read_the_word_itself() -> None:
    assert "MALICIOUS" in render("terminal")
    assert "**malicious**" in render("markdown")
    page = render("html")
    assert 'class="sev malicious">malicious<' in page
    assert 'class="bar malicious"' in page
    assert 'data-sort="0"' in page
    failure = ElementTree.fromstring(render("junit")).find(".//failure")  # noqa: S314 - our own report
    assert failure is not None
    assert failure.get("type") == "malicious"


@pytest.mark.parametrize(("asked", "mode"), [("critical", Mode.BLOCK), ("malicious", Mode.BLOCK), ("high", Mode.BLOCK)])
def test_gate_rules_by_severity_act_on_it(asked: str, mode: Mode) -> None:
    text = f"gate: {{defaults: false, rules: [{{id: worst, severity: {asked}}}]}}"
    _, (found,) = decided(judged(severity=Severity.MALICIOUS), text=text)
    assert found.mode is mode


def test_a_rule_for_malicious_things_leaves_critical_ones_alone() -> None:
    text = "gate: {defaults: false, rules: [{id: worst, severity: malicious}]}"
    _, (found,) = decided(judged(severity=Severity.CRITICAL), text=text)
    assert found.mode is None
