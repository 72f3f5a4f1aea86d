"""The terminal report: order, words, width, and an exact account of what is left out."""

import re

import msgspec
import pytest

from pavedroad.core import Change, Judged, Location, Mode, Outcome, Region, Run, Snippet
from pavedroad.reports import ReportContext, formats
from pavedroad.reports.text import columns
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_image import image_run
from tests.support.sample_run import clean_run, finding, many, sample_run, secret

SGR = re.compile(r"\x1b\[[0-9;]*m")


def show(run: Run, **context: bool | int) -> str:
    return formats()["terminal"].render(run, msgspec.convert({"width": 100, **context}, ReportContext)).decode()


def test_what_blocks_comes_first_and_the_verdict_last() -> None:
    text = show(sample_run())
    marks = ["FIX FIRST", "THEN", "SET ASIDE", "COVERAGE", "\nFAIL  "]
    assert sorted(marks, key=text.index) == marks


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (sample_run(), "FAIL  2 findings must be fixed or waived"),
        (clean_run(), "PASS  nothing blocks"),
        (sample_run(Outcome.INCOMPLETE), "INCOMPLETE  no verdict: 3 gaps in what was looked at; this is not a pass"),
    ],
)
def test_the_verdict_is_one_word_and_one_sentence(run: Run, words: str) -> None:
    assert words in show(run)


def test_a_finding_says_where_what_how_to_fix_and_how_to_appeal() -> None:
    text = show(sample_run())
    for words in (
        "CRITICAL secrets/aws-access-key",
        "--> payments/settings.py:41:22",
        '+ AWS_ACCESS_KEY_ID = os.environ["AWS_ACCESS_KEY_ID"]',
        "Fixed in 3.1.6.",
        "through payments-api > flask > jinja2",
        "paved explain pr1-576a131b350c, or to appeal: paved waive pr1-576a131b350c",
        "appeal: fix them, or ask for an exception",
    ):
        assert words in text


def test_the_carets_stand_under_the_flagged_text() -> None:
    lines = show(sample_run()).splitlines()
    code = next(i for i, text in enumerate(lines) if text.startswith(" 41 |"))
    start = lines[code].index("AKIA")
    assert lines[code + 1].rstrip() == " " * 4 + "|" + " " * (start - 5) + "^" * 20


def test_carets_keep_their_place_behind_wide_characters_and_tabs() -> None:
    place = Location(path="a", region=Region.of_line(1, 4, 6), snippet=Snippet(text="\t日=XY", start_line=1))
    lines = show(sample_run(findings=(Judged(finding=finding(location=place), mode=Mode.BLOCK),))).splitlines()
    code = next(i for i, text in enumerate(lines) if "XY" in text)
    assert columns(lines[code].partition("XY")[0]) == lines[code + 1].index("^")
    assert lines[code + 1].count("^") == 2


def test_what_was_set_aside_is_counted_with_its_reason() -> None:
    text = show(sample_run())
    assert "12 known before, at 4f2a91c07b3d" in text
    assert "2: 1 by markers in the source, 1 by the ledger; the next one ends on 2027-02-28" in text
    assert "2 seen, and no gate rule acts on them: 1 low, 1 unknown" in text


def test_coverage_shows_each_scanner_and_every_gap_with_what_to_do() -> None:
    text = show(sample_run())
    assert re.search(r"dependencies +PARTIAL +3 +2 +2 +1 +0\.1 s +OSV 3 days old", text)
    assert re.search(r"iac +skipped", text)
    assert "! dependencies: the lock file is broken: unexpected end (tools/package-lock.json)" in text
    assert "next: write it again: npm install --package-lock-only" in text


def test_isolation_is_shown_when_asked_for() -> None:
    assert "isolation: network own namespace" not in show(sample_run())
    assert "isolation: network own namespace" in show(sample_run(), verbose=True)


def test_a_long_group_is_cut_with_an_exact_account() -> None:
    text = show(sample_run(findings=many(50)))
    assert text.count("MEDIUM code/weak-hash") == 30
    assert "and 20 more (20 medium), not shown here; this shows all of them:" in text
    assert "\n      paved check --format html -o report.html\n" in text


def test_a_run_too_large_for_a_page_points_to_the_json() -> None:
    one = Judged(finding=finding(), mode=Mode.BLOCK)
    assert "paved check --format json -o run.json" in show(sample_run(findings=(one,) * 20_001))


def test_colour_adds_codes_and_changes_no_word() -> None:
    plain, coloured = show(sample_run()), show(sample_run(), color=True)
    assert "\x1b" not in plain
    assert SGR.sub("", coloured) == plain


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
@pytest.mark.parametrize("color", [False, True])
def test_no_line_is_wider_than_the_terminal_but_for_places_and_commands(width: int, color: bool) -> None:
    for run in (sample_run(), image_run(), sample_run(Outcome.INCOMPLETE), clean_run(), hostile_run("日本 " * 50)):
        for text in SGR.sub("", show(run, width=width, color=color, verbose=True)).splitlines():
            assert columns(text) <= width or "-->" in text or "paved check" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reaches_no_terminal(text: str) -> None:
    said = show(hostile_run(text))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", said)


def test_a_finding_says_until_when_and_why() -> None:
    text = show(sample_run(), width=160)
    assert "= due   by 2026-11-27, in 3 days. Fix it within 3 days: not known to be exploited" in text
    assert "= due   OVERDUE by 4 days, since 2026-11-20. Fix it within 3 days: known to be exploited" in text
    assert "= due   no deadline. Fix it with the next upgrade" in text
    assert "in CISA KEV, EPSS 94.3 %" in text


def test_the_headline_counts_what_is_overdue_and_what_is_due_soon() -> None:
    assert "FIX FIRST  2 findings must be fixed or waived (1 critical, 1 high): 1 overdue, 1 due within 7 days" in show(
        sample_run()
    )


def test_guesses_and_the_cheapest_fact_are_shown_when_asked_for() -> None:
    plain, verbose = show(sample_run(), width=160), show(sample_run(), width=160, verbose=True)
    for words in (
        "= guess exposed: ",
        "= hint  were asset.exposure",
        "(catalogue of 2026-11-23)",
        "9.1 (CVSS-BTE 3.1)",
    ):
        assert words not in plain
        assert words in verbose


def test_what_is_overdue_is_red_too_and_readable_without_colour() -> None:
    assert "\x1b[1;31mOVERDUE by 4 days" in show(sample_run(), color=True)


def test_what_is_in_an_image_says_which_instruction_brought_it() -> None:
    assert "= from  layer 2 of the image, brought by RUN apt-get install --yes openssl" in show(image_run())


def test_data_about_exploitation_are_not_counted_as_a_scanner() -> None:
    assert "3 scanners looked at" in show(image_run())


def test_a_clean_run_is_short() -> None:
    assert len(show(clean_run()).splitlines()) <= 10


def test_a_run_that_looked_at_nothing_says_so() -> None:
    assert "nothing was looked at" in show(clean_run(coverage=()))


def test_an_older_finding_is_not_shown_as_work_to_do() -> None:
    text = show(clean_run(findings=(Judged(finding=secret(), change=Change.OLD),), older=None))
    assert "1 known before" in text
    assert "FIX FIRST" not in text


def test_notes_of_the_run_stand_with_the_verdict() -> None:
    run = msgspec.structs.replace(clean_run(), notes=("the base cannot be found",))
    text = show(run)
    assert text.index("PASS") < text.index("  note    the base cannot be found")
