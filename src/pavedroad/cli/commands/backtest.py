"""``paved backtest``: how well decision tables and simple strategies would have chosen, judged by later KEV entries."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pavedroad.cli.app import EXIT_PASS

if TYPE_CHECKING:
    from pavedroad.core.run import Run
    from pavedroad.priority.tables import Table

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path, dir_okay=False)
_MAX_RUN_BYTES = 512 << 20


@click.command(name="backtest")
@click.option(
    "--kev", metavar="FILE", type=_FILE, required=True, help="The KEV catalogue, as CISA publishes it (JSON)."
)
@click.option(
    "--epss",
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="EPSS scores of the day (CSV or CSV.gz), or a folder of daily files.",
)
@click.option(
    "--vectors",
    metavar="FILE",
    type=_FILE,
    help="CSV with the columns cve and vector; published, exploitation, automatable, technical_impact if known.",
)
@click.option("--findings", metavar="FILE", type=_FILE, help="A saved run: judge only the CVEs of its findings.")
@click.option("--at", metavar="DATE", type=_DAY, required=True, help="The day on which strategies choose: 2025-01-31.")
@click.option("--until", metavar="DATE", type=_DAY, help="The last day that counts. Default: the catalogue's own date.")
@click.option(
    "--table", "tables", metavar="NAME|FILE", multiple=True, help="Only this decision table, or a CSV of your own."
)
@click.option("--epss-cut", "cuts", type=click.FloatRange(0, 1), multiple=True, help="A cut-off of EPSS to judge.")
@click.option(
    "--exposure",
    type=click.Choice(["isolated", "internal", "partner", "internet"]),
    help="Where the assets stand, for the tables. Default: not known, taken as internet.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="What is printed.")
@click.option("--chart", metavar="FILE", type=_FILE, help="Write a chart: .html with the figures, or .svg alone.")
def COMMAND(  # noqa: N802 - the plug-in's attribute; each option is one argument
    kev: Path,
    epss: Path | None,
    vectors: Path | None,
    findings: Path | None,
    at: datetime,
    until: datetime | None,
    tables: tuple[str, ...],
    cuts: tuple[float, ...],
    exposure: str | None,
    form: str,
    chart: Path | None,
) -> int:
    """Measure effort, coverage and efficiency of each decision table against what was exploited later.

    Takes dated snapshots of KEV and EPSS. Nothing is downloaded.
    """
    from pavedroad.core.asset import AssetFacts
    from pavedroad.core.errors import UsageError
    from pavedroad.infra.files import write_out
    from pavedroad.priority import backtest, snapshots
    from pavedroad.priority.backtestreport import as_html, as_json, as_svg, as_table

    if chart is not None and chart.suffix.lower() not in (".html", ".svg"):
        raise UsageError("a chart is .html or .svg", where=str(chart), next_step="give the file one of these endings")
    day = at.date()
    catalogue = snapshots.read_kev(kev)
    saved = _load(findings) if findings else None
    inputs = backtest.Inputs(
        kev=catalogue,
        epss=snapshots.read_epss(epss, day) if epss else None,
        vectors=backtest.with_findings(snapshots.read_vectors(vectors) if vectors else None, saved),
        only=backtest.cves_of(saved),
    )
    if inputs.epss is None and inputs.vectors is None:
        raise UsageError(
            "there is nothing to choose from", next_step="give --epss, --vectors or --findings, whatever you have"
        )
    found = backtest.run(
        inputs,
        day,
        _last_day(until, catalogue.released, day),
        _tables(tables),
        AssetFacts(exposure=exposure),
        cuts or backtest.CUTS,
    )
    click.echo(as_json(found) if form == "json" else as_table(found))
    if chart is not None:
        write_out(chart, (as_html(found) if chart.suffix.lower() == ".html" else as_svg(found)).encode())
        click.echo(f"paved: chart: {chart}", err=True)
    return EXIT_PASS


def _last_day(until: datetime | None, released: date | None, at: date) -> date:
    """Raises UsageError when the period is empty or unknown."""
    from pavedroad.core.errors import UsageError

    last = until.date() if until else released
    if last is None:
        raise UsageError("the catalogue has no date", next_step="say --until DATE")
    if last <= at:
        raise UsageError(
            f"nothing can be judged: the last day is {last} and strategies choose on {at}",
            next_step="choose an earlier --at, a later --until, or a newer catalogue",
        )
    return last


def _tables(names: tuple[str, ...]) -> "list[Table]":
    from pavedroad.priority import load, table_names

    return [
        load("", Path(name)) if name.lower().endswith(".csv") else load(name)
        for name in dict.fromkeys(names or table_names())
    ]


def _load(path: Path) -> "Run":
    from pavedroad.core.errors import PavedError, UsageError
    from pavedroad.infra.files import read_file
    from pavedroad.reports import load_run

    content = read_file(path, _MAX_RUN_BYTES, special=True)
    if content is None:
        raise UsageError("there is no such file", where=str(path), next_step="paved check --format json -o FILE")
    try:
        return load_run(content, where=str(path))
    except PavedError as error:
        raise UsageError(error.what, where=error.where, next_step=error.next_step) from error
