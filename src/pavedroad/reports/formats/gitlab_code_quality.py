"""GitLab code quality: every unwaived finding beside the changed line, also on the free tier."""

import hashlib
from typing import Any

from pavedroad.core.run import Run
from pavedroad.core.severity import Severity
from pavedroad.reports.formats import _gitlab
from pavedroad.reports.model import ReportContext
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import line, prose
from pavedroad.reports.view import short

_SEVERITIES = {
    Severity.MALICIOUS: "blocker",
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
    Severity.UNKNOWN: "major",  # unknown is not harmless
}


class GitlabCodeQuality:
    """For ``artifacts: reports: codequality``."""

    name = "gitlab-code-quality"
    title = "GitLab code quality report"
    extension = "json"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """A JSON list; ``context`` changes nothing."""
        reported = [judged for judged in run.findings if judged.waived is None]
        issues: list[dict[str, Any]] = []
        for judged, name in zip(reported, _gitlab.stable_ids(reported), strict=True):
            finding = judged.finding
            begin = _gitlab.lines_of(finding).get("start_line", 1)
            issues.append(
                {
                    "description": f"{prose(finding.message or finding.title, 600)} ({short(finding.fingerprint)})",
                    "check_name": line(finding.rule, 255) or "unknown",
                    "fingerprint": hashlib.sha256(name.encode()).hexdigest()[:32],
                    "severity": _SEVERITIES[finding.severity],
                    "location": {"path": line(finding.location.path, 1000), "lines": {"begin": begin}},
                }
            )
        return escaped_json(issues)


FORMAT = GitlabCodeQuality()
