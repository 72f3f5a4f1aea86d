"""The walk of a project's tree, and the walk's own account of it."""

from pavedroad.core.coverage import Coverage, CoverageStatus, LimitHit, ScanError
from pavedroad.gate.project import Project
from pavedroad.infra.walk import WalkLimits, WalkResult, walk


def walk_project(project: Project) -> WalkResult:
    """All files that the project's settings let us look at."""
    limits = project.config.scan.limits
    return walk(
        project.root,
        WalkLimits(file_size=limits.file_size_bytes, files=limits.files),
        repository=project.repository,
        only=project.only,
        ignore=tuple(project.config.scan.ignore),
    )


def coverage_of(found: WalkResult) -> Coverage:
    """The walk's own account: what no scanner was even shown."""
    errors = tuple(
        ScanError(
            message=skip.reason,
            where=", ".join(skip.examples),
            next_step="make it readable, or list it in .pavedignore",
        )
        for skip in found.skipped
        if not skip.harmless and not skip.reason.startswith("text,")
    )
    limits = tuple(
        LimitHit(limit="scan.limits.file_size", value="a text file is larger", where=path)
        for path in found.oversize[:20]
    )
    if found.truncated:
        limits += (
            LimitHit(limit="scan.limits.files", value=f"only the first {len(found.entries)} files were looked at"),
        )
    partial = bool(errors or limits)
    return Coverage(
        scanner="walk",
        kind="tree",
        status=CoverageStatus.PARTIAL if partial else CoverageStatus.COMPLETE,
        files=len(found.entries),
        bytes=sum(entry.size for entry in found.entries),
        skipped=found.skipped,
        errors=errors,
        limits=limits,
    )
