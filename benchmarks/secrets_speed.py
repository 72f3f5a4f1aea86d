"""Throughput of the secrets scanner against the ``kingfisher`` program on the same tree.

    python benchmarks/secrets_speed.py TREE [--kingfisher PROGRAM] [--rounds N]

Prints the ratio of throughputs, ours to theirs, for two threads that read and scan every file. Rounds alternate between
the two, the best of each counts: other work on the machine slows both. *Whole* is start to end, as a user waits for it;
*steady* leaves the start-up of both out (theirs: its time on an empty folder). The program runs with --no-validate and
--no-update-check, so that neither side uses the network. The file is not called secrets.py: that would hide the module
of the standard library from every script beside it.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pavedroad.scanning.model import Blob, ScanSettings, Session
from pavedroad.scanning.scanners.secrets import SCANNER


def _open(cache: str) -> tuple[Session, float]:
    begin = time.perf_counter()
    session = SCANNER.open(ScanSettings(key=b"benchmark" * 4, user_cache=cache, data=cache))
    return session, time.perf_counter() - begin


def _files(tree: Path) -> list[tuple[str, str, int]]:
    """(absolute path, path under the tree, size) of every file that the scanner wants, as a plan of a run has them."""
    found = ((file, file.relative_to(tree).as_posix()) for file in tree.rglob("*") if not file.is_symlink())
    sized = [(str(file), path, file.stat().st_size) for file, path in found if file.is_file()]
    return [item for item in sized if SCANNER.selects(item[1], item[2])]


def _ours(session: Session, files: list[tuple[str, str, int]]) -> tuple[float, int]:
    """Two threads take the next file from one list; a future for each file would cost more than a small file's scan."""
    queue = iter(files)
    found = [0, 0]

    def work(thread: int) -> None:
        for file, path, size in queue:  # a list iterator hands out each item once, whichever thread asks
            handle = os.open(file, os.O_RDONLY)
            try:
                content = os.read(handle, size)
            finally:
                os.close(handle)
            found[thread] += len(session.scan(Blob(path=path, content=content)).observations)

    begin = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (0, 1)))
    return time.perf_counter() - begin, sum(found)


def _theirs(program: str, tree: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [program, "scan", str(tree), "--no-validate", "--no-update-check", "--git-history", "none"]
        begin = time.perf_counter()
        done = subprocess.run(
            [*command, "--confidence", "low", "--format", "json", "-o", str(report)], capture_output=True, check=False
        )
        seconds = time.perf_counter() - begin
    if done.returncode not in (0, 200, 205):
        sys.exit(f"kingfisher ended with {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}")
    return seconds


def _report(size: float, ours: float, opening: float, theirs: float, idle: float) -> None:
    steady = max(theirs - idle, 1e-6)
    print(f"kingfisher: {theirs:.2f} s whole, {steady:.2f} s steady")
    print(f"ratio of throughput, whole:  {theirs / (ours + opening):.2f}   ({size / (ours + opening):.0f} MB/s)")
    print(f"ratio of throughput, steady: {steady / ours:.2f}   ({size / ours:.0f} MB/s)")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--kingfisher", default=shutil.which("kingfisher"), help="the program (PyPI: kingfisher-bin)")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    files = _files(chosen.tree)
    size = sum(item[2] for item in files) / 1e6
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "empty.txt").write_text("nothing\n")
        cold = _open(cache)[1]
        session, opening = _open(cache)
        ours, theirs, idle, count = 1e9, 1e9, 1e9, 0
        for _ in range(chosen.rounds):
            seconds, count = _ours(session, files)
            ours = min(ours, seconds)
            if chosen.kingfisher:
                theirs = min(theirs, _theirs(chosen.kingfisher, chosen.tree))
                idle = min(idle, _theirs(chosen.kingfisher, Path(empty)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(files)} files, {size:.1f} MB, {count} findings; "
        f"ours {ours:.2f} s, opening {opening:.2f} s (cold {cold:.2f} s)"
    )
    print(f"peak memory {peak:.0f} MiB")
    if chosen.kingfisher:
        _report(size, ours, opening, theirs, idle)
    else:
        print("the program 'kingfisher' is absent: no ratio (install kingfisher-bin in an environment of its own)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
