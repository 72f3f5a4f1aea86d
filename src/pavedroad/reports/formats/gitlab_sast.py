"""GitLab SAST: everything that is found in source text and is no secret, as ``gl-sast-report.json``."""

from typing import Any

from pavedroad.core.finding import Finding
from pavedroad.core.run import Run
from pavedroad.reports.formats import _gitlab
from pavedroad.reports.model import ReportContext
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import line

# These have a report type of their own at GitLab; all other kinds (iac, code, workflows, agents ...) come here.
# The data about exploitation have coverage, but they look at nothing.
_ELSEWHERE = frozenset({"secrets", "dependencies", "image", "web", "exploitation"})


class GitlabSast:
    """For ``artifacts: reports: sast``."""

    name = "gitlab-sast"
    title = "GitLab SAST report, schema 15.0"
    extension = "json"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The report; ``context`` changes nothing."""
        return escaped_json(_gitlab.security_report(run, "sast", lambda kind: kind not in _ELSEWHERE, _locate))


def _locate(finding: Finding, run: Run) -> dict[str, Any]:
    place: dict[str, Any] = {"file": line(finding.location.path, 1000), **_gitlab.lines_of(finding)}
    return {**place, "method": line(finding.location.symbol, 255)} if finding.location.symbol else place


FORMAT = GitlabSast()
