"""GitLab container scanning: what is wrong with an image and its packages, as ``gl-container-scanning-report.json``.

Only runs about an image or a root file system have something to say here. For any other run the report is a failed
scan, never an empty one.
"""

from collections import Counter
from typing import Any

from pavedroad.core.asset import AssetKind
from pavedroad.core.finding import Finding
from pavedroad.core.run import Run
from pavedroad.reports.formats import _gitlab
from pavedroad.reports.model import ReportContext
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import line

_SUBJECTS = frozenset({AssetKind.IMAGE, AssetKind.FILE_SYSTEM})
_KINDS = frozenset({"dependencies", "image"})
_UNKNOWN = "unknown"


class GitlabContainerScanning:
    """For ``artifacts: reports: container_scanning``."""

    name = "gitlab-container-scanning"
    title = "GitLab container scanning report, schema 15.0"
    extension = "json"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The report; ``context`` changes nothing."""
        mine = _KINDS if run.subject.kind in _SUBJECTS else frozenset()
        system = operating_system(run)
        report = _gitlab.security_report(
            run, "container_scanning", lambda kind: kind in mine, lambda finding, about: _locate(finding, about, system)
        )
        return escaped_json(report)


def _locate(finding: Finding, run: Run, system: str) -> dict[str, Any]:
    """GitLab tells findings apart by image and package. The image is named without tag or digest, so that a finding
    survives the next build; the setup of an image, which is no package, is named by its place."""
    component = finding.component
    name = component.name if component else finding.location.path
    return {
        "image": line(run.subject.name, 255) or _UNKNOWN,
        "operating_system": system,
        "dependency": {
            "package": {"name": line(name, 255) or _UNKNOWN},
            "version": line(component.version, 255) if component else "",
        },
    }


def operating_system(run: Run) -> str:
    """``Debian 12``: the distribution that most packages are of (OSV writes ``Debian:12``); ``unknown`` without one."""
    named = [*run.components, *(each.finding.component for each in run.findings)]
    found = Counter(each.ecosystem for each in named if each is not None and ":" in each.ecosystem)
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return line(ranked[0][0].replace(":", " "), 100) if ranked else _UNKNOWN


FORMAT = GitlabContainerScanning()
