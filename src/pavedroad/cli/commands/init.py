"""``paved init``: settings, a pre-commit hook and a CI job, without touching what is there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pavedroad.cli.init import Proposal


@click.command(name="init")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--ci", default="auto", metavar="NAME", help="CI platform; 'auto' finds it, 'none' leaves it out.")
@click.option(
    "--package",
    metavar="SPEC",
    help="What the CI job installs: NAME==VERSION, a wheel in the project, or git+https://HOST/PATH@COMMIT.",
)
@click.option("--no-hook", is_flag=True, help="Write no pre-commit hook.")
@click.option("--dry-run", is_flag=True, help="Show every file, write none.")
@click.option("--force", is_flag=True, help="Replace older files of ours; the old one is kept as *.before-paved.")
def COMMAND(  # noqa: N802 - the plug-in's name
    path: Path, ci: str, package: str | None, no_hook: bool, dry_run: bool, force: bool
) -> int:
    """Set a project up: paved.yaml, a pre-commit hook, and a CI job for the platform it finds.

    An existing file is never changed; what would be added to it is shown instead.
    The CI job installs what .paved/requirements.txt locks by hash, if the project
    has that file.
    """
    from pavedroad.cli.init import Step, carry_out, propose
    from pavedroad.cli.init.surroundings import look_around

    around = look_around(path)
    proposals = propose(around, ci=ci, hooks=not no_hook, force=force, package=package)
    for proposal in proposals:
        if not dry_run:
            carry_out(proposal)
        _tell(proposal, around.root, dry_run=dry_run)
    if ci == "auto" and not any(p.what.startswith("job ") for p in proposals):
        click.echo("no CI job: no platform was recognised; choose one with --ci NAME ('paved init --help')")
    if not dry_run and any(p.step is Step.WRITE for p in proposals):
        click.echo("next: paved check")
    for missing in dict.fromkeys(p.missing for p in proposals if p.missing):
        click.echo(f"next: {missing}")
    return 0


def _tell(proposal: "Proposal", root: Path, *, dry_run: bool) -> None:
    from pavedroad.cli.init import Step
    from pavedroad.cli.init.proposals import KEPT

    shown = proposal.path.relative_to(root) if proposal.path.is_relative_to(root) else proposal.path
    words = {
        Step.WRITE: "would write" if dry_run else "wrote",
        Step.REPLACE: "would replace" if dry_run else "replaced",
        Step.SAME: "already there:",
        Step.LEAVE: "left as it is:",
    }
    kept = f"; the old one is {shown.name}{KEPT}" if proposal.step is Step.REPLACE and not dry_run else ""
    click.echo(f"{words[proposal.step]} {shown} ({proposal.what}){kept}")
    if proposal.step is Step.LEAVE:
        click.echo("  it would add:")
    if (dry_run and proposal.step is not Step.SAME) or proposal.step is Step.LEAVE:
        click.echo("".join(f"    {line}".rstrip() + "\n" for line in proposal.text.splitlines()), nl=False)
    for step in proposal.after if proposal.step is not Step.SAME else ():
        click.echo(f"  next: {step}")
