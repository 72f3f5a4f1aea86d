"""What the pages about policy show can be pasted."""

import re
from pathlib import Path

import pytest

from pavedroad.policy import RULES, load_ledger
from pavedroad.policy.config import WaiverPolicy
from pavedroad.policy.defaults import DEFAULT_RULES
from tests.support.policy_samples import config

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("how-to/write-gate-rules.md", "how-to/waive-a-finding.md")


def blocks(page: str) -> list[str]:
    """The YAML of a page."""
    return re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_accepted(page: str) -> None:
    for text in blocks(page):
        if text.startswith("version: 1\nwaivers:\n  -"):
            ledger = load_ledger(text.encode(), page, WaiverPolicy())
            assert ledger.waivers
            assert not ledger.problems
        else:
            config(text)


def test_every_rule_about_waivers_is_on_the_page() -> None:
    page = (DOCS / "how-to/waive-a-finding.md").read_text(encoding="utf-8")
    assert [rule.id for rule in RULES if f"`{rule.id}`" not in page] == []


def test_default_rules_have_names_of_their_own_and_say_why() -> None:
    assert len({rule.id for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)
    assert all(rule.id.startswith("default-") and rule.because for rule in DEFAULT_RULES)
