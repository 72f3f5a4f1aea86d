"""How much a second run and a run on one change cost, against the first run on the same tree.

    python benchmarks/check_runs.py TREE [--rounds 3]

TREE is copied, made a git repository, and checked for secrets: cold (no results cached; the rules are compiled before,
as they are after the first run on a machine), again with nothing changed, and with one file changed under ``--since``.
Prints ratios of the best of several rounds to the best cold run, and peak memory. Targets: second run at most 0.1, one
changed file at most 0.15, under 1 GB on a tree of 500 MB.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_GIT = ("git", "-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.invalid", "-c", "gc.auto=0")


def run(root: Path, *arguments: str, env: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak memory (MB, the largest process) of one check."""
    argv = [sys.executable, "-m", "pavedroad", "check", str(root), "--only", "secrets", "-q", "--exit-zero", *arguments]
    began = time.monotonic()
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, check=False)
    if done.returncode != 0:
        raise SystemExit(f"paved check ended with {done.returncode}: {done.stderr.decode()}")
    return time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def prepare(tree: Path, root: Path) -> int:
    """Copy the tree, commit it, and give its size in bytes."""
    shutil.copytree(tree, root, symlinks=True, ignore=shutil.ignore_patterns(".git", ".paved"))
    for step in (("init", "-q"), ("add", "-A", "-f"), ("commit", "-q", "-m", "tree")):
        subprocess.run([*_GIT, "-C", str(root), *step], check=True, stdout=subprocess.DEVNULL)
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)


def change_one(root: Path, number: int) -> None:
    """Add a line to one tracked text file, another one each time."""
    listed = subprocess.run([*_GIT, "-C", str(root), "ls-files", "-z"], check=True, capture_output=True).stdout
    names = [n for n in listed.split(b"\0") if n.endswith((b".py", b".c", b".js", b".txt", b".md"))]
    subprocess.run([*_GIT, "-C", str(root), "checkout", "-q", "--", "."], check=True)
    name = names[number * 7]
    with (root / os.fsdecode(name)).open("a", encoding="utf-8") as stream:
        stream.write("\n# one more line\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("tree", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    tree = given.tree
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "tree"
        size = prepare(tree, root)
        env = {**os.environ, "CI": "", "PAVED_CACHE_DIR": str(Path(scratch) / "user")}
        (Path(scratch) / "warm-up").mkdir()
        (Path(scratch) / "warm-up" / "a.txt").write_text("x\n")
        run(Path(scratch) / "warm-up", env=env)
        colds, warms, sinces, fresh_ones = [], [], [], []
        for number in range(given.rounds):
            shutil.rmtree(root / ".paved", ignore_errors=True)
            cold, memory = run(root, env=env)
            colds.append(cold)
            # Files are "racy" for two seconds after they change; a person's second run comes later than that.
            run(root, env=env)
            warms.append(run(root, env=env)[0])
            change_one(root, number)
            sinces.append(run(root, "--since", "HEAD", env=env)[0])
            fresh_ones.append(run(root, "--since", "HEAD", "--no-cache", env=env)[0])
        cold, warm, since, fresh = min(colds), min(warms), min(sinces), min(fresh_ones)
    print(f"tree: {size / 1e6:.0f} MB; first run {cold:.2f} s, {size / 1e6 / cold:.0f} MB/s")
    print(f"second run, nothing changed:    {warm / cold:.3f} of the first ({warm:.2f} s)")
    print(f"--since, one file changed:      {since / cold:.3f} of the first ({since:.2f} s)")
    print(f"--since, one file, no cache:    {fresh / cold:.3f} of the first ({fresh:.2f} s)")
    print(f"peak memory of one process:     {memory:.0f} MB")


if __name__ == "__main__":
    main()
