"""JUnit XML for test tabs, and the pull-request comment."""

import re
from xml.etree import ElementTree as ET

import pytest

from pavedroad.core import Coverage, CoverageStatus, Mode, Outcome, Run
from pavedroad.reports import ReportContext, formats
from pavedroad.reports.formats import junit, markdown
from pavedroad.reports.markdown import code, escape, fenced
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_run import clean_run, many, sample_run


def xml(run: Run) -> ET.Element:
    return ET.fromstring(formats()["junit"].render(run, ReportContext()))  # noqa: S314 - our own output


def comment(run: Run) -> str:
    return formats()["markdown"].render(run, ReportContext()).decode()


def html(text: str) -> str:
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True}).enable("table")
    return str(parser.render(text))


def test_there_is_one_suite_for_each_scanner_and_one_for_the_gate() -> None:
    names = [suite.get("name") for suite in xml(sample_run())]
    assert names == ["secrets", "dependencies", "iac", "agents", "workflows", "code", "gate"]


def test_only_blocking_findings_fail() -> None:
    root = xml(sample_run())
    failed = [case.get("name", "").split()[0] for case in root.iter("testcase") if case.find("failure") is not None]
    assert failed == ["secrets/aws-access-key", "dependencies/GHSA-cpwx-vrp4-4pq7", "verdict"]
    assert root.get("failures") == "3"


def test_a_waived_finding_is_a_skipped_test_with_its_reason() -> None:
    skipped = [e.get("message", "") for e in xml(sample_run()).iter("skipped")]
    assert any("test key of the sandbox" in text for text in skipped)


@pytest.mark.parametrize(
    ("status", "outcome", "errors"),
    [
        (CoverageStatus.FAILED, Outcome.FAIL, 1),
        (CoverageStatus.PARTIAL, Outcome.PASS, 0),
        (CoverageStatus.PARTIAL, Outcome.INCOMPLETE, 2),
        (CoverageStatus.COMPLETE, Outcome.PASS, 0),
    ],
)
def test_a_scanner_that_could_not_do_its_work_is_an_error(
    status: CoverageStatus, outcome: Outcome, errors: int
) -> None:
    seen = Coverage(scanner="secrets", kind="secrets", status=status)
    assert xml(sample_run(outcome, findings=(), coverage=(seen,))).get("errors") == str(errors)


def test_a_clean_run_has_only_passed_tests() -> None:
    root = xml(clean_run())
    assert (root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped")) == ("2", "0", "0", "0")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_the_xml_well_formed(text: str) -> None:
    assert xml(hostile_run(text)).get("name") == "pavedroad"


def test_a_failure_says_until_when_it_must_be_fixed() -> None:
    texts = [failure.text or "" for failure in xml(sample_run()).iter("failure")]
    assert "due: by 2026-11-27, in 3 days. Fix it within 3 days" in texts[0]
    assert "due: OVERDUE by 4 days, since 2026-11-20." in texts[1]
    assert "(in CISA KEV) (EPSS 94.3 %)" in texts[1]


def test_a_comment_has_the_due_date_of_each_row_and_the_reason_in_the_fold() -> None:
    text = comment(sample_run())
    assert "### Fix first (1 overdue, 1 due within 7 days)" in text
    assert "| **high** | 2026-11-20<br>**OVERDUE BY 4 DAYS** |" in text
    assert "| **medium** | no deadline |" in text
    assert "Due: by 2026-11-27, in 3 days. Fix it within 3 days" in text


def test_a_huge_run_is_cut_with_an_exact_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit, "MAX_CASES", 10)
    root = xml(sample_run(findings=many(25)))
    assert "15 findings are left out" in [e.get("message", "") for e in root.iter("skipped")][-1]


def test_a_comment_starts_with_the_marker_by_which_it_is_found_again() -> None:
    assert comment(sample_run()).startswith("<!-- pavedroad:check -->\n## Pavedroad: FAIL\n")


def test_a_comment_holds_verdict_reasons_findings_and_gaps() -> None:
    text = comment(sample_run())
    for words in (
        "**2 findings must be fixed or waived**",
        "| **critical** |",
        "`payments/settings.py:41:22`",
        '+ AWS_ACCESS_KEY_ID = os.environ["AWS_ACCESS_KEY_ID"]',
        "12 known before, 2 waived",
        "Coverage: 3 gaps",
        "`paved waive pr1-576a131b350c`",
    ):
        assert words in text


def test_a_long_comment_is_cut_with_an_exact_account() -> None:
    text = comment(sample_run(findings=many(120) + many(30, mode=Mode.WARN)))
    assert "70 findings of “Fix first” (70 medium)" in text
    assert "10 findings of “Then: warnings, which block nothing” (10 medium)" in text
    assert "how to fix 100 blocking findings" in text


@pytest.mark.parametrize("filling", ["x", "@", "#", "日", "\x00", "`", "<", "|"])
def test_no_comment_is_longer_than_github_takes(filling: str) -> None:
    run = hostile_run(filling * 3_000)
    full = formats()["markdown"].render(
        sample_run(
            findings=run.findings * 50,
            coverage=run.coverage * 50,
            verdict=run.verdict.__class__(outcome=Outcome.FAIL, reasons=run.verdict.reasons * 50),
            subject=run.subject,
            revision=run.revision,
        ),
        ReportContext(),
    )
    assert len(full) <= markdown.MAX_BYTES
    assert full.count(b"<details>") == full.count(b"</details>")
    assert b"Left out for length" in full


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_brings_no_link_image_or_markup_alive(text: str) -> None:
    page = html(comment(hostile_run(text)))
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", page))
    assert tags <= {
        *("h2", "h3", "p", "strong", "em", "ul", "li", "code", "pre", "br", "sub", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    outside_code = re.sub(r"<(code|pre)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert "@everyone" not in outside_code
    assert not re.search(r"https?://", outside_code)


@pytest.mark.parametrize(
    "text",
    [*HOSTILE, "1. x", "- x", "# x", "===", "a_b_c *d*", "~~x~~", "&lt;", "\\", "$x$", "www.evil.example", "#12", "!3"],
)
def test_an_escaped_sentence_reads_as_it_was_written(text: str) -> None:
    shown = re.sub("<[^>]*>", "", html(escape(text))).replace("\u200b", "").strip()
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    from pavedroad.reports.text import prose

    assert plain == prose(text)


@pytest.mark.parametrize("text", ["plain", "`", "``a`b", "a|b", "", " ", "<b>", "a\nb", "*x*"])
def test_a_code_span_stays_one_span_in_one_cell(text: str) -> None:
    page = html(f"| a | b |\n| - | - |\n| {code(text)} | end |\n")
    assert page.count("<code>") == 1
    assert page.count("<td>") == 2


def test_a_fence_is_longer_than_any_run_of_backticks_inside() -> None:
    assert html(fenced("a\n````\nb")).count("<pre>") == 1
