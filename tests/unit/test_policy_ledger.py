"""The ledger: whole entries are waivers, broken ones waive nothing, a broken file stops the program."""

import pytest

from pavedroad.core import UsageError
from pavedroad.policy import Ledger, load_ledger
from pavedroad.policy.config import WaiverPolicy
from tests.support.policy_samples import mark

WHOLE = {
    "id": "W-1",
    "scope": '{rule: "code/a", path: "src/"}',
    "owner": "team",
    "reason": "agreed",
    "ticket": "T-1",
    "created": "2026-11-01",
    "expires": "2027-01-01",
}


def entry(**changes: str | None) -> str:
    """A ledger's text with one entry; None leaves a key out."""
    fields = {key: value for key, value in {**WHOLE, **changes}.items() if value is not None}
    return "version: 1\nwaivers:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in fields.items()) + "\n"


def load(text: str, **policy: int) -> Ledger:
    """The ledger in a text."""
    return load_ledger(text.encode(), where="w.yaml", policy=WaiverPolicy(**policy))  # type: ignore[arg-type]


def test_a_whole_entry_is_a_waiver_with_its_line() -> None:
    ledger = load("# first\n" + entry())
    assert ledger.problems == ()
    assert ledger.entries[0].line == 4
    assert ledger.waivers[0].owner == "team"
    assert ledger.waivers[0].origin == "ledger"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "version: 1\n", "version: 1\nwaivers: []\n"])
def test_an_empty_ledger_is_no_problem(text: str) -> None:
    assert load(text).entries == ()


@pytest.mark.parametrize(
    ("changes", "rule", "said"),
    [
        ({"owner": None}, "waivers/unowned", "W-1: it has no owner"),
        ({"owner": '" "'}, "waivers/unowned", "no owner"),
        ({"reason": None}, "waivers/invalid", "'reason' is missing"),
        ({"ticket": '""'}, "waivers/invalid", "'ticket' is empty"),
        ({"created": None}, "waivers/invalid", "'created' is missing"),
        ({"expires": "soon"}, "waivers/invalid", "expires"),
        ({"expires": "'2026-02-30'"}, "waivers/invalid", "expires"),
        ({"expires": "2026-10-01"}, "waivers/invalid", "expires before it was created"),
        ({"expires": "2027-11-02"}, "waivers/expires-too-late", "366 days; the policy allows 365"),
        ({"ownr": "x"}, "waivers/invalid", "unknown key 'ownr'"),
        ({"scope": "{}"}, "waivers/invalid", "either a fingerprint or a rule"),
        ({"scope": "{rule: code/a}"}, "waivers/invalid", "at least one of path, component and asset"),
        ({"scope": "{rule: code/a, path: '[a'}"}, "waivers/invalid", "path: a pattern opens '['"),
        ({"scope": "{fingerprint: pr1-abc}"}, "waivers/invalid", "its fingerprint is not one"),
        ({"scope": f"{{fingerprint: {mark('a')}, rule: x}}"}, "waivers/invalid", "either a fingerprint or a rule"),
        ({"scope": f"{{fingerprint: {mark('a')}, asset: x}}"}, "waivers/invalid", "nothing but the path"),
        ({"scope": "{rule: code/a, paths: x}"}, "waivers/invalid", "unknown key 'scope.paths'"),
        ({"id": "'a b'"}, "waivers/invalid", "an entry without id"),
        ({"id": None}, "waivers/invalid", "'id' is missing"),
    ],
)
def test_an_entry_that_is_not_whole_waives_nothing(changes: dict[str, str | None], rule: str, said: str) -> None:
    ledger = load(entry(**changes))
    assert ledger.entries == ()
    (problem,) = ledger.problems
    assert problem.rule == rule
    assert said in problem.sentence
    assert problem.line == 3


def test_one_broken_entry_leaves_the_others_whole() -> None:
    text = entry() + "  - just text\n  - {id: W-2}\n"
    ledger = load(text)
    assert [each.id for each in ledger.waivers] == ["W-1"]
    assert len(ledger.problems) == 2


def test_of_two_entries_with_one_id_the_first_counts() -> None:
    second = entry(owner="other").partition("waivers:\n")[2]
    ledger = load(entry() + second)
    assert [each.owner for each in ledger.waivers] == ["team"]
    assert "same id" in ledger.problems[0].sentence


def test_the_policy_bounds_how_long_a_waiver_holds() -> None:
    assert load(entry(), max_days=60).problems[0].rule == "waivers/expires-too-late"


@pytest.mark.parametrize(
    "text", ["a: [", "- a", "text", "version: 2\n", "waivers: []\n", "version: 1\nwaver: []\n", "\x00", "a: 2026-02-30"]
)
def test_a_broken_file_stops_the_program(text: str) -> None:
    with pytest.raises(UsageError, match=r"w\.yaml"):
        load(text)


def test_the_digest_follows_what_the_ledger_says() -> None:
    assert load(entry()).digest == load("# why\n" + entry()).digest
    assert load(entry()).digest != load(entry(reason="other")).digest
