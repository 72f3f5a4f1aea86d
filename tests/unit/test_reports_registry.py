"""Formats are found by folder, chosen by name; a saved run comes back as it was."""

import json
import re

import jsonschema
import pytest

from pavedroad.core import Outcome, UsageError
from pavedroad.reports import ReportContext, ReportError, choose, dump_run, formats, load_run, run_schema
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_run import clean_run, sample_run

NAMES = {
    "gitlab-code-quality",
    "gitlab-container-scanning",
    "gitlab-dependency-scanning",
    "gitlab-sast",
    "gitlab-secret-detection",
    "html",
    "json",
    "junit",
    "markdown",
    "sarif",
    "terminal",
}


def test_every_format_of_the_issue_is_there() -> None:
    assert set(formats()) >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_format_says_what_it_is_and_renders_the_same_bytes_twice(name: str) -> None:
    chosen = formats()[name]
    assert chosen.title
    assert re.fullmatch("[a-z]+", chosen.extension)
    assert chosen.render(sample_run(), ReportContext()) == chosen.render(sample_run(), ReportContext())


def test_formats_are_chosen_in_the_order_asked_for() -> None:
    assert [chosen.name for chosen in choose(["sarif", "json"])] == ["sarif", "json"]


@pytest.mark.parametrize(("typo", "meant"), [("sarf", "sarif"), ("gitlab_sast", "gitlab-sast"), ("HTML", "html")])
def test_a_misspelt_format_gets_the_nearest_name_as_a_hint(typo: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean '{meant}'"):
        choose([typo])


def test_an_unknown_format_gets_the_whole_list_and_its_own_name_made_harmless() -> None:
    with pytest.raises(UsageError) as caught:
        choose(["\x1b[2J"])
    assert "\x1b" not in str(caught.value)
    assert all(name in str(caught.value) for name in NAMES)


@pytest.mark.parametrize("run", [sample_run(), clean_run(), sample_run(Outcome.INCOMPLETE)])
def test_a_saved_run_comes_back_equal(run: object) -> None:
    assert load_run(dump_run(run)) == run  # type: ignore[arg-type]


def test_a_saved_run_states_its_schema_version_first() -> None:
    assert next(iter(json.loads(dump_run(sample_run())))) == "schema"


def test_a_saved_run_fits_the_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(run_schema())
    validator.check_schema(run_schema())
    for text in HOSTILE:
        validator.validate(json.loads(dump_run(hostile_run(text))))
    assert not validator.is_valid({"schema": "1"})


def test_a_saved_run_holds_hostile_text_whole_but_harmless_to_look_at() -> None:
    raw = dump_run(hostile_run(HOSTILE[1]))
    assert "\u202e" not in raw.decode()
    assert load_run(raw).findings[0].finding.message == HOSTILE[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "broken JSON"),
        (b"{", "broken JSON"),
        (b'{"schema": "1", "x": ' + b"[" * 100_000, "broken JSON"),
        (b"\xff\xfe", "broken JSON"),
        (b"[]", "not a run"),
        (b'{"schema": "1"}', "not a run"),
        (b'{"schema": 1}', "not a run"),
        (b"{}", "does not say its schema version"),
        (b'{"schema": "2"}', "has schema version '2'"),
    ],
)
def test_what_is_no_saved_run_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(ReportError, match=words) as caught:
        load_run(content, where="run.json")
    assert str(caught.value).startswith("run.json: ")
    assert "next: " in str(caught.value)


def test_a_run_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(ReportError, match="at most 10 are read"):
        load_run(b"x" * 11, max_bytes=10)


def test_a_refusal_repeats_no_value_of_the_file() -> None:
    raw = dump_run(sample_run()).replace(b'"critical"', b'"a-secret-value"')
    with pytest.raises(ReportError) as caught:
        load_run(raw)
    assert "a-secret-value" not in str(caught.value)
