"""Secrets: one secret at one place is one candidate."""

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.merge import merge
from pavedroad.scanning.scanners.secrets.model import Candidate


def seen(
    start: int, end: int, kind: str, witness: str, confidence: Confidence = Confidence.MEDIUM, key: str = ""
) -> Candidate:
    return Candidate(
        start=start,
        end=end,
        secret=b"x" * (end - start),
        type=kind,
        confidence=confidence,
        witness=witness,
        why="w",
        key=key,
    )


def test_the_more_specific_type_wins_and_both_witnesses_are_named() -> None:
    (one,) = merge(
        [
            seen(10, 50, "assigned-secret", "pattern", key="token"),
            seen(10, 50, "kingfisher.github-pat", "kingfisher", Confidence.HIGH),
        ]
    )
    assert (one.type, one.witness, one.key, one.confidence) == (
        "kingfisher.github-pat",
        "kingfisher, pattern",
        "token",
        Confidence.HIGH,
    )


def test_a_format_wins_over_a_broad_place() -> None:
    (one,) = merge([seen(5, 20, "url-password", "pattern"), seen(5, 20, "git-credentials", "git-credentials")])
    assert one.type == "git-credentials"


def test_overlapping_spans_are_one_and_neighbours_stay_two() -> None:
    found = merge([seen(0, 40, "env-file", "a"), seen(10, 20, "env-file", "b"), seen(40, 50, "env-file", "c")])
    assert [(c.start, c.end) for c in found] == [(10, 20), (40, 50)]


def test_the_order_of_witnesses_changes_nothing() -> None:
    several = [seen(0, 9, "env-file", "a"), seen(0, 9, "assigned-secret", "b"), seen(20, 30, "netrc", "c")]
    assert merge(several) == merge(several[::-1])
