"""GitLab secret detection: the findings of kind ``secrets`` as ``gl-secret-detection-report.json``."""

from typing import Any

from pavedroad.core.finding import Finding
from pavedroad.core.run import Run
from pavedroad.reports.formats import _gitlab
from pavedroad.reports.model import ReportContext
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import line

# GitLab wants a commit for each secret and uses this one for a secret of the tree as it stands.
_NO_COMMIT = "0000000"


class GitlabSecretDetection:
    """For ``artifacts: reports: secret_detection``."""

    name = "gitlab-secret-detection"
    title = "GitLab secret detection report, schema 15.0"
    extension = "json"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The report; ``context`` changes nothing."""
        return escaped_json(_gitlab.security_report(run, "secret_detection", lambda kind: kind == "secrets", _locate))


def _locate(finding: Finding, run: Run) -> dict[str, Any]:
    commit = line(finding.location.commit or _NO_COMMIT, 64)
    return {"file": line(finding.location.path, 1000), "commit": {"sha": commit}, **_gitlab.lines_of(finding)}


FORMAT = GitlabSecretDetection()
