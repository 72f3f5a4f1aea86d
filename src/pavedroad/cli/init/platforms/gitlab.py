"""GitLab CI: one job in ``.gitlab-ci.yml``; its reports feed the merge request's widgets."""

from pavedroad.cli.init.model import Package

_JOB = """\
# Written by 'paved init'.
@REMARKS@
paved:
  stage: test
  # Pin the image by digest (python@sha256:...) once you have chosen where it comes from.
  image: python:3.11-bookworm
  timeout: 20 minutes
  interruptible: true
  variables:
    GIT_DEPTH: "0" # the merge base is compared with
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - python3 -m venv /opt/paved
    - '/opt/paved/bin/pip install @INSTALL@'
    - /opt/paved/bin/paved advisories update
    - >-
      /opt/paved/bin/paved check
      --format gitlab-secret-detection -o gl-secret-detection-report.json
      --format gitlab-dependency-scanning -o gl-dependency-scanning-report.json
      --format gitlab-code-quality -o gl-code-quality-report.json
  artifacts:
    when: always
    expire_in: 30 days
    reports:
      secret_detection: gl-secret-detection-report.json
      dependency_scanning: gl-dependency-scanning-report.json
      codequality: gl-code-quality-report.json
"""


class GitLab:
    """The plug-in."""

    name = "gitlab"
    title = "GitLab CI"
    path = ".gitlab-ci.yml"
    shared = True
    marks = (".gitlab-ci.yml", ".gitlab")
    hosts = ("gitlab",)
    after = "turn on 'Pipelines must succeed' in the settings of merge requests"

    def job(self, package: Package) -> str:
        return package.fill(_JOB)


PLATFORM = GitLab()
