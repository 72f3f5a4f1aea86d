"""What a run leaves behind in ``.paved/cache``: the last run, and when each finding was first seen."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from pavedroad.core.finding import Finding
from pavedroad.core.run import Run
from pavedroad.infra.errors import FileError
from pavedroad.infra.files import locked, read_file, write_atomic
from pavedroad.reports import dump_run

LAST_RUN = "last-run.json"
_SEEN = "seen.json"
_MAX_SEEN_BYTES = 64 << 20
_FORGET_AFTER = timedelta(days=400)


class Sighting(msgspec.Struct, frozen=True, array_like=True):
    """First and latest time a fingerprint was reported here."""

    first: datetime
    last: datetime


_DECODE_SEEN = msgspec.json.Decoder(dict[str, Sighting])


def read_seen(folder: Path) -> dict[str, Sighting]:
    """Sightings by fingerprint; empty when there are none, or none that can be read."""
    try:
        content = read_file(folder / _SEEN, _MAX_SEEN_BYTES)
        return _DECODE_SEEN.decode(content) if content else {}
    except (FileError, msgspec.DecodeError):
        return {}


def remember(folder: Path, run: Run, findings: Iterable[Finding], at: datetime) -> None:
    """Save the run and the sightings. Raises FileError (full disk, no permission); the verdict stands all the same."""
    write_atomic(folder / LAST_RUN, dump_run(run))
    with locked(folder / ".seen.lock"):
        seen = read_seen(folder)
        for finding in findings:
            known = seen.get(finding.fingerprint)
            seen[finding.fingerprint] = Sighting(known.first if known else at, at)
        kept = {mark: sighting for mark, sighting in seen.items() if at - sighting.last < _FORGET_AFTER}
        write_atomic(folder / _SEEN, msgspec.json.encode(kept))
