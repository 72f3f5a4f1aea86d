"""Chooses what a run is compared with, and gathers the sources for it.

Choosing comes before the walk of the tree: it tells which scanners will be needed, so that they can start meanwhile.
"""

import msgspec

from pavedroad.core.errors import UsageError
from pavedroad.gate.project import Project
from pavedroad.gate.request import CheckRequest
from pavedroad.gate.sources import Source, Sources, of_changes, of_history, of_index, of_tree
from pavedroad.infra.ci import CiContext
from pavedroad.infra.git import FileChange, Repository
from pavedroad.infra.walk import WalkResult


class Base(msgspec.Struct, frozen=True):
    """What the run is compared with. ``scope`` is ``tree`` (nothing), ``changes`` (since ``commit``) or ``staged``;
    ``changes`` are those git knows of, untracked files not among them."""

    scope: str = "tree"
    commit: str = ""
    changes: tuple[FileChange, ...] = ()
    notes: tuple[str, ...] = ()


class Comparison(msgspec.Struct, frozen=True):
    """The chosen sources, the commit compared with, and sentences about the choice."""

    sources: Sources
    base: str = ""
    notes: tuple[str, ...] = ()


def choose(request: CheckRequest, project: Project, ci: CiContext) -> Base:
    """What the request asks for, or CI implies. Raises UsageError when a named base cannot be had."""
    if request.staged:
        return Base("staged", "index", _repository(project, "--staged").staged())
    if request.since:
        repository = _repository(project, "--since")
        commit = _named_base(repository, request.since)
        return Base("changes", commit, repository.changes(commit))
    return _implied(request, project, ci)


def gather(base: Base, request: CheckRequest, project: Project, found: WalkResult) -> Comparison:
    """The sources of the run, now that the tree is known. Raises UsageError for ``--history`` outside git."""
    if base.scope == "staged":
        sources = of_index(base.changes)
    else:
        sources = of_changes(found, base.changes) if base.scope == "changes" else of_tree(found)
    comparison = Comparison(_inside(sources, project), base.commit, base.notes)
    if request.history:
        return _with_history(comparison, _repository(project, "--history"), project)
    return comparison


def _repository(project: Project, option: str) -> Repository:
    if project.repository is None:
        raise UsageError(
            f"{option} needs a git repository",
            where=str(project.root),
            next_step="run it inside one, or compare with a saved run: --baseline FILE",
        )
    return project.repository


def _named_base(repository: Repository, ref: str) -> str:
    commit = repository.resolve(ref)
    if not commit:
        shallow = repository.is_shallow()
        raise UsageError(
            f"git knows no commit '{ref}'" + (" (this clone is shallow)" if shallow else ""),
            where=str(repository.root),
            next_step="fetch the full history (actions/checkout: fetch-depth: 0)"
            if shallow
            else f"git fetch, or check the name '{ref}'",
        )
    head = repository.head()
    return (repository.merge_base(commit, head) if head else "") or commit


def _inside(sources: Sources, project: Project) -> Sources:
    """Only what lies under the path that was asked for."""
    if not project.only:
        return sources
    prefix = project.only
    kept = tuple(s for s in sources.sources if s.path == prefix or s.path.startswith(prefix + "/"))
    return msgspec.structs.replace(sources, sources=kept)


def _implied(request: CheckRequest, project: Project, ci: CiContext) -> Base:
    if not request.compare or request.baseline or project.repository is None or not ci.bases:
        return Base()
    head = project.repository.head()
    for ref in ci.bases:
        named = project.repository.resolve(ref)
        commit = project.repository.merge_base(named, head) if named and head else ""
        if commit:
            note = f"compared with the merge base of {ref}, {commit[:12]}"
            return Base("changes", commit, project.repository.changes(commit), (note,))
    reason = (
        "this clone is shallow: fetch the full history (fetch-depth: 0)" if project.revision.shallow else "git fetch"
    )
    note = (
        f"{ci.platform} names {ci.bases[0]} as the base, but git cannot find it ({reason}); "
        "everything found counts as new"
    )
    return Base(notes=(note,))


def _with_history(comparison: Comparison, repository: Repository, project: Project) -> Comparison:
    if not repository.head():
        return msgspec.structs.replace(comparison, notes=(*comparison.notes, "there is no history: no commits yet"))
    span = f"{comparison.base}..HEAD" if comparison.sources.scope == "changes" else ""
    past: tuple[Source, ...] = of_history(repository, span)
    scope = "history" if comparison.sources.scope == "tree" else comparison.sources.scope
    sources = _inside(msgspec.structs.replace(comparison.sources, sources=past), project)
    whole = msgspec.structs.replace(sources, sources=(*comparison.sources.sources, *sources.sources), scope=scope)
    notes = comparison.notes
    if repository.is_shallow():
        notes += ("this clone is shallow: history beyond its depth was not looked at",)
    return msgspec.structs.replace(comparison, sources=whole, notes=notes)


def existing_paths(found: WalkResult) -> frozenset[str]:
    """The paths of the tree, as shown."""
    return frozenset(entry.path for entry in found.entries)
