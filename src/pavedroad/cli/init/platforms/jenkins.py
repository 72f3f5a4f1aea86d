"""Jenkins: a declarative pipeline for a multibranch project."""

from pavedroad.cli.init.model import Package

_JOB = """\
// Written by 'paved init' for a multibranch pipeline.
@REMARKS@
pipeline {
    agent any
    options {
        timeout(time: 20, unit: 'MINUTES')
    }
    stages {
        stage('paved') {
            steps {
                // The merge base is compared with: the target branch and the whole history are needed.
                sh '''
                    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then unshallow=--unshallow; fi
                    git fetch --no-tags ${unshallow:-} origin '+refs/heads/*:refs/remotes/origin/*'
                '''
                sh '''
                    # Outside the workspace, so that it is not scanned.
                    venv=$(mktemp -d)
                    trap 'rm -rf "$venv"' EXIT
                    python3 -m venv "$venv"
                    "$venv/bin/pip" install @INSTALL@
                    "$venv/bin/paved" advisories update
                    "$venv/bin/paved" check --format junit -o paved-junit.xml --format html -o paved-report.html
                '''
            }
            post {
                always {
                    junit allowEmptyResults: true, testResults: 'paved-junit.xml'
                    archiveArtifacts allowEmptyArchive: true, artifacts: 'paved-report.html'
                }
            }
        }
    }
}
"""


class Jenkins:
    """The plug-in."""

    name = "jenkins"
    title = "Jenkins"
    path = "Jenkinsfile"
    shared = True
    marks = ("Jenkinsfile",)
    hosts = ()
    after = "make the build's status required where pull requests are merged"

    def job(self, package: Package) -> str:
        return package.fill(_JOB, comment="//")


PLATFORM = Jenkins()
