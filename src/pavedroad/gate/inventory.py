"""What a tree is made of, without judging it: no advisory database, no verdict. Called for ``paved sbom``."""

import msgspec

from pavedroad.core.asset import AssetRef
from pavedroad.core.component import Component
from pavedroad.core.coverage import Coverage
from pavedroad.core.run import Revision
from pavedroad.gate.crew import Crew
from pavedroad.gate.plan import make_plan
from pavedroad.gate.project import open_project, settings_for
from pavedroad.gate.request import CheckRequest, NoProgress, Progress
from pavedroad.gate.sources import of_tree
from pavedroad.gate.tree import coverage_of, walk_project
from pavedroad.infra import ci as ci_door
from pavedroad.scanning.registry import scanners

KIND = "dependencies"


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """The components of a tree, with the account of what could not be read."""

    subject: AssetRef
    revision: Revision
    components: tuple[Component, ...]
    coverage: tuple[Coverage, ...]
    notes: tuple[str, ...] = ()


def inventory(request: CheckRequest, *, progress: Progress | None = None) -> Inventory:
    """List the components below ``request.path``; what compares or chooses kinds in the request does not matter here.
    Raises UsageError for a wrong path or configuration."""
    ci = ci_door.detect()
    project = open_project(request, ci)
    settings = {
        name: msgspec.structs.replace(settings_for(name, project, network=False), inventory=True) for name in scanners()
    }
    plan = make_plan(scanners(), only=(KIND,), skip=(), network=False, settings=settings)
    with Crew(request, project, plan, progress or NoProgress()) as crew:
        found = walk_project(project)
        sources = of_tree(found)
        inside = tuple(s for s in sources.sources if not project.only or s.path.startswith(project.only))
        looked = crew.scan(msgspec.structs.replace(sources, sources=inside), found)
    return Inventory(
        subject=project.asset,
        revision=project.revision,
        components=tuple(component for each in looked for component in each.components),
        coverage=(coverage_of(found), *(each.coverage for each in looked)),
        notes=(*project.notes, *crew.notes),
    )
