"""How many planted secrets the scanner finds, and how often it cries wolf.

    python benchmarks/secrets_accuracy.py                 # both planted trees
    python benchmarks/secrets_accuracy.py TREE [TREE...]  # false alarms per 5 MB on trees that hold no real secrets

Two planted trees are made from a seed: ``development``, looked at while writing the detectors, and ``held-out``,
written once afterwards. A planted secret counts as found when a finding stands on its line; as *sure* with medium or
high confidence. Decoys are placeholders, references, public values and hashes; a medium or high finding on a
decoy's line is a false alarm. Every secret is random: none was ever valid.
"""

import argparse
import base64
import random
import re
import string
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from secrets_plants import DEVELOPMENT, HELD_OUT  # type: ignore[import-not-found]  # it lies next to this script

from pavedroad.core.severity import Confidence
from pavedroad.scanning.model import Blob, FileResult, ScanSettings, Session
from pavedroad.scanning.scanners.secrets import SCANNER

_MARK = re.compile(r"⟦(\w+)⟧")
_LETTERS = string.ascii_letters + string.digits
_WORDS = (
    "Tulip",
    "Falcon",
    "Gravel",
    "Winter",
    "Meadow",
    "Cobalt",
    "Harbor",
    "Juniper",
    "Lantern",
    "Pepper",
    "Saturn",
    "Velvet",
)


def _text(rng: random.Random, alphabet: str, length: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))


def _human(rng: random.Random) -> str:
    """As people choose: two words, digits, a mark."""
    return (
        rng.choice(_WORDS)
        + rng.choice(("", "_", "-", rng.choice(_WORDS)))
        + str(rng.randrange(10, 9999))
        + rng.choice("!#@?")
    )


def _generated(rng: random.Random) -> str:
    """As password managers draw."""
    core = _text(rng, _LETTERS + "!#%*-_", 14)
    return f"{rng.choice(string.ascii_uppercase)}{core}{rng.randrange(10)}{rng.choice(string.ascii_lowercase)}"


def _pem_body(rng: random.Random) -> str:
    return "\n".join(_text(rng, _LETTERS + "+/", 64) for _ in range(13))


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "pw": _generated,
    "human": _human,
    "hex32": lambda rng: _text(rng, "0123456789abcdef", 32),
    "hex64": lambda rng: _text(rng, "0123456789abcdef", 64),
    "tok24": lambda rng: _text(rng, _LETTERS, 24),
    "tok40": lambda rng: _text(rng, _LETTERS, 40),
    "tok64": lambda rng: _text(rng, _LETTERS, 64),
    "b64": lambda rng: base64.b64encode(rng.randbytes(32)).decode(),
    "auth": lambda rng: base64.b64encode(f"deploy:{_generated(rng)}".encode()).decode(),
    "b64pw": lambda rng: base64.b64encode(_generated(rng).encode()).decode(),
    "awsid": lambda rng: "AK" + "IA" + _text(rng, string.ascii_uppercase + "234567", 16),
    "awskey": lambda rng: _text(rng, _LETTERS + "+/", 40),
    "gh": lambda rng: "gh" + "p_" + _text(rng, _LETTERS, 36),
    "slack": lambda rng: (
        "xox" + "b-" + f"{rng.randrange(10**11, 10**12)}-{rng.randrange(10**11, 10**12)}-" + _text(rng, _LETTERS, 24)
    ),
    "stripe": lambda rng: "sk" + "_live_" + _text(rng, _LETTERS, 24),
    "pem": _pem_body,
    "bcrypt": lambda rng: "$2y$" + "10$" + _text(rng, _LETTERS + "./", 53),
    "sha512": lambda rng: "$6$" + _text(rng, _LETTERS, 8) + "$" + _text(rng, _LETTERS + "./", 86),
    "apr": lambda rng: "$apr1$" + _text(rng, _LETTERS, 8) + "$" + _text(rng, _LETTERS + "./", 22),
    "mysqlhash": lambda rng: "*" + _text(rng, "0123456789ABCDEF", 40),
    "uuid": lambda rng: "-".join(_text(rng, "0123456789abcdef", n) for n in (8, 4, 4, 4, 12)),
}


