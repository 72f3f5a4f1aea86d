"""Looks at what the code imports, where findings about packages ask for it and only then."""

from collections.abc import Sequence

from pavedroad.gate.crew import Crew
from pavedroad.gate.installed import installed_modules
from pavedroad.gate.project import Project
from pavedroad.gate.reach import Imports, languages_of
from pavedroad.gate.scan import Looked
from pavedroad.gate.sources import Side, of_tree
from pavedroad.infra.walk import WalkResult

MODULE = "_imports"


def look_at_imports(crew: Crew, looked: Sequence[Looked], project: Project, found: WalkResult) -> Imports | None:
    """The imports of all source files of the walk, in the languages that findings are about. None: nothing asks."""
    observations = (o for each in looked for o in each.observations[Side.HEAD])
    wanted = languages_of(o.finding.component for o in observations)
    if not wanted:
        return None
    from pavedroad.scanning.scanners._imports import SCANNER
    from pavedroad.scanning.scanners._imports.extract import language

    sources = tuple(s for s in of_tree(found).sources if language(s.path) in wanted)
    seen = crew.ask(MODULE, SCANNER, sources, found)
    return Imports(
        facts=seen.facts,
        languages=frozenset(language(source.path) for source in sources),
        modules=_installed(project, found) if "python" in wanted else {},
        hole=_hole(seen, project, found),
    )


def _installed(project: Project, found: WalkResult) -> dict[str, tuple[str, ...]]:
    """An environment that came with the tree, so that its files are looked at, is not believed: whoever sends a change
    could make it say that a package has other modules."""
    if any(entry.path.startswith((".venv/", "venv/", "env/")) for entry in found.entries):
        return {}
    return installed_modules(project.root)


def _hole(seen: Looked, project: Project, found: WalkResult) -> str:
    """Why code may exist that was not looked at."""
    if project.only:
        return "only a part of the tree was looked at"
    if found.truncated or found.oversize:
        return "not all files of the tree were looked at"
    if seen.coverage.errors or any(not skipped.harmless for skipped in seen.coverage.skipped):
        return "some source files could not be read"
    return ""
