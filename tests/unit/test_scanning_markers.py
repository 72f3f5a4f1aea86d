"""Suppression comments of other tools are seen, and never carry a secret along."""

import pytest

from pavedroad.core import Confidence, Finding, Location, Region, Severity
from pavedroad.core.identity import Observation
from pavedroad.scanning.markers import mark


def observation(kind: str, line: int) -> Observation:
    finding = Finding(
        rule="r",
        kind=kind,
        title="t",
        message="m",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        scanner="s",
        location=Location(path="a", region=Region.of_line(line)),
    )
    return Observation(anchor=("a",), finding=finding)


@pytest.mark.parametrize(
    ("kind", "text", "tool"),
    [
        ("code", "call(x)  # nosec B602: checked", "bandit"),
        ("code", "call(x)  // nosemgrep: rule.id", "semgrep"),
        ("secrets", "key = 1  # gitleaks:allow", "gitleaks"),
        ("secrets", "key = 1  # trufflehog:ignore", "trufflehog"),
        ("secrets", "key = 1  # kingfisher:ignore", "kingfisher"),
        ("secrets", "key = 1  # pragma: allowlist secret", "detect-secrets"),
        ("iac", "acl = 1 #trivy:ignore:AVD-AWS-0001:exp:2027-01-01", "trivy"),
        ("iac", "acl = 1 #tfsec:ignore:aws-s3-x", "tfsec"),
        ("iac", "acl = 1 #checkov:skip=CKV_AWS_20:public on purpose", "checkov"),
        ("iac", "acl = 1 # kics-scan ignore-line", "kics"),
        ("workflows", "uses: a/b@main # zizmor: ignore[unpinned-uses]", "zizmor"),
        ("iac", "# hadolint ignore=DL3006", "hadolint"),
        ("code", "call(x) // NOSONAR", "sonarqube"),
    ],
)
def test_each_tool_is_recognised(kind: str, text: str, tool: str) -> None:
    (marked,) = mark((observation(kind, 1),), text.encode())
    assert marked.finding.marker is not None
    assert marked.finding.marker.tool == tool


def test_the_line_above_counts_and_others_do_not() -> None:
    content = b"# nosemgrep\nx = 1\ny = 2\n"
    near, far = mark((observation("code", 2), observation("code", 3)), content)
    assert near.finding.marker is not None
    assert far.finding.marker is None


def test_a_marker_of_another_kind_does_not_count() -> None:
    (marked,) = mark((observation("dependencies", 1),), b"x==1 # nosec gitleaks:allow")
    assert marked.finding.marker is None


def test_a_marker_beside_a_secret_keeps_no_text_of_the_line() -> None:
    (marked,) = mark((observation("secrets", 1),), b"# nosec p4ssw0rd-in-the-comment")
    assert marked.finding.marker is not None
    assert "p4ssw0rd" not in marked.finding.marker.text + marked.finding.marker.reason


def test_a_reason_is_kept_for_other_kinds() -> None:
    (marked,) = mark((observation("iac", 1),), b"#checkov:skip=CKV_AWS_20:public on purpose")
    assert marked.finding.marker is not None
    assert marked.finding.marker.reason == "CKV_AWS_20:public on purpose"
