"""How many known secrets the scanner finds in trees of others, and how often it cries wolf there.

    python benchmarks/secrets_corpora.py FOLDER --labels LABELS.tsv            # recall and false alarms
    python benchmarks/secrets_corpora.py FOLDER --labels LABELS.tsv --neutral  # without what the paths tell
    python benchmarks/secrets_corpora.py FOLDER --list                         # every finding, to label by hand

The labels are lines of three fields with tabs between them: path under FOLDER, line, ``real`` or ``not``.
A ``real`` line counts as found when a finding stands on it; as *sure* with medium or high confidence, which
gates by default. Every sure finding on another line is a false alarm, whether it is labelled ``not`` or not at
all; those without a label are counted apart, so that nobody takes an unlabelled tree for a measured one.

``--neutral`` scans each file under a path that does not say that it is a test, a sample or documentation: the
test data of other scanners lies in such folders, where findings are lowered on purpose.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from secrets_accuracy import tree_files  # type: ignore[import-not-found]  # it lies next to this script

from pavedroad.core.severity import Confidence
from pavedroad.scanning.model import Blob, ScanSettings, Session
from pavedroad.scanning.scanners.secrets import SCANNER
from pavedroad.scanning.scanners.secrets.files import place_of

Line = tuple[str, int]
_PER = 5e6  # bytes: false alarms are counted per 5 MB


class Hit(NamedTuple):
    """The surest finding of one line."""

    confidence: Confidence
    rule: str
    shown: str


def read_labels(file: Path) -> dict[Line, bool]:
    """(path, line) -> whether it is a real secret. Raises SystemExit for a line that is no label."""
    labels: dict[Line, bool] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) < 3 or not fields[1].isdigit() or fields[2] not in ("real", "not"):
            raise SystemExit(
                f"{file}:{number}: no label; write path, line, and 'real' or 'not', with tabs between them"
            )
        labels[fields[0], int(fields[1])] = fields[2] == "real"
    return labels


def neutral(path: str) -> str:
    """A path that keeps the name and its ending, but says nothing about tests, samples or documentation."""
    name = PurePosixPath(path).name
    for plain in (f"src/{name}", f"src/file{PurePosixPath(name).suffix}"):
        place = place_of(plain)
        if not (place.test or place.sample or place.doc):
            return plain
    return "src/file.txt"


def scan(session: Session, root: Path, rename: Callable[[str], str]) -> tuple[dict[Line, Hit], int]:
    """The surest finding of each line, and the bytes looked at."""

    def one(file: Path) -> tuple[dict[Line, Hit], int]:
        path, content = file.relative_to(root).as_posix(), file.read_bytes()
        hits: dict[Line, Hit] = {}
        for observation in session.scan(Blob(path=rename(path), content=content)).observations:
            finding = observation.finding
            line = finding.location.region.start_line if finding.location.region else 0
            shown = finding.location.snippet.text.strip() if finding.location.snippet else ""
            hit = Hit(finding.confidence, finding.rule, shown)
            if (path, line) not in hits or hits[path, line].confidence < hit.confidence:
                hits[path, line] = hit
        return hits, len(content)

    found: dict[Line, Hit] = {}
    size = 0
    with ThreadPoolExecutor(2) as pool:
        for hits, length in pool.map(one, tree_files(root)):
            found |= hits
            size += length
    return found, size


def report(name: str, hits: dict[Line, Hit], size: int, labels: dict[Line, bool], *, verbose: bool) -> None:
    """Print recall at any and at gating confidence, and the false alarms."""
    sure = {line for line, hit in hits.items() if hit.confidence >= Confidence.MEDIUM}
    real = {line for line, is_real in labels.items() if is_real}
    if real:
        found, firm = real & hits.keys(), real & sure
        print(
            f"{name}: {len(real)} real secrets; sure {len(firm)} ({len(firm) / len(real):.1%}), "
            f"at any confidence {len(found)} ({len(found) / len(real):.1%})"
        )
    alarms = sure - real
    print(
        f"{name}: {len(alarms)} false alarms in {size / 1e6:.1f} MB "
        f"= {len(alarms) / max(size / _PER, 1e-9):.2f} per 5 MB; {len(alarms - labels.keys())} of them have no label"
    )
    if verbose:
        for path, line in sorted(real - sure):
            print(f"  {'unsure' if (path, line) in hits else 'missed'}: {path}:{line}")
        for path, line in sorted(alarms):
            print(f"  false alarm: {path}:{line} {hits[path, line].rule}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--neutral", action="store_true", help="hide what the paths tell")
    parser.add_argument("--list", action="store_true", help="print every finding with its masked line")
    parser.add_argument("-v", "--verbose", action="store_true")
    chosen = parser.parse_args()
    labels = read_labels(chosen.labels) if chosen.labels else {}
    with tempfile.TemporaryDirectory() as cache:
        session = SCANNER.open(ScanSettings(key=b"benchmark" * 4, user_cache=cache, data=cache))
        hits, size = scan(session, chosen.folder, neutral if chosen.neutral else str)
    report(chosen.folder.name, hits, size, labels, verbose=chosen.verbose)
    if chosen.list:
        for (path, line), hit in sorted(hits.items()):
            print(f"{path}\t{line}\t{hit.confidence.value}\t{hit.rule}\t{hit.shown[:200]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
