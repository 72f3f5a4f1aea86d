"""``paved plan``: the fewest upgrades that close the most risk, from a saved run."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pavedroad.cli.app import EXIT_PASS

if TYPE_CHECKING:
    from pavedroad.core.run import Run
    from pavedroad.priority import UpgradePlan

_MAX_RUN_BYTES = 512 << 20


@click.command(name="plan")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--run",
    "saved",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A run saved with 'paved check --format json -o FILE'. Default: the last run of the project at PATH.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    help="How the plan is written to standard output.",
)
@click.option("--top", type=click.IntRange(min=1), help="Show only this many steps, the most urgent ones.")
def COMMAND(path: Path, saved: Path | None, form: str, top: int | None) -> int:  # noqa: N802 - the plug-in's attribute
    """Say which upgrades close the most risk, with the versions, and what stays open after them.

    Nothing is scanned and nothing is changed: the plan is made from the findings of a run. Steps that close findings
    of a graver tier come first; 'paved check' shows the tiers.
    """
    from pavedroad.priority.planreport import About, as_json, as_markdown, as_table

    run = _load(path, saved)
    made = _plan(run)
    tables = {each.priority.table for each in run.findings if each.priority}
    about = About(subject=run.subject.name, finished=run.finished, table=", ".join(sorted(tables)))
    if form == "table":
        width = max(60, min(shutil.get_terminal_size((100, 40)).columns, 140))
        click.echo(as_table(made, about, width, top))
    else:
        click.echo(as_json(made, about, top) if form == "json" else as_markdown(made, about, top))
    return EXIT_PASS


def _plan(run: "Run") -> "UpgradePlan":
    """The plan, with its versions checked where there is a database."""
    from pavedroad.advisories import FILE_NAME, AdvisoryError, Database
    from pavedroad.infra.paths import user_data
    from pavedroad.priority import plan
    from pavedroad.priority.standing import asker

    try:
        with Database.open(user_data() / FILE_NAME) as database:
            return plan(run.findings, asker(database))
    except AdvisoryError:
        return plan(run.findings)  # the plan says that nothing could be asked


def _load(path: Path, saved: Path | None) -> "Run":
    """The run that was named, or the last one of the project. Raises UsageError when there is none."""
    from pavedroad.core.errors import PavedError, UsageError
    from pavedroad.gate.explain import last_run
    from pavedroad.gate.project import STATE_FOLDER
    from pavedroad.infra.files import read_file
    from pavedroad.infra.git import find_root
    from pavedroad.reports import load_run

    if saved is not None:
        content = read_file(saved, _MAX_RUN_BYTES, special=True)
        if content is None:
            raise UsageError("there is no such file", where=str(saved), next_step="paved check --format json -o FILE")
        try:
            return load_run(content, where=str(saved))
        except PavedError as error:
            raise UsageError(error.what, where=error.where, next_step=error.next_step) from error
    root = find_root(path.absolute()) or path.absolute()
    run = last_run(root / STATE_FOLDER / "cache")
    if run is None:
        raise UsageError(
            "no run is saved here", where=str(path), next_step="run 'paved check' first, or name one with --run FILE"
        )
    return run
