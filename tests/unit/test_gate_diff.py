"""The comparison: which of several equal findings is the new one."""

import msgspec

from pavedroad.core import Change, Confidence, Finding, Location, Severity
from pavedroad.gate.diff import compare

FLAW = Finding(
    rule="r",
    kind="secrets",
    title="t",
    message="m",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    scanner="s",
    fingerprint="pr1-1",
    location=Location(path="a"),
)


def at(path: str, fingerprint: str = "pr1-1") -> Finding:
    return msgspec.structs.replace(FLAW, location=Location(path=path), fingerprint=fingerprint)


def test_a_copy_in_another_file_is_new_and_the_original_is_not() -> None:
    assert compare([at("copy"), at("orig")], [at("orig")], {}) == [Change.NEW, Change.OLD]


def test_a_moved_finding_is_old() -> None:
    assert compare([at("b")], [at("a")], {}) == [Change.OLD]


def test_a_rename_that_git_knows_is_preferred_over_another_place() -> None:
    changes = compare([at("other"), at("new")], [at("old")], {"old": "new"})
    assert changes == [Change.NEW, Change.OLD]


def test_another_flaw_in_the_same_file_is_new() -> None:
    assert compare([at("a", "pr1-2")], [at("a")], {}) == [Change.NEW]
