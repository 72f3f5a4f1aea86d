"""The page: self-contained, bound by its own policy, readable in light and dark."""

import base64
import hashlib
import re
from importlib.resources import files

import msgspec
import pytest

from pavedroad.core import Evidence, Judged, Mode, Outcome, Run, Severity
from pavedroad.reports import ReportContext, formats
from pavedroad.reports.formats.html import findings as page_findings
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_image import image_run, package_in_image
from tests.support.sample_run import clean_run, finding, many, sample_run

CSS = files("pavedroad.reports.formats.html").joinpath("page.css").read_text(encoding="utf-8")


def page(run: Run) -> str:
    return formats()["html"].render(run, ReportContext()).decode()


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page() -> None:
    text = page(sample_run())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    for name in ("style", "script"):
        (content,) = re.findall(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none';")
    assert "unsafe" not in policy[1]
    assert text.index("Content-Security-Policy") < text.index("<style>") < text.index("<script>")


def test_the_page_asks_for_nothing_from_outside() -> None:
    assert not re.search(r"(src|srcset|data|action|poster)=|url\(|@import", page(sample_run()).partition("<script>")[0])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_verdict_stands_at_the_top_with_its_reasons(outcome: Outcome) -> None:
    text = page(sample_run(outcome))
    assert f"<title>{outcome.name}: git.example.com/shop/payments-api - Pavedroad</title>" in text
    assert f'class="word">{outcome.name}</p>' in text
    for reason in sample_run(outcome).verdict.reasons:
        assert reason.sentence in text


def test_every_part_of_a_run_has_its_place() -> None:
    text = page(sample_run())
    for part in ("first", "chart", "findings", "coverage", "waivers", "record"):
        assert f'id="{part}"' in text
    for words in ("payments-team", "PAY-311", "network: own namespace", "pull-request", "OSV 3 days old"):
        assert words in text


def test_the_chart_has_its_figures_in_a_table_beside_it() -> None:
    text = page(sample_run())
    assert 'role="img" aria-label="Bars: number of findings' in text
    assert re.search(r'<th scope="row">code</th><td>0</td><td>1</td><td>3</td><td>1</td><td>1</td><td>6</td>', text)


def test_many_kinds_are_summed_up_and_none_is_lost() -> None:
    run = sample_run(findings=tuple(Judged(finding=finding(i, kind=f"kind-{i:02}")) for i in range(20)))
    text = page(run)
    assert re.search(r'<th scope="row">other kinds</th><td>8</td><td>8</td>', text)


def test_deadlines_are_words_that_sort_by_date() -> None:
    text = page(sample_run())
    assert (
        '<td data-sort="2026-11-20 001" data-label="Due" class="until"><span class="due overdue">overdue by 4 days'
        in text
    )
    assert '<td data-sort="2026-11-27 001" data-label="Due" class="until"><span class="due soon">due in 3 days' in text
    assert '<td data-sort="9999-99-99 004" data-label="Due" class="until"><span class="day">no deadline' in text
    assert '<td data-sort="9999-99-99" data-label="Due" class="until"></td>' in text
    assert "<b>1</b> overdue" in text


def test_exploitation_is_shown_with_the_day_of_its_data_and_what_was_assumed() -> None:
    text = page(sample_run())
    assert "used for ransomware (catalogue of 2026-11-23)" in text
    assert "94.3 % within 30 days, higher than 99.8 % of all (scores of 2026-11-24)" in text
    assert "<li>exposed: the exposure of the asset is not known" in text
    assert "Cheapest fact" in text


def test_components_are_counted_by_licence_where_any_is_stated() -> None:
    first = package_in_image().component
    assert first is not None
    bare = msgspec.structs.replace(first, name="zlib", licenses=())
    text = page(image_run(components=(first, first, bare)))
    assert re.search(r"<th[^>]*>Apache-2.0</th><td[^>]*>2</td><td[^>]*>openssl, openssl</td>", text)
    assert re.search(r"<th[^>]*>not stated</th><td[^>]*>1</td><td[^>]*>zlib</td>", text)
    assert "Licences of components" not in page(sample_run())


def test_layer_and_instruction_are_never_cut_off_by_other_evidence() -> None:
    facts = tuple(Evidence(name=f"fact {i}", value="x") for i in range(12))
    first = image_run().findings[0]
    crowded = msgspec.structs.replace(first.finding, evidence=(*facts, *first.finding.evidence))
    text = page(image_run(findings=(msgspec.structs.replace(first, finding=crowded),)))
    assert "RUN apt-get install --yes openssl" in text
    assert "4 facts; the json format has all" in text
    assert "passes on CVE-2026-0101, CVE-2026-0102" in text


def test_findings_are_grouped_with_what_blocks_first() -> None:
    groups = re.findall(r'<tbody class="group-(\w+)">', page(sample_run()))
    assert groups == ["blocking", "warning", "noted", "older", "waived"]


def test_details_open_without_a_script() -> None:
    assert page(sample_run()).count("<details><summary>") == len(sample_run().findings)


def test_links_are_made_of_plain_web_addresses_only() -> None:
    text = page(hostile_run("javascript:alert(1)"))
    assert 'href="javascript' not in text
    assert 'href="https://cwe.mitre.org/data/definitions/798.html" rel="noreferrer noopener"' in page(sample_run())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_not_obeyed(text: str) -> None:
    said = page(hostile_run(text))
    assert said.count("<script>") == 1
    assert "<img" not in said


def test_a_clean_run_says_that_nothing_was_found_in_what_was_looked_at() -> None:
    text = page(clean_run())
    assert "Nothing was found in what was looked at." in text
    assert "What to do first" not in text


def test_a_huge_run_is_cut_with_an_exact_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_findings, "MAX_HTML_FINDINGS", 10)
    monkeypatch.setattr(page_findings, "MAX_DETAILED", 4)
    text = page(sample_run(findings=many(8) + many(8, mode=Mode.WARN)))
    assert text.count('class="finding"') == 10
    assert text.count("<details>") == 4
    assert "6 findings are left out; paved check --format json -o run.json has all." in text


# Contrast as WCAG 2.2 counts it: at least 4.5 for text.


def palette(dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light = dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[0]))
    return {**light, **dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[1]))} if dark else light


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *[(ink, ground) for ink in ("ink", "quiet") for ground in ("paper", "sheet", "soft", "flag")],
    *[("quiet", f"{tone}-soft") for tone in ("pass", "fail", "incomplete")],
    *[(tone, f"{tone}-soft") for tone in ("pass", "fail", "incomplete")],
    *[(severity.value, "sheet") for severity in Severity],
    *[("on-bar", severity.value) for severity in Severity],
    *[("incomplete", "sheet"), ("on-bar", "fail"), ("quiet", "sheet")],
    *[("link", "sheet"), ("link", "paper"), ("before", "soft"), ("after", "soft"), ("fail", "sheet")],
]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_is_readable_in_light_and_dark(ink: str, ground: str, dark: bool) -> None:
    colors = palette(dark)
    assert contrast(colors[ink], colors[ground]) >= 4.5
