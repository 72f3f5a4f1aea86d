"""Identity: what changes a fingerprint, and what must not."""

from pavedroad.core import Confidence, Finding, Location, Region, Severity
from pavedroad.core.identity import Observation, fingerprint, identify, normalise_code


def seen(
    path: str = "a.py", line: int = 1, anchor: tuple[str, ...] = ("rule", "x"), message: str = "m", commit: str = ""
) -> Observation:
    finding = Finding(
        rule="secrets/x",
        kind="secrets",
        title="t",
        message=message,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        scanner="secrets",
        location=Location(path=path, region=Region.of_line(line), commit=commit or None),
    )
    return Observation(anchor=anchor, finding=finding)


def marks(*observations: Observation) -> list[str]:
    return [finding.fingerprint for finding in identify(observations)]


def test_line_shift_rename_and_reworded_message_keep_the_fingerprint() -> None:
    assert marks(seen()) == marks(seen(line=900)) == marks(seen(path="moved/b.py")) == marks(seen(message="other"))


def test_two_equal_secrets_on_two_lines_stay_two_findings() -> None:
    both = marks(seen(line=1), seen(line=2))
    assert len(set(both)) == 2
    assert both[0] == marks(seen(line=7))[0]


def test_another_anchor_is_another_flaw() -> None:
    assert marks(seen(anchor=("rule", "x"))) != marks(seen(anchor=("rule", "y")))


def test_parts_of_an_anchor_do_not_run_together() -> None:
    assert fingerprint("k", ("ab", "c")) != fingerprint("k", ("a", "bc"))
    assert fingerprint("k", ("ab",)) != fingerprint("k", ("a", "b"))


def test_code_is_the_same_after_a_formatter() -> None:
    one = "subprocess.call( cmd,\n    shell = True )"
    other = "subprocess.call(cmd, shell=True)"
    assert normalise_code(one) == normalise_code(other)
    assert normalise_code("return x") != normalise_code("returnx")


def test_the_same_flaw_in_tree_and_history_has_one_fingerprint() -> None:
    assert len(set(marks(seen(), seen(commit="a" * 40)))) == 1
