"""What `paved` costs before it does anything, as a ratio to a bare interpreter of the same environment.

    python benchmarks/startup.py [--rounds N]

Programs are started in turn, so that a busy machine slows all of them alike; medians are compared. The promise is
`paved --version` at most 5 times `python -c pass`; the script ends with 1 when it is broken.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PROMISE = 5.0
PAVED = str(Path(sys.executable).with_name("paved"))
BASELINE = "python -c pass"
PROGRAMS: dict[str, Sequence[str]] = {
    BASELINE: (sys.executable, "-c", "pass"),
    "paved --version": (PAVED, "--version"),
    "paved --help": (PAVED, "--help"),
    "paved check --help": (PAVED, "check", "--help"),
}


def seconds(command: Sequence[str]) -> float:
    """Wall-clock seconds of one run, output thrown away."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    return time.perf_counter() - started


def medians(rounds: int) -> dict[str, float]:
    """The median time of every program in seconds, after one round that only warms caches."""
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for number in range(rounds + 1):
        for name, command in PROGRAMS.items():
            spent = seconds(command)
            if number:
                taken[name].append(spent)
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> int:
    """Print the ratios; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=21, help="runs of each program (default 21)")
    found = medians(parser.parse_args().rounds)
    print(f"{'program':22} {'median':>8} {'ratio':>6}")
    for name, value in found.items():
        print(f"{name:22} {value * 1000:6.1f}ms {value / found[BASELINE]:6.2f}")
    ratio = found["paved --version"] / found[BASELINE]
    kept = ratio <= PROMISE
    print(f"\n'paved --version' takes {ratio:.2f} times a bare interpreter; promised: at most {PROMISE:.0f}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
