"""``paved doctor``: what is missing on this machine and in this project, and how to get it."""

from pathlib import Path

import click

from pavedroad.cli.app import EXIT_INCOMPLETE, EXIT_PASS


@click.command(name="doctor")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object: checks, and whether everything needed is there."
)
def doctor(path: Path, as_json: bool) -> int:
    """Say what is missing and how to get it. Changes nothing; ends with 3 when something needed is missing."""
    import msgspec

    from pavedroad.cli.doctor import Answer, Check, Patient, State
    from pavedroad.core.clock import SystemClock
    from pavedroad.core.errors import PavedError
    from pavedroad.infra.plugins import registry

    def ask(check: Check) -> Answer:
        try:
            return check.look(patient)
        except PavedError as error:
            where = f"{error.where}: " if error.where else ""
            return Answer(state=State.WRONG, sentence=f"{where}{error.what}", next_step=error.next_step)

    patient = Patient(path, SystemClock())
    checks = registry("pavedroad.cli.doctor", "CHECK")
    answers = {name: ask(check) for name, check in checks.items()}
    ready = not any(answer.state.stops for answer in answers.values())
    if as_json:
        rows = [
            {"name": name, "title": checks[name].title, **msgspec.structs.asdict(answer)}
            for name, answer in answers.items()
        ]
        click.echo(msgspec.json.format(msgspec.json.encode({"ready": ready, "checks": rows}), indent=2).decode())
    else:
        for name, answer in answers.items():
            click.echo(f"{answer.state.value:8} {checks[name].title:20} {answer.sentence}")
            if answer.next_step:
                click.echo(f"{'':8} next: {answer.next_step}")
        click.echo("\nready" if ready else "\nnot ready: paved check would be incomplete or stop")
    return EXIT_PASS if ready else EXIT_INCOMPLETE


COMMAND = doctor
