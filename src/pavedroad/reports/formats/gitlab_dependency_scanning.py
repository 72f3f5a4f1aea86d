"""GitLab dependency scanning: vulnerable packages and their files, as ``gl-dependency-scanning-report.json``."""

from typing import Any

from pavedroad.core.component import Component
from pavedroad.core.finding import Finding
from pavedroad.core.run import Run
from pavedroad.reports.formats import _gitlab
from pavedroad.reports.model import ReportContext
from pavedroad.reports.schema import escaped_json
from pavedroad.reports.text import line

_MANAGERS = {
    "requirements.txt": "pip",
    "poetry.lock": "poetry",
    "uv.lock": "uv",
    "Pipfile.lock": "pipenv",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "yarn.lock": "yarn",
    "pnpm-lock.yaml": "pnpm",
    "go.mod": "go",
    "Cargo.lock": "cargo",
    "Gemfile.lock": "bundler",
    "composer.lock": "composer",
}


class GitlabDependencyScanning:
    """For ``artifacts: reports: dependency_scanning``."""

    name = "gitlab-dependency-scanning"
    title = "GitLab dependency scanning report, schema 15.0"
    extension = "json"

    def render(self, run: Run, context: ReportContext) -> bytes:
        """The report; ``context`` changes nothing."""
        report = _gitlab.security_report(run, "dependency_scanning", lambda kind: kind == "dependencies", _locate)
        return escaped_json({**report, "dependency_files": _dependency_files(run)})


def _locate(finding: Finding, run: Run) -> dict[str, Any]:
    component = finding.component
    path = line(finding.location.path, 1000) or "unknown"
    if component is None:
        return {"file": path, "dependency": {"package": {"name": "unknown"}, "version": ""}}
    direct = {} if component.direct is None else {"direct": component.direct}
    return {"file": path, "dependency": {**_dependency(component), **direct}}


def _dependency(component: Component) -> dict[str, Any]:
    return {"package": {"name": line(component.name, 255)}, "version": line(component.version, 255)}


def _dependency_files(run: Run) -> list[dict[str, Any]]:
    """Each file that names components, sorted, with its components in the run's order."""
    by_file: dict[str, list[Component]] = {}
    for component in run.components:
        if component.found_in:
            by_file.setdefault(component.found_in, []).append(component)
    return [
        {
            "path": line(path, 1000),
            "package_manager": _manager(path, components[0]),
            "dependencies": [_dependency(component) for component in components],
        }
        for path, components in sorted(by_file.items())
    ]


def _manager(path: str, component: Component) -> str:
    return _MANAGERS.get(path.rpartition("/")[2]) or line(component.ecosystem.lower(), 60) or "unknown"


FORMAT = GitlabDependencyScanning()
