"""Which scanners run: asked for, allowed, and prepared."""

import difflib
import shutil
from collections.abc import Iterable, Mapping

import msgspec

from pavedroad.core.coverage import Coverage, CoverageStatus, ScanError
from pavedroad.core.errors import UsageError
from pavedroad.scanning.model import Preparation, Scanner, ScanSettings


class Planned(msgspec.Struct, frozen=True):
    """A scanner that will run, with its settings and cheap facts."""

    scanner: Scanner
    settings: ScanSettings
    preparation: Preparation


class Plan(msgspec.Struct, frozen=True):
    """The scanners that run, and coverage for those that do not."""

    planned: tuple[Planned, ...]
    left_out: tuple[Coverage, ...]


def check_kinds(names: Iterable[str], known: Iterable[str], option: str) -> None:
    """Raise UsageError for a kind that no scanner has."""
    kinds = sorted(set(known))
    for name in names:
        if name not in kinds:
            close = difflib.get_close_matches(name, kinds, 1)
            hint = f"did you mean '{close[0]}'?" if close else f"known kinds: {', '.join(kinds)}"
            raise UsageError(f"there is no kind '{name}' of finding", where=option, next_step=hint)


def make_plan(
    scanners: Mapping[str, Scanner],
    *,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    network: bool,
    settings: Mapping[str, ScanSettings],
) -> Plan:
    """Choose and prepare. Raises UsageError for unknown kinds and wrong scanner options."""
    kinds = {scanner.kind for scanner in scanners.values()}
    check_kinds(only, kinds, "--only")
    check_kinds(skip, kinds, "--skip")
    planned, left_out = [], []
    for name, scanner in scanners.items():
        if (only and scanner.kind not in only) or scanner.kind in skip:
            left_out.append(Coverage(scanner=name, kind=scanner.kind, status=CoverageStatus.SKIPPED))
        elif refusal := _refusal(scanner, network):
            left_out.append(Coverage(scanner=name, kind=scanner.kind, status=CoverageStatus.FAILED, errors=(refusal,)))
        else:
            planned.append(Planned(scanner, settings[name], scanner.prepare(settings[name])))
    return Plan(tuple(planned), tuple(left_out))


def _refusal(scanner: Scanner, network: bool) -> ScanError | None:
    """Why the engine may not run this scanner: it needs something that nobody allowed, or that is not there."""
    needs = scanner.needs
    if needs.network and not network:
        return ScanError(
            message=f"the scanner '{scanner.name}' needs the network, which is not allowed",
            next_step="allow it with 'network: true' in paved.yaml, or leave it out with --skip",
        )
    if needs.runs_target_code:
        return ScanError(
            message=f"the scanner '{scanner.name}' would run code of the project, which is not allowed",
            next_step=f"leave it out with --skip {scanner.kind}",
        )
    for program in needs.executables:
        if shutil.which(program) is None:
            return ScanError(
                message=f"the scanner '{scanner.name}' needs the program '{program}', which is not on PATH",
                next_step=f"install '{program}'; 'paved doctor' says how",
            )
    return None
