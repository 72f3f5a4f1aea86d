"""``paved tools``: install and list the guest tools."""

import click

from pavedroad.cli.app import EXIT_INCOMPLETE, EXIT_PASS


@click.group()
def tools() -> None:
    """Programs that scanners use: each in an environment of its own, locked by hash."""


@tools.command("sync")
@click.argument("names", metavar="[NAME...]", nargs=-1)
def sync_command(names: tuple[str, ...]) -> int:
    """Install what is missing or changed; all tools when none is named. Needs your package index."""
    from pavedroad.core.errors import PavedError
    from pavedroad.infra import tools as guests

    failed = False
    for tool in [guests.get(name) for name in names] or list(guests.all_tools().values()):
        try:
            word = "installed" if guests.sync(tool.name) else "unchanged"
        except PavedError as error:
            failed = True
            click.echo(f"paved: {error}", err=True)
        else:
            click.echo(f"{word} {tool.name} {tool.version}, lock {tool.digest[:16]}")
    return EXIT_INCOMPLETE if failed else EXIT_PASS


@tools.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@click.option("--verbose", "-v", is_flag=True, help="Say where each tool is, what it is for, and the whole digest.")
def list_command(as_json: bool, verbose: bool) -> int:
    """Say which tools there are: version, digest of the lock, licence, and whether every file is as installed."""
    import msgspec

    from pavedroad.infra import tools as guests

    rows = []
    for tool in guests.all_tools().values():
        facts = msgspec.structs.asdict(tool)
        rows.append({**facts, "state": guests.state(tool.name), "path": str(guests.home(tool))})
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return EXIT_PASS
    for row in rows:
        click.echo(f"{row['name']:12} {row['version']:10} {row['digest'][:16]}  {row['licence']:12} {row['state']}")
        if verbose:
            for key in ("purpose", "homepage", "digest", "path"):
                click.echo(f"  {key:9} {row[key]}")
    return EXIT_PASS


COMMAND = tools
