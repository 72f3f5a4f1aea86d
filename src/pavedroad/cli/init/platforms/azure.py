"""Azure Pipelines: one job, on pull requests and on the default branch."""

from pavedroad.cli.init.model import Package

_JOB = """\
# Written by 'paved init'.
@REMARKS@
trigger:
  - main
  - master
pr:
  - "*"

jobs:
  - job: paved
    timeoutInMinutes: 20
    pool:
      vmImage: ubuntu-24.04
    steps:
      - checkout: self
        fetchDepth: 0 # the merge base is compared with
        persistCredentials: false
      - script: |
          python3 -m venv "$(Agent.TempDirectory)/paved"
          "$(Agent.TempDirectory)/paved/bin/pip" install @INSTALL@
        displayName: Install Pavedroad
      - script: |
          "$(Agent.TempDirectory)/paved/bin/paved" advisories update
        displayName: Get the advisories
      - script: |
          "$(Agent.TempDirectory)/paved/bin/paved" check \\
            --format junit -o "$(Build.ArtifactStagingDirectory)/paved-junit.xml" \\
            --format html -o "$(Build.ArtifactStagingDirectory)/paved-report.html"
        displayName: Check
      - task: PublishTestResults@2
        condition: succeededOrFailed()
        inputs:
          testResultsFormat: JUnit
          testResultsFiles: $(Build.ArtifactStagingDirectory)/paved-junit.xml
      - publish: $(Build.ArtifactStagingDirectory)
        condition: succeededOrFailed()
        artifact: paved
"""


class Azure:
    """The plug-in."""

    name = "azure"
    title = "Azure Pipelines"
    path = "azure-pipelines.yml"
    shared = True
    marks = ("azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines")
    hosts = ("dev.azure.com", "visualstudio.com")
    after = "add a build validation policy for this pipeline to your default branch"

    def job(self, package: Package) -> str:
        return package.fill(_JOB)


PLATFORM = Azure()
