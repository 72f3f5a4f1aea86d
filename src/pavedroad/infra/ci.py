"""Which CI system this is, and what its own variables say about the change under test.

Sources: the predefined-variable pages of GitHub Actions, GitLab CI, Jenkins (multibranch), CircleCI and Azure
Pipelines.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from pavedroad.core.noun import Noun

_MAX_EVENT_BYTES = 10 << 20


class CiContext(Noun, frozen=True, kw_only=True):
    """``bases`` are refs to try in turn for the comparison. ``control_point`` is pull-request, build or commit."""

    platform: str = ""
    branch: str = ""
    bases: tuple[str, ...] = ()
    control_point: str = "commit"
    actor: str = ""


def detect(env: Mapping[str, str] | None = None) -> CiContext:
    """The CI context from the environment; empty on a laptop."""
    env = os.environ if env is None else env
    for marker, reader in _PLATFORMS:
        if env.get(marker):
            return reader(env)
    if env.get("CI", "").lower() in ("1", "true"):
        return CiContext(platform="ci", control_point="build")
    return CiContext()


def _remote(branch: str) -> tuple[str, ...]:
    name = branch.removeprefix("refs/heads/")
    return (f"origin/{name}", name) if name else ()


def _github(env: Mapping[str, str]) -> CiContext:
    target = env.get("GITHUB_BASE_REF", "")
    bases = _remote(target)
    if not bases and (before := _github_before(env.get("GITHUB_EVENT_PATH", ""))):
        bases = (before,)
    branch = env.get("GITHUB_HEAD_REF") or env.get("GITHUB_REF_NAME", "")
    point = "pull-request" if target else "build"
    return CiContext(
        platform="github", branch=branch, bases=bases, control_point=point, actor=env.get("GITHUB_ACTOR", "")
    )


def _github_before(event_path: str) -> str:
    """The commit that a push or a merge queue builds on; a push of a new branch has none (all zeros)."""
    if not event_path:
        return ""
    try:
        with Path(event_path).open("rb") as stream:
            event = json.loads(stream.read(_MAX_EVENT_BYTES))
        before = event.get("before") or event.get("merge_group", {}).get("base_sha", "")
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""
    return before if isinstance(before, str) and before.strip("0") else ""


def _gitlab(env: Mapping[str, str]) -> CiContext:
    bases: tuple[str, ...] = ()
    if diff_base := env.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        bases = (diff_base,)
    bases += _remote(env.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""))
    merge = bool(env.get("CI_MERGE_REQUEST_IID"))
    before = env.get("CI_COMMIT_BEFORE_SHA", "")
    if not bases and before.strip("0"):
        bases = (before,)
    return CiContext(
        platform="gitlab",
        branch=env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") or env.get("CI_COMMIT_REF_NAME", ""),
        bases=bases,
        control_point="pull-request" if merge else "build",
        actor=env.get("GITLAB_USER_LOGIN", ""),
    )


def _jenkins(env: Mapping[str, str]) -> CiContext:
    target = env.get("CHANGE_TARGET", "")
    bases = _remote(target)
    if not bases and (previous := env.get("GIT_PREVIOUS_SUCCESSFUL_COMMIT")):
        bases = (previous,)
    return CiContext(
        platform="jenkins",
        branch=env.get("CHANGE_BRANCH") or env.get("BRANCH_NAME") or env.get("GIT_BRANCH", "").removeprefix("origin/"),
        bases=bases,
        control_point="pull-request" if target else "build",
        actor=env.get("CHANGE_AUTHOR", ""),
    )


def _circleci(env: Mapping[str, str]) -> CiContext:
    merge = bool(env.get("CIRCLE_PULL_REQUEST"))
    # CircleCI does not say which branch a pull request targets; the remote's default branch is the honest guess.
    return CiContext(
        platform="circleci",
        branch=env.get("CIRCLE_BRANCH", ""),
        bases=("origin/HEAD", "origin/main", "origin/master") if merge else (),
        control_point="pull-request" if merge else "build",
        actor=env.get("CIRCLE_USERNAME", ""),
    )


def _azure(env: Mapping[str, str]) -> CiContext:
    target = env.get("SYSTEM_PULLREQUEST_TARGETBRANCH", "")
    source = env.get("SYSTEM_PULLREQUEST_SOURCEBRANCH") or env.get("BUILD_SOURCEBRANCH", "")
    return CiContext(
        platform="azure",
        branch=source.removeprefix("refs/heads/"),
        bases=_remote(target),
        control_point="pull-request" if target else "build",
        actor=env.get("BUILD_REQUESTEDFOR", ""),
    )


_PLATFORMS: tuple[tuple[str, Callable[[Mapping[str, str]], CiContext]], ...] = (
    ("GITHUB_ACTIONS", _github),
    ("GITLAB_CI", _gitlab),
    ("JENKINS_URL", _jenkins),
    ("CIRCLECI", _circleci),
    ("TF_BUILD", _azure),
)
