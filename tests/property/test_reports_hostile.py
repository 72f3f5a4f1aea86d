"""Whatever a run holds, every format renders it: valid, bounded, deterministic, and with nothing hostile alive."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavedroad.core import (
    AssetKind,
    AssetRef,
    Change,
    Component,
    Confidence,
    Coverage,
    CoverageStatus,
    DataSource,
    Edit,
    Evidence,
    Finding,
    Fix,
    FixSafety,
    FlowStep,
    InlineMarker,
    Judged,
    LimitHit,
    Location,
    Mode,
    Outcome,
    Priority,
    Reason,
    Reference,
    Region,
    Remediation,
    Revision,
    Run,
    ScanError,
    Severity,
    Signals,
    Skipped,
    Snippet,
    Verdict,
    WaiverMatch,
)
from pavedroad.reports import ReportContext, formats, load_run
from pavedroad.reports.text import UNSEEN_IN_BLOCK
from tests.support.hostile_run import HOSTILE

ALIVE = re.compile(f"[{UNSEEN_IN_BLOCK}]")

# Everything Unicode has, lone surrogates too, with the characters that formats care about drawn more often.
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.text(st.sampled_from("<>&\"'`|[]()!@#\\/\n\r\t\x00\x1b\u202e\ud800 a*_~:$"), max_size=40),
)
NUMBER = st.integers(-3, 60) | st.integers(-(2**40), 2**40)
COUNT = st.integers(0, 10**9)
WHEN = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


REGIONS = st.builds(Region, start_line=NUMBER, start_column=NUMBER, end_line=NUMBER, end_column=NUMBER)
LOCATIONS = st.builds(
    Location,
    path=TEXT,
    region=st.none() | REGIONS,
    snippet=st.none() | st.builds(Snippet, text=TEXT, start_line=NUMBER),
    commit=st.none() | TEXT,
    symbol=st.none() | TEXT,
)
FIXES = st.builds(
    Fix,
    safety=st.sampled_from(FixSafety),
    description=TEXT,
    edits=some(st.builds(Edit, path=TEXT, region=REGIONS, replacement=TEXT)),
)
REMEDIES = st.builds(Remediation, text=TEXT, before=TEXT, after=TEXT, fix=st.none() | FIXES, fixed_versions=some(TEXT))
COMPONENTS = st.builds(
    Component,
    purl=TEXT,
    name=TEXT,
    version=TEXT,
    ecosystem=TEXT,
    direct=st.none() | st.booleans(),
    path=some(TEXT, 9),
    found_in=TEXT,
    licenses=some(TEXT),
    layer=TEXT,
)
FINDINGS = st.builds(
    Finding,
    rule=TEXT,
    kind=st.sampled_from(["secrets", "dependencies", "code", "iac"]) | TEXT,
    title=TEXT,
    message=TEXT,
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    location=LOCATIONS,
    scanner=TEXT,
    fingerprint=TEXT,
    component=st.none() | COMPONENTS,
    score=st.none() | st.floats(),
    cwe=some(st.integers(0, 2000), 30),
    vectors=some(TEXT),
    aliases=some(TEXT, 9),
    upstream=some(TEXT, 9),
    references=some(st.builds(Reference, url=TEXT | st.just("https://example.com/"), title=TEXT)),
    remediation=st.none() | REMEDIES,
    evidence=some(st.builds(Evidence, name=TEXT, value=TEXT)),
    flow=some(st.builds(FlowStep, location=LOCATIONS, message=TEXT)),
    marker=st.none() | st.builds(InlineMarker, tool=TEXT, text=TEXT, line=NUMBER, reason=TEXT),
)
DAY = st.dates()
UNSURE = st.none() | st.booleans()
SIGNALS = st.builds(
    Signals,
    cve=TEXT,
    known_exploited=UNSURE,
    known_since=st.none() | DAY,
    due=st.none() | DAY,
    ransomware=UNSURE,
    kev_as_of=st.none() | DAY,
    epss=st.none() | st.floats(),
    percentile=st.none() | st.floats(),
    epss_as_of=st.none() | DAY,
    exploitation=st.none() | TEXT,
    automatable=UNSURE,
    total_impact=UNSURE,
)
PRIORITIES = st.builds(
    Priority,
    table=TEXT,
    tier=TEXT,
    rank=NUMBER,
    days=st.none() | NUMBER,
    start=st.none() | DAY,
    due=st.none() | DAY,
    why=TEXT,
    assumed=some(TEXT, 12),
    advice=TEXT,
    score=st.none() | st.floats(),
    score_name=TEXT,
    signals=st.none() | SIGNALS,
)
JUDGED = st.builds(
    Judged,
    finding=FINDINGS,
    change=st.sampled_from(Change),
    mode=st.none() | st.sampled_from(Mode),
    waived=st.none() | st.builds(WaiverMatch, waiver=TEXT, origin=TEXT | st.just("ledger"), sentence=TEXT),
    priority=st.none() | PRIORITIES,
)
COVERAGES = st.builds(
    Coverage,
    scanner=TEXT,
    kind=st.sampled_from(["secrets", "code"]) | TEXT,
    status=st.sampled_from(CoverageStatus),
    engine_version=TEXT,
    files=COUNT,
    cached=COUNT,
    seconds=st.floats(0, 1e9),
    skipped=some(st.builds(Skipped, reason=TEXT, count=COUNT, examples=some(TEXT), harmless=st.booleans())),
    errors=some(st.builds(ScanError, message=TEXT, where=TEXT, next_step=TEXT)),
    limits=some(st.builds(LimitHit, limit=TEXT, value=TEXT, where=TEXT)),
    data=some(
        st.builds(DataSource, name=TEXT, as_of=st.none() | WHEN | WHEN.map(lambda moment: moment.replace(tzinfo=None)))
    ),
    notes=some(TEXT),
)
REASONS = st.builds(
    Reason,
    gate_rule=TEXT,
    mode=st.sampled_from(Mode),
    outcome=st.sampled_from(Outcome),
    sentence=TEXT,
    appeal=TEXT,
    findings=some(TEXT, 6),
)
RUNS = st.builds(
    Run,
    id=TEXT,
    tool_version=TEXT,
    started=WHEN,
    finished=WHEN,
    subject=st.builds(AssetRef, kind=st.sampled_from(AssetKind), name=TEXT),
    scope=st.sampled_from(["tree", "changes"]) | TEXT,
    revision=st.builds(Revision, commit=TEXT, branch=TEXT, base=TEXT, dirty=st.booleans(), shallow=st.booleans()),
    findings=some(JUDGED, 4),
    coverage=some(COVERAGES),
    components=some(COMPONENTS),
    older=st.none() | COUNT,
    verdict=st.builds(Verdict, outcome=st.sampled_from(Outcome), reasons=some(REASONS), policy_digest=TEXT),
    notes=some(TEXT),
)
CONTEXTS = st.builds(ReportContext, width=st.integers(-1, 500), verbose=st.booleans(), root=TEXT)


def rendered(name: str, run: Run, context: ReportContext | None = None) -> str:
    """The report as text, after it was found to be the same twice, UTF-8, and of bounded size."""
    chosen, context = formats()[name], context or ReportContext()
    first = chosen.render(run, context)
    assert first == chosen.render(run, context)
    assert len(first) < 2_000_000
    return first.decode()


@given(RUNS, CONTEXTS)
def test_the_terminal_obeys_nothing_that_a_run_says(run: Run, context: ReportContext) -> None:
    assert not ALIVE.search(rendered("terminal", run, context).replace("\t", "!"))


@pytest.mark.parametrize(
    "name", sorted(name for name, chosen in formats().items() if chosen.extension in ("json", "sarif"))
)
@given(run=RUNS)
def test_every_json_report_parses_and_shows_no_live_character(name: str, run: Run) -> None:
    text = rendered(name, run)
    json.loads(text)
    assert not ALIVE.search(text)


@given(RUNS)
def test_a_saved_run_can_be_read_back(run: Run) -> None:
    again = load_run(formats()["json"].render(run, ReportContext()))
    assert again.verdict.outcome is run.verdict.outcome
    assert len(again.findings) == len(run.findings)


@given(RUNS)
def test_junit_is_well_formed_and_counts_its_cases(run: Run) -> None:
    root = ET.fromstring(rendered("junit", run))  # noqa: S314 - our own output
    assert int(root.get("tests", "0")) == len(root.findall("testsuite/testcase"))
    assert not ALIVE.search("".join(root.itertext()))


@given(RUNS)
def test_a_comment_fits_and_keeps_its_folds_closed(run: Run) -> None:
    text = rendered("markdown", run)
    assert len(text.encode()) <= 65_536
    assert text.startswith("<!-- pavedroad:check -->\n")
    assert not ALIVE.search(text)


class _Page(HTMLParser):
    """Collects what a browser would act on."""

    void = frozenset({"meta", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(RUNS)
def test_the_page_is_well_nested_and_holds_no_markup_but_ours(run: Run) -> None:
    text = rendered("html", run)
    page = _Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert (page.tags.count("script"), page.tags.count("style")) == (1, 1)
    assert not {"img", "iframe", "object", "embed", "link", "base"} & set(page.tags)
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in ("style", "src", "srcdoc")
        assert name != "href" or value.startswith(("#", "http://", "https://"))
    assert not ALIVE.search(text.replace("\t", " "))
