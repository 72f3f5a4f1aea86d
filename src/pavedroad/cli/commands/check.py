"""``paved check``: the gate, on a laptop, in a hook and in CI."""

import gc
from pathlib import Path

import click

from pavedroad.cli.app import EXIT_FAIL, EXIT_INCOMPLETE, EXIT_PASS
from pavedroad.core.errors import UsageError


def _names(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """``--only a,b --only c`` is ``(a, b, c)``."""
    return tuple(name.strip() for item in value for name in item.split(",") if name.strip())


@click.command(name="check")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--only", multiple=True, callback=_names, metavar="KIND,...", help="Look only for these kinds.")
@click.option("--skip", multiple=True, callback=_names, metavar="KIND,...", help="Leave these kinds out.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME",
    help="Report format; give it again for more, each with its -o.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="File for the --format of the same position; '-' is standard output.",
)
@click.option("--since", default="", metavar="REF", help="Gate only on what is new since REF (its merge base).")
@click.option("--staged", is_flag=True, help="Look at what is staged for commit, against HEAD.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Gate only on what a saved JSON run did not have.")
@click.option("--full", is_flag=True, help="In CI: look at the whole tree and compare with nothing.")
@click.option("--history", is_flag=True, help="Look also at the contents that past commits brought.")
@click.option("--image", default="", metavar="REF", help="Look at an image: a registry reference, oci:FOLDER, a tar.")
@click.option("--rootfs", type=click.Path(path_type=Path), metavar="DIR", help="Look at a root file system.")
@click.option("--sbom", type=click.Path(path_type=Path), metavar="FILE", help="Judge what a bill of materials lists.")
@click.option("--platform", default="", metavar="OS/ARCH", help="Which image of several; default: this machine's.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this file instead of paved.yaml.")
@click.option(
    "--vex",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Heed this VEX document (OpenVEX, CycloneDX or CSAF); give it again for more.",
)
@click.option("--no-cache", is_flag=True, help="Neither read nor write .paved/cache.")
@click.option("--network", is_flag=True, help="Allow scanners that declare it to use the network.")
@click.option("--exit-zero", is_flag=True, help="End with 0 whatever the verdict (reports tell it).")
@click.option("-v", "--verbose", is_flag=True, help="Say more: every finding, isolation, notes.")
@click.option("-q", "--quiet", is_flag=True, help="No progress display.")
def COMMAND(  # noqa: N802 - the plug-in's attribute; one parameter per option
    path: Path,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    since: str,
    staged: bool,
    baseline: Path | None,
    full: bool,
    history: bool,
    image: str,
    rootfs: Path | None,
    sbom: Path | None,
    platform: str,
    config: Path | None,
    vex: tuple[Path, ...],
    no_cache: bool,
    network: bool,
    exit_zero: bool,
    verbose: bool,
    quiet: bool,
) -> int:
    """Check a project and give a verdict: pass, fail or incomplete.

    Exit codes: 0 pass, 1 fail, 2 usage or configuration, 3 incomplete, 130 interrupted.
    Reports are written before the code is decided.
    """
    from pavedroad.cli.output import pair_outputs, write_reports
    from pavedroad.cli.progress import choose_progress
    from pavedroad.gate import CheckRequest, check

    if sum(map(bool, (since, staged, baseline, full))) > 1:
        raise UsageError(
            "--since, --staged, --baseline and --full choose the comparison, so at most one of them can be given",
            next_step="leave the others out",
        )
    wanted = pair_outputs(formats, outputs)
    request = CheckRequest(
        path=path,
        only=only,
        skip=skip,
        since=since,
        staged=staged,
        baseline=baseline,
        compare=not full,
        history=history,
        cache=not no_cache,
        network=network,
        image=image,
        rootfs=rootfs,
        sbom=sbom,
        platform=platform,
        config=config,
        vex=vex,
    )
    # A run makes a few long-lived records per file and no cycles worth hunting for; with Python's default thresholds
    # the collector walks all of them again and again.
    gc.set_threshold(200_000, 20, 100)
    with choose_progress(quiet=quiet) as progress:
        run = check(request, progress=progress)
    write_reports(run, wanted, path, verbose=verbose)
    return (
        EXIT_PASS
        if exit_zero
        else {"pass": EXIT_PASS, "fail": EXIT_FAIL}.get(run.verdict.outcome.value, EXIT_INCOMPLETE)
    )
