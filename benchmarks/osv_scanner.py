"""Time and answers of the dependencies scanner against osv-scanner, offline, on the same advisories and lock files.

    python benchmarks/osv_scanner.py --peer osv-scanner --source DIR [--packages 5000]

DIR has the public OSV layout (``<ecosystem>/all.zip``). Lock files of npm, PyPI and crates.io are made from the names
in it, half of them with versions that records speak about, half with names of no record. Prints the ratio of the times
of whole runs (best of three; our result cache is off) and the pairs of package and flaw on which the two differ.
Target: at most half of osv-scanner's time.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ECOSYSTEMS = ("npm", "PyPI", "crates.io")
SEED = 20261124


def versions(source: Path, ecosystem: str) -> Iterator[tuple[str, str]]:
    """Name and one version that some record speaks about."""
    with zipfile.ZipFile(source / ecosystem / "all.zip") as archive:
        for name in sorted(archive.namelist()):
            record = json.loads(archive.read(name))
            for affected in record.get("affected", []):
                package = affected.get("package", {})
                found = _version(affected)
                if package.get("ecosystem") == ecosystem and found:
                    yield package["name"], found


def _version(affected: dict[str, Any]) -> str:
    for span in affected.get("ranges", []):
        for event in span.get("events", []):
            text = event.get("fixed") or event.get("last_affected") or ""
            if text[:1].isdigit() and text.replace(".", "").isdigit():
                return str(text)
    return next(iter(affected.get("versions") or []), "")


def chosen(source: Path, ecosystem: str, count: int, draw: random.Random) -> dict[str, str]:
    """Packages by name: half from records, with their fixed version or one patch below it."""
    known = dict(versions(source, ecosystem))
    names = draw.sample(sorted(known), min(len(known), count // 2))
    packages = {name: _near(known[name], draw) for name in names}
    for number in range(count - len(packages)):
        packages[f"plain-package-{number}"] = f"{draw.randint(0, 9)}.{draw.randint(0, 30)}.{draw.randint(0, 9)}"
    return packages


def _near(version: str, draw: random.Random) -> str:
    parts = version.split(".")
    if draw.random() < 0.5 and parts[-1].isdigit() and int(parts[-1]) > 0:
        parts[-1] = str(int(parts[-1]) - 1)
    while len(parts) < 3:
        parts.append("0")
    return ".".join(parts)


def write(root: Path, ecosystem: str, packages: dict[str, str]) -> None:
    """A lock file of the ecosystem."""
    root.mkdir(parents=True)
    if ecosystem == "npm":
        listed = {f"node_modules/{name}": {"version": version} for name, version in packages.items()}
        document = {"name": "b", "lockfileVersion": 3, "packages": {"": {"name": "b"}, **listed}}
        (root / "package-lock.json").write_text(json.dumps(document, indent=1))
    elif ecosystem == "PyPI":
        (root / "requirements.txt").write_text("".join(f"{name}=={version}\n" for name, version in packages.items()))
    else:
        entries = "".join(
            f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = "registry"\n\n'
            for name, version in packages.items()
        )
        (root / "Cargo.lock").write_text(f"version = 3\n\n{entries}")


def timed(argv: list[str], env: dict[str, str], good: tuple[int, ...]) -> tuple[float, bytes]:
    """Seconds and standard output of the best of three runs."""
    best, out = 1e9, b""
    for _ in range(3):
        began = time.monotonic()
        done = subprocess.run(argv, capture_output=True, env=env, check=False)
        best, out = min(best, time.monotonic() - began), done.stdout
        if done.returncode not in good:
            raise SystemExit(f"{argv[0]} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return best, out


def ours(report: Path) -> set[tuple[str, str]]:
    """(package, any name of the flaw) of a saved run, each flaw under all its names."""
    run = json.loads(report.read_text())
    pairs = set()
    for each in run["findings"]:
        finding = each["finding"]
        if finding.get("component"):
            pairs |= {(finding["component"]["name"].lower(), name) for name in finding.get("aliases", ())}
    return pairs


def theirs(out: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(package, names of one flaw) of osv-scanner's JSON."""
    for result in json.loads(out)["results"]:
        for package in result["packages"]:
            for group in package.get("groups", ()):
                yield package["package"]["name"].lower(), (*group["ids"], *(group.get("aliases") or ()))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer", default="osv-scanner")
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--packages", type=int, default=5000)
    given = parser.parse_args()
    draw = random.Random(SEED)  # noqa: S311 - the same packages each time
    with tempfile.TemporaryDirectory() as scratch:
        root, data = Path(scratch) / "tree", Path(scratch) / "data"
        for ecosystem in ECOSYSTEMS:
            packages = chosen(given.source, ecosystem, given.packages // len(ECOSYSTEMS), draw)
            write(root / ecosystem, ecosystem, packages)
        env = {**os.environ, "PAVED_DATA_DIR": str(data), "CI": ""}
        update = ["advisories", "update", "--source", str(given.source)]
        for ecosystem in ECOSYSTEMS:
            update += ["--ecosystem", ecosystem]
        subprocess.run([sys.executable, "-m", "pavedroad", *update], check=True, capture_output=True, env=env)
        peer_data = Path(scratch) / "peer" / "osv-scanner"
        for ecosystem in ECOSYSTEMS:
            (peer_data / ecosystem).mkdir(parents=True)
            (peer_data / ecosystem / "all.zip").write_bytes((given.source / ecosystem / "all.zip").read_bytes())
        report = Path(scratch) / "run.json"
        check = ["check", str(root), "--only", "dependencies", "--no-cache", "-q", "--exit-zero"]
        mine, _ = timed([sys.executable, "-m", "pavedroad", *check, "--format", "json", "-o", str(report)], env, (0,))
        peer_env = {**os.environ, "OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY": str(peer_data.parent)}
        peer_argv = [given.peer, "scan", "source", "--offline-vulnerabilities", "--format", "json", "-r", str(root)]
        peer, out = timed(peer_argv, peer_env, (0, 1))
        found, groups = ours(report), list(theirs(out))
    missed = [(name, ids) for name, ids in groups if not any((name, each) in found for each in ids)]
    known = {(name, each) for name, ids in groups for each in ids}
    extra = {
        pair for pair in found if pair not in known and not any((pair[0], n) in known for p, n in found if p == pair[0])
    }
    print(f"{given.packages} packages: ours {mine:.2f} s, osv-scanner {peer:.2f} s, ratio {mine / peer:.2f}")
    more = len({package for package, _ in extra})
    print(f"flaws of osv-scanner: {len(groups)}; not found by us: {len(missed)}; packages only we report: {more}")
    for name, ids in missed[:20]:
        print("  only osv-scanner:", name, *ids[:3])
    for name, each in sorted(extra)[:20]:
        print("  only ours:", name, each)


if __name__ == "__main__":
    main()
