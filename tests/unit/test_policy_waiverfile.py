"""Adding an entry keeps what people wrote, byte by byte, or is refused."""

import pytest

from pavedroad.core import UsageError
from pavedroad.policy import load_ledger
from pavedroad.policy.config import WaiverPolicy
from pavedroad.policy.waiverfile import append_waiver, next_id
from tests.support.policy_samples import TODAY, mark, waiver

POLICY = WaiverPolicy()
ONE = """\
# Ours.
version: 1
waivers:
  # the first
  - id: W-2026-007   # old style
    scope: {rule: code/x, path: "src/"}
    owner: team
    reason: >
      folded
      text
    ticket: T-1
    created: 2026-11-01
    expires: 2027-01-01
# the end
"""


def append(text: str) -> str:
    """The text with one more waiver."""
    return append_waiver(text.encode(), waiver("W-2026-009"), "w.yaml", POLICY).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# only a comment",
        "version: 1",
        "version: 1\nwaivers:\n",
        "version: 1\nwaivers: # none yet\n",
        "version: 1\nwaivers: []   # none yet\n",
        "waivers: []\nversion: 1\n",
        ONE,
        ONE.replace("  - id", "- id").replace("\n    ", "\n  "),
        ONE.rstrip("\n"),
        ONE + "\n\n",
        ONE.replace("version: 1\n", "") + "version: 1\n",
        "---\n" + ONE + "...\n",
        "\ufeff" + ONE,
        "version: 1\nwaivers:\n  - {id: broken}\n",
    ],
)
def test_an_entry_is_added_and_every_old_line_stays(text: str) -> None:
    after = append(text)
    old, new = load_ledger(text.encode(), "w", POLICY), load_ledger(after.encode(), "w", POLICY)
    assert new.waivers == (*old.waivers, waiver("W-2026-009"))
    assert len(new.problems) == len(old.problems)
    kept = [line for line in text.replace("waivers: []", "waivers:").splitlines() if line.strip()]
    lines = iter(after.splitlines())
    assert all(line in lines for line in kept), "in their order"


def test_line_ends_of_windows_stay() -> None:
    after = append(ONE.replace("\n", "\r\n"))
    assert after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize(
    "text", ["version: 1\nwaivers: [{id: W-1}]\n", "{version: 1, waivers: []}\n", "version: 1\nwaivers: null\n"]
)
def test_a_file_that_would_need_rewriting_is_refused_with_the_entry_to_paste(text: str) -> None:
    with pytest.raises(UsageError, match="without rewriting") as caught:
        append(text)
    assert "- id: W-2026-009" in caught.value.next_step


def test_a_broken_ledger_is_not_added_to() -> None:
    with pytest.raises(UsageError):
        append("version: 1\nwaivers: [\n")


@pytest.mark.parametrize(
    "text", ['say "no": #1', "yes", "1e3", "null", "- x", "\\", "{a: b}", "Zoë 漢字 🎉", "2026-01-01"]
)
def test_words_are_read_back_as_written(text: str) -> None:
    given = waiver(reason=text, owner=text, ticket=text)
    (back,) = load_ledger(append_waiver(b"", given, "w", POLICY), "w", POLICY).waivers
    assert back == given


@pytest.mark.parametrize("path", ["a\nb", "tab\tx", "\u2028", "nul\x00", "del\x7f", "\x85", "tag\U000e0001"])
def test_odd_paths_are_read_back_as_they_are(path: str) -> None:
    given = waiver(scope={"fingerprint": mark("a"), "path": path})
    (back,) = load_ledger(append_waiver(b"", given, "w", POLICY), "w", POLICY).waivers
    assert back == given


def test_ids_count_up_within_the_year_and_skip_broken_entries() -> None:
    assert next_id(load_ledger(b"", "w", POLICY), TODAY) == "W-2026-001"
    assert next_id(load_ledger(ONE.encode(), "w", POLICY), TODAY) == "W-2026-008"
    broken = b"version: 1\nwaivers:\n  - {id: W-2026-041}\n"
    assert next_id(load_ledger(broken, "w", POLICY), TODAY) == "W-2026-042"
