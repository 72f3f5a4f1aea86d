"""What the advisory database costs: import per record and look-up per component, as ratios to named baselines.

    python benchmarks/advisories.py [--source DIR] [--records N] [--components N]

``--source`` is a folder in the OSV bulk layout; without it 14,000 invented records are written. ``--records`` makes N
records of those, under other ids and package names. Each import runs in a process of its own, whose peak memory is
told. Baselines: reading every record of the same archives with the standard library's zipfile and json, and an empty
SQL query on the same database. The promise is 10,000 components looked up in under a second; the script ends with 1
when it is broken.
"""

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pavedroad.advisories import Database, examine, scheme

PROMISE = 1.0
ECOSYSTEMS = ("PyPI", "npm", "Go", "crates.io")


def timed(work: Callable[[], Any]) -> float:
    """Wall-clock seconds of one run."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def invent(base: Path, count: int) -> Path:
    """``count`` records spread over four ecosystems, about 2 KB each."""
    for ecosystem in ECOSYSTEMS:
        folder = base / ecosystem
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(count // len(ECOSYSTEMS)):
                name = f"BENCH-{ecosystem}-{number}"
                package = {"ecosystem": ecosystem, "name": f"package-{number // 3}"}
                span = {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": f"1.{number % 9}.0"}]}
                record = {
                    "id": name,
                    "modified": "2026-01-01T00:00:00Z",
                    "summary": "An invented flaw",
                    "details": "words of no meaning " * 80,
                    "affected": [{"package": package, "ranges": [span], "versions": [f"0.{i}.0" for i in range(40)]}],
                }
                archive.writestr(f"{name}.json", json.dumps(record))
    return base


def multiply(source: Path, base: Path, count: int) -> Path:
    """``count`` records made of those in ``source``: the same texts under other ids, in as many packages."""
    archives = sorted(source.glob("*/all.zip"))
    raw = [(path.parent.name, name, content) for path in archives for name, content in _entries(path)]
    rounds = -(-count // len(raw))
    for ecosystem in {each[0] for each in raw}:
        (base / ecosystem).mkdir(parents=True)
        with zipfile.ZipFile(base / ecosystem / "all.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
            for turn in range(rounds):
                for _, _name, content in (each for each in raw if each[0] == ecosystem):
                    record = json.loads(content)
                    record["id"] = f"{record['id']}-{turn}"
                    record["aliases"] = [f"{alias}-{turn}" for alias in record.get("aliases") or ()]
                    for affected in record.get("affected") or ():
                        if "package" in affected:
                            affected["package"]["name"] += f"-{turn}"
                    out.writestr(f"{record['id']}.json", json.dumps(record))
    return base


def _entries(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def change_one(base: Path) -> None:
    """One record of one ecosystem gets other words."""
    path = max(base.glob("*/all.zip"), key=lambda each: each.stat().st_size)
    fresh = path.with_suffix(".new")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for number, info in enumerate(old.infolist()):
            content = old.read(info)
            new.writestr(info.filename, content.replace(b'"id"', b'"x": 1, "id"', 1) if number == 0 else content)
    fresh.replace(path)


IMPORT = """
import resource, sys, time
from pathlib import Path
from pavedroad.advisories.update import update
from pavedroad.advisories.sources import FolderSource
from pavedroad.core.clock import SystemClock
started = time.perf_counter()
update(FolderSource(Path(sys.argv[1])), Path(sys.argv[2]), clock=SystemClock())
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def imported(base: Path, target: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one update in a process of its own."""
    command = [sys.executable, "-c", IMPORT, str(base), str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def read_plainly(base: Path) -> int:
    """The baseline of the import: unzip and parse everything, keep nothing."""
    count = 0
    for path in base.glob("*/all.zip"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                json.loads(archive.read(name))
                count += 1
    return count


def components(path: Path, count: int) -> list[tuple[str, str]]:
    """Half of them known to the database, half not, as a generous guess at a bad project."""
    connection = sqlite3.connect(path)
    marks = ",".join("?" * len(ECOSYSTEMS))
    query = f"SELECT DISTINCT ecosystem, name FROM affected WHERE ecosystem IN ({marks})"  # noqa: S608 - marks only
    known = [(str(ecosystem), str(name)) for ecosystem, name in connection.execute(query, ECOSYSTEMS)]
    connection.close()
    chance = random.Random(7)  # noqa: S311 - the same components each time
    half = [chance.choice(known) for _ in range(count // 2)]
    return half + [(ecosystem, f"{name}-unknown") for ecosystem, name in half]


def judge_all(path: Path, wanted: list[tuple[str, str]]) -> int:
    """Look up and judge every component once, as a scan does."""
    flaws = 0
    with Database.open(path) as database:
        for ecosystem, name in wanted:
            rules = scheme(ecosystem)
            found = database.lookup(ecosystem, name)
            if found and rules:
                flaws += len(examine(found, "1.0.0", rules).flaws)
    return flaws


def look_up_all(path: Path, wanted: list[tuple[str, str]]) -> None:
    """Look up every component, judge none."""
    with Database.open(path) as database:
        for ecosystem, name in wanted:
            database.lookup(ecosystem, name)


def empty_queries(path: Path, count: int) -> None:
    """The baseline of the look-up: the least that SQLite can be asked, as often."""
    connection = sqlite3.connect(path)
    for _ in range(count):
        connection.execute("SELECT 1").fetchall()
    connection.close()


def main() -> int:
    """Print the figures; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", type=Path, help="a folder in the OSV bulk layout")
    parser.add_argument("--records", type=int, default=0, help="make this many records of those in the source")
    parser.add_argument("--components", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = options.source or invent(Path(folder) / "source", 14_000)
        if options.records:
            base = multiply(base, Path(folder) / "many", options.records)
        target = Path(folder) / "osv.sqlite3"
        plain = timed(lambda: print(f"{read_plainly(base)} records"))
        built, peak = imported(base, target)
        size = target.stat().st_size / 2**20
        print(f"import            {built:7.2f} s   {built / plain:6.2f} times zipfile and json alone ({plain:.2f} s)")
        print(f"                  {peak:7.0f} MiB peak; file {size:.1f} MiB")
        same, _ = imported(base, target)
        print(f"nothing changed   {same:7.2f} s   {same / built:6.3f} times the first import")
        if options.records or not options.source:
            change_one(base)
            one, peak = imported(base, target)
            delta = target.with_name(target.name + ".delta").stat().st_size / 2**20
            print(
                f"one record changed{one:7.2f} s   {one / built:6.3f} times; {peak:.0f} MiB peak; delta {delta:.2f} MiB"
            )
        wanted = components(target, options.components)
        empty = timed(lambda: empty_queries(target, len(wanted)))
        found = timed(lambda: look_up_all(target, wanted))
        judged = timed(lambda: print(f"{judge_all(target, wanted)} flaws in {len(wanted)} components"))
    print(f"look up           {found:7.2f} s   {found / empty:6.1f} times as many empty queries ({empty:.2f} s)")
    print(f"look up and judge {judged:7.2f} s   {judged / found:6.1f} times the look-up alone")
    print(f"\nlooking up {len(wanted)} components takes {found:.2f} s; promised for 10000: under {PROMISE:.0f} s")
    return 0 if found < PROMISE else 1


if __name__ == "__main__":
    sys.exit(main())
