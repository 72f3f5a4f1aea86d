"""What the variables of CI systems mean."""

import json
from pathlib import Path

import pytest

from pavedroad.infra.ci import detect


@pytest.mark.parametrize(
    ("env", "platform", "branch", "first_base", "point"),
    [
        ({}, "", "", None, "commit"),
        ({"CI": "true"}, "ci", "", None, "build"),
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "fix"},
            "github", "fix", "origin/main", "pull-request",
        ),
        ({"GITHUB_ACTIONS": "true", "GITHUB_REF_NAME": "main"}, "github", "main", None, "build"),
        (
            {"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "abc",
             "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "fix"},
            "gitlab", "fix", "abc", "pull-request",
        ),
        (
            {"JENKINS_URL": "http://j.example", "CHANGE_TARGET": "main", "CHANGE_BRANCH": "fix"},
            "jenkins", "fix", "origin/main", "pull-request",
        ),
        (
            {"CIRCLECI": "true", "CIRCLE_BRANCH": "fix", "CIRCLE_PULL_REQUEST": "https://x.example/1"},
            "circleci", "fix", "origin/HEAD", "pull-request",
        ),
        (
            {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
             "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/fix"},
            "azure", "fix", "origin/main", "pull-request",
        ),
    ],
)  # fmt: skip
def test_each_platform_tells_branch_and_base(
    env: dict[str, str], platform: str, branch: str, first_base: str | None, point: str
) -> None:
    context = detect(env)
    assert (context.platform, context.branch, context.control_point) == (platform, branch, point)
    assert (context.bases[0] if context.bases else None) == first_base


def test_a_push_on_github_is_compared_with_the_commit_before(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"before": "c" * 40}))
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event)}
    assert detect(env).bases == ("c" * 40,)
    event.write_text(json.dumps({"before": "0" * 40}))
    assert detect(env).bases == ()
    event.write_text("[" * 100_000)
    assert detect(env).bases == ()


def test_a_merge_queue_on_github_is_compared_with_the_commit_it_builds_on(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"merge_group": {"base_sha": "d" * 40}}))
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event)}
    assert detect(env).bases == ("d" * 40,)
    event.write_text(json.dumps({"merge_group": None}))
    assert detect(env).bases == ()
