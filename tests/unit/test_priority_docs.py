"""What the pages about priorities show is true, and can be pasted."""

import re
from pathlib import Path

import pytest

from pavedroad.priority import TableError, load, table_names
from pavedroad.priority.inputs import _TOTAL_CWE
from pavedroad.priority.tables import parse
from pavedroad.priority.vocabulary import FACTS, INPUTS
from tests.support.policy_samples import config

DOCS = Path(__file__).resolve().parents[2] / "docs"
HOW_TO = (DOCS / "how-to/decide-what-first.md").read_text(encoding="utf-8")
EXPLAIN = (DOCS / "explain/priorities.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", HOW_TO, re.DOTALL)


def test_every_example_of_settings_is_accepted() -> None:
    found = blocks("yaml")
    assert len(found) >= 4
    for text in found:
        config(text)


def test_the_example_of_an_own_table_decides_and_its_error_is_the_real_one() -> None:
    example = next(text for text in blocks("text") if text.startswith("exposure,kev"))
    assert len(parse(example.encode(), "our-table", "our-table.csv").outcomes) == 3
    broken = "exposure,kev,outcome,days\ninternet,*,soon,30\npartner,yes,now,2\npartner,*,soon,30\ninternal,*,soon,30\n"
    with pytest.raises(TableError) as caught:
        parse(broken.encode(), "our-table", "security/our-table.csv")
    assert f"paved: {caught.value}" in HOW_TO


def test_every_table_and_every_input_is_on_the_page() -> None:
    for name in table_names():
        assert f"`{name}`" in HOW_TO
    for name, asked in INPUTS.items():
        row = next((line for line in HOW_TO.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert name in FACTS or all(value in row for value in asked.values), name


@pytest.mark.parametrize("name", ["cisa-coordinator", "ssvc-deployer"])
def test_days_of_ours_are_those_of_the_page(name: str) -> None:
    days = [str(outcome.days) for outcome in load(name).outcomes if outcome.days is not None]
    assert ", ".join(days) in HOW_TO


def test_the_weaknesses_of_the_page_are_those_of_the_code() -> None:
    paragraph = EXPLAIN[EXPLAIN.index("Those weaknesses are") :].partition("\n\n")[0]
    assert {int(number) for number in re.findall(r"\d+", paragraph)} == _TOTAL_CWE
