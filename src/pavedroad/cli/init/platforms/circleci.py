"""CircleCI: one job and its workflow."""

from pavedroad.cli.init.model import Package

_JOB = """\
# Written by 'paved init'.
@REMARKS@
version: 2.1

jobs:
  paved:
    docker:
      # Pin the image by digest (cimg/python@sha256:...) once you have chosen where it comes from.
      - image: cimg/python:3.11
    steps:
      - checkout # fetches the whole history: the merge base is compared with
      - run:
          name: Install Pavedroad
          command: |
            python3 -m venv ~/paved
            ~/paved/bin/pip install @INSTALL@
      - run:
          name: Get the advisories
          command: ~/paved/bin/paved advisories update
      - run:
          name: Check
          command: |
            mkdir -p ~/reports
            ~/paved/bin/paved check --format junit -o ~/reports/junit.xml --format html -o ~/reports/report.html
      - store_test_results:
          path: ~/reports/junit.xml
      - store_artifacts:
          path: ~/reports

workflows:
  paved:
    jobs:
      - paved
"""


class CircleCI:
    """The plug-in."""

    name = "circleci"
    title = "CircleCI"
    path = ".circleci/config.yml"
    shared = True
    marks = (".circleci",)
    hosts = ()
    after = "make the status 'ci/circleci: paved' required where pull requests are merged"

    def job(self, package: Package) -> str:
        return package.fill(_JOB)


PLATFORM = CircleCI()
