"""``paved dev``: tools for those who extend Pavedroad."""

import os
from pathlib import Path

import click


@click.group(name="dev")
def COMMAND() -> None:  # noqa: N802 - the plug-in's attribute
    """Tools for those who extend Pavedroad itself."""


@COMMAND.command("new")
@click.argument("kind")
@click.argument("name")
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The clone to write into. Default: the one that holds the current folder.",
)
def new_command(kind: str, name: str, root: Path | None) -> int:
    """Start a plug-in: a skeleton that passes the contract tests, with a test and a page of its own.

    KIND is one of those that 'paved dev kinds' lists. NAME is made of lower-case words with hyphens: license-files.
    """
    from pavedroad.cli.dev import generate, known_kinds

    written = generate(kind, name, root)
    for path in written:
        click.echo(f"wrote {os.path.relpath(path)}")
    click.echo(f"next: {known_kinds()[kind].edit}")
    click.echo(f"      then: make docs && make lint && make test ARGS='-k {name.replace('-', '_')}'")
    return 0


@COMMAND.command("kinds")
def kinds_command() -> int:
    """List the kinds of plug-in that 'paved dev new' can start."""
    from pavedroad.cli.dev import known_kinds

    for name, kind in known_kinds().items():
        click.echo(f"{name:16} {kind.title}")
    return 0
