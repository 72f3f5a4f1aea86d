"""GitHub Actions: a workflow of its own. It uses one action, GitHub's own checkout, pinned by its full commit."""

from pavedroad.cli.init.model import Package

_JOB = """\
# Written by 'paved init'. Make the check "paved" required in the rules of your default branch, and it can stop a merge.
@REMARKS@
name: paved

on:
  pull_request:
  push:
    branches: [main, master]

# Nothing by default; the job asks for what it needs.
permissions: {}

concurrency:
  group: paved-${{ github.ref }}
  cancel-in-progress: true

jobs:
  paved:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0 # the merge base is compared with
          persist-credentials: false
      - name: Install Pavedroad
        run: |
          python3 -m venv "$RUNNER_TEMP/paved"
          "$RUNNER_TEMP/paved/bin/pip" install @INSTALL@
      - name: Get the advisories
        run: |
          "$RUNNER_TEMP/paved/bin/paved" advisories update
      - name: Check
        run: |
          "$RUNNER_TEMP/paved/bin/paved" check --format markdown -o "$RUNNER_TEMP/paved.md"
      - name: Show the verdict on the run's page
        if: ${{ !cancelled() }}
        run: |
          if [ -f "$RUNNER_TEMP/paved.md" ]; then cat "$RUNNER_TEMP/paved.md" >> "$GITHUB_STEP_SUMMARY"; fi
"""


class GitHub:
    """The plug-in."""

    name = "github"
    title = "GitHub Actions"
    path = ".github/workflows/paved.yml"
    shared = False
    marks = (".github",)
    hosts = ("github",)
    after = "make the check 'paved' required in the rules of your default branch"

    def job(self, package: Package) -> str:
        return package.fill(_JOB)


PLATFORM = GitHub()