def plant(tree: list[tuple[str, str]], root: Path, seed: int) -> dict[tuple[str, int], str]:
    """Write the tree; the answer maps (path, line) to the name of the maker of each planted secret."""
    rng = random.Random(seed)  # noqa: S311 - repeatable test data
    planted: dict[tuple[str, int], str] = {}
    for path, template in tree:
        lines: list[str] = []
        for line in template.strip("\n").split("\n"):
            mark = _MARK.search(line)
            if mark:
                planted[path, len("\n".join(lines).split("\n")) + bool(lines) - (mark[1] == "pem") if lines else 1] = (
                    mark[1]
                )
            lines.append(_MARK.sub(lambda m: MAKERS[m[1]](rng), line))
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return planted


def tree_files(root: Path) -> Iterator[Path]:
    """The files that the scanner looks at, in the order of their paths."""
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink() and SCANNER.selects(str(file), file.stat().st_size):
            yield file


def scan(session: Session, root: Path) -> dict[str, FileResult]:
    """Every file of the tree, on two threads."""

    def one(file: Path) -> tuple[str, FileResult]:
        path = file.relative_to(root).as_posix()
        return path, session.scan(Blob(path=path, content=file.read_bytes()))

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, tree_files(root)))


def _lines(results: dict[str, FileResult], least: Confidence) -> dict[tuple[str, int], str]:
    return {
        (path, o.finding.location.region.start_line): o.finding.rule
        for path, result in results.items()
        for o in result.observations
        if o.finding.confidence >= least and o.finding.location.region
    }


def recall(session: Session, name: str, tree: list[tuple[str, str]], seed: int, *, verbose: bool) -> None:
    """Print how many of the tree's planted secrets are found."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        planted = plant(tree, root, seed)
        results = scan(session, root)
    found, sure = _lines(results, Confidence.LOW), _lines(results, Confidence.MEDIUM)
    hit, firm = planted.keys() & found.keys(), planted.keys() & sure.keys()
    wrong = sorted(sure.keys() - planted.keys())
    print(
        f"{name}: {len(planted)} secrets in {len(tree)} files; found {len(hit)} ({len(hit) / len(planted):.1%}), "
        f"sure {len(firm)} ({len(firm) / len(planted):.1%}); false alarms on decoys {len(wrong)}"
    )
    if verbose:
        for place in sorted(planted.keys() - sure.keys()):
            print(f"  {'unsure' if place in found else 'missed'}: {place[0]}:{place[1]} ({planted[place]})")
        for place in wrong:
            print(f"  false alarm: {place[0]}:{place[1]} {sure[place]}")


def alarms(session: Session, root: Path, *, verbose: bool) -> None:
    """Print the false alarms on a tree that holds no real secret."""
    results = scan(session, root)
    size = sum(file.stat().st_size for file in tree_files(root)) / 1e6
    sure = _lines(results, Confidence.MEDIUM)
    print(f"{root.name}: {len(sure)} alarms in {size:.1f} MB = {len(sure) / max(size / 5, 1e-9):.2f} per 5 MB")
    if verbose:
        for (path, line), rule in sorted(sure.items()):
            print(f"  {path}:{line} {rule}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("-v", "--verbose", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        session = SCANNER.open(ScanSettings(key=b"benchmark" * 4, user_cache=cache, data=cache))
        for tree in chosen.trees:
            alarms(session, tree, verbose=chosen.verbose)
        if not chosen.trees:
            recall(session, "development", DEVELOPMENT, chosen.seed, verbose=chosen.verbose)
            if HELD_OUT:
                recall(session, "held-out", HELD_OUT, chosen.seed + 1, verbose=chosen.verbose)
    return 0


if __name__ == "__main__":
    sys.exit(main())
