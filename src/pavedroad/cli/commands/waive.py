"""``paved waive``: adds one exception to the ledger, whole, and without touching what stands there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pavedroad.core.errors import PavedError, UsageError

if TYPE_CHECKING:
    from pavedroad.core.finding import Finding
    from pavedroad.core.waiver import Waiver, WaiverScope
    from pavedroad.gate.project import Project

_MIN_PREFIX = 6
_WHOLE = len("pr1-") + 32


@click.command(name="waive")
@click.argument("fingerprint", default="")
@click.option(
    "--rule", default="", metavar="GLOB", help="Waive a rule (an alias such as dependencies/CVE-... counts too)."
)
@click.option(
    "--path", "where", default="", metavar="GLOB", help="With --rule: only there. With a fingerprint: its file."
)
@click.option("--component", default="", metavar="GLOB", help="With --rule: only this purl or package name.")
@click.option("--asset", default="", metavar="GLOB", help="With --rule: only in this asset.")
@click.option("--owner", default="", envvar="PAVED_OWNER", help="Who answers for it (default: PAVED_OWNER).")
@click.option("--reason", default="", help="Why the risk can be taken.")
@click.option("--ticket", default="", help="Where it was agreed.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it holds, YYYY-MM-DD.")
@click.option("--days", type=click.IntRange(min=1, max=36500), help="Instead of --expires: days from today.")
@click.option(
    "--because",
    default="",
    metavar="WHY",
    help="The flaw does no harm here: not-affected:JUSTIFICATION, for VEX. Default: the risk is accepted.",
)
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="A path inside the project.")
def COMMAND(  # noqa: N802 - the plug-in's attribute; one parameter per option
    fingerprint: str,
    rule: str,
    where: str,
    component: str,
    asset: str,
    owner: str,
    reason: str,
    ticket: str,
    expires: datetime | None,
    days: int | None,
    because: str,
    root: Path,
) -> None:
    """Add an exception to .paved/waivers.yaml: for one finding by its FINGERPRINT (a unique start of it will do), or
    for a rule in a place.

    Owner, reason, ticket and an end are required. Commit the file; the next check honours it.
    """
    from pavedroad.core.clock import SystemClock
    from pavedroad.core.waiver import Waiver, WaiverScope
    from pavedroad.gate.project import open_project
    from pavedroad.gate.request import CheckRequest
    from pavedroad.infra import ci

    _check_because(because)
    today = SystemClock().now().date()
    project = open_project(CheckRequest(path=root), ci.detect())
    scope = WaiverScope(fingerprint=fingerprint, rule=rule, path=where, component=component, asset=asset)
    waiver = Waiver(
        id="",
        scope=_looked_up(scope, project) if fingerprint and not rule else scope,
        owner=owner.strip(),
        reason=reason.strip(),
        ticket=ticket.strip(),
        created=today,
        expires=_last_day(expires, days, today),
        because=because,
    )
    try:
        added = _add(waiver, project, today)
    except UsageError:
        raise
    except PavedError as error:
        # Nothing was decided here, so a ledger that cannot be written is wrong use, not an incomplete run.
        raise UsageError(error.what, where=error.where, next_step=error.next_step) from error
    _tell(added)


def _check_because(because: str) -> None:
    from pavedroad.core.waiver import BECAUSE

    if because and because not in BECAUSE:
        raise UsageError(
            f"--because {_plain(because)} is no reason that VEX knows", next_step=f"choose from {', '.join(BECAUSE)}"
        )


def _last_day(expires: datetime | None, days: int | None, today: date) -> date | None:
    if expires and days:
        raise UsageError("--expires and --days say the same thing", next_step="leave one of them out")
    return expires.date() if expires else today + timedelta(days=days) if days else None


def _looked_up(scope: "WaiverScope", project: "Project") -> "WaiverScope":
    """The whole fingerprint and the path where the finding is, from the last run, so that no copy is covered."""
    import msgspec

    from pavedroad.gate.explain import last_run
    from pavedroad.gate.project import STATE_FOLDER

    name = scope.fingerprint
    if not name.startswith("pr1-") or len(name) < _MIN_PREFIX:
        raise UsageError(
            f"'{_plain(name)}' is not a fingerprint or the start of one",
            next_step="copy it from the report of 'paved check' (it begins with pr1-), or name a rule: --rule",
        )
    try:
        run = last_run(project.root / STATE_FOLDER / "cache")
    except PavedError as error:
        raise UsageError(error.what, where=error.where, next_step="run 'paved check' again") from error
    findings = [each.finding for each in run.findings if each.finding.fingerprint.startswith(name)] if run else []
    mark = _only_mark(name, findings, known=run is not None, path=scope.path)
    if any(finding.kind == "waivers" for finding in findings):
        raise UsageError(f"{mark} is about an exception, and cannot be excepted", next_step=f"paved explain {mark}")
    path = scope.path or _only_path(mark, findings)
    if findings and path not in {finding.location.path for finding in findings}:
        raise UsageError(
            f"the last run did not see {mark} in '{_plain(path)}'",
            next_step=f"it was in: {_places(findings)}",
        )
    return msgspec.structs.replace(scope, fingerprint=mark, path=path)


def _only_mark(name: str, findings: "Sequence[Finding]", *, known: bool, path: str) -> str:
    marks = sorted({finding.fingerprint for finding in findings})
    if len(marks) > 1:
        raise UsageError(f"'{_plain(name)}' is the start of {len(marks)} fingerprints", next_step="give more of it")
    if marks:
        return marks[0]
    if len(name) == _WHOLE and path:
        return name
    raise UsageError(
        f"the last run has no finding '{_plain(name)}'" if known else "no run of this project is saved",
        next_step="run 'paved check' first, or give the whole fingerprint and its file: --path FILE",
    )


def _only_path(mark: str, findings: "Sequence[Finding]") -> str:
    paths = sorted({finding.location.path for finding in findings})
    if len(paths) == 1:
        return paths[0]
    raise UsageError(
        f"{mark} is in {len(paths)} files, and a waiver covers one",
        next_step=f"say which with --path: {_places(findings)}",
    )


def _places(findings: "Sequence[Finding]") -> str:
    from pavedroad.policy.wording import listed

    return listed(finding.location.path for finding in findings)


def _plain(text: str) -> str:
    from pavedroad.policy.wording import plain

    return plain(text, 100)


def _add(waiver: "Waiver", project: "Project", today: date) -> "Waiver":
    """Write it under a lock, whole or not at all. Gives the waiver with its id. Raises PavedError."""
    import msgspec

    from pavedroad.gate.judge import LEDGER
    from pavedroad.infra.files import locked, read_file, write_atomic
    from pavedroad.policy import load_ledger
    from pavedroad.policy.ledger import MAX_LEDGER_BYTES
    from pavedroad.policy.waiverfile import append_waiver, check_new, next_id

    policy = project.config.waivers
    check_new(waiver, policy, today)
    path = project.root / LEDGER
    with locked(_lock_file(path)):
        if path.is_symlink():
            raise UsageError("the waiver ledger is a symbolic link", where=LEDGER, next_step="make it a plain file")
        content = read_file(path, MAX_LEDGER_BYTES) or b""
        whole = msgspec.structs.replace(waiver, id=next_id(load_ledger(content, LEDGER, policy), today))
        write_atomic(path, append_waiver(content, whole, LEDGER, policy))
    return whole


def _lock_file(ledger: Path) -> Path:
    """In the cache folder, which git ignores; made as needed. Links on the way are refused: they could lead out."""
    cache = ledger.parent / "cache"
    if ledger.parent.is_symlink() or cache.is_symlink():
        raise UsageError("the folder is a symbolic link", where=ledger.parent.name, next_step="make it a plain folder")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        ignore = cache / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"the folder cannot be made: {error.strerror}", where=str(cache), next_step="make it writable"
        ) from error
    return cache / "waivers.lock"


def _tell(waiver: "Waiver") -> None:
    from pavedroad.gate.judge import LEDGER

    scope = waiver.scope
    parts = [f"{scope.fingerprint or scope.rule}"]
    parts += [f"in {scope.path}"] if scope.path else []
    parts += [f"of {scope.component}"] if scope.component else []
    parts += [f"in the asset {scope.asset}"] if scope.asset else []
    click.echo(f"{waiver.id} was added to {LEDGER}: {_plain(' '.join(parts))}")
    click.echo(
        f"  owner {_plain(waiver.owner)}, {_plain(waiver.ticket)}, until {waiver.expires}: {_plain(waiver.reason)}"
    )
    click.echo(f"  next: commit {LEDGER}; 'paved check' then shows the finding as waived")
