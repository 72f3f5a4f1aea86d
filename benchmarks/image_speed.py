"""Time and memory of a look at an image, against other programs that list what is in it.

    python benchmarks/image_speed.py [--image ARCHIVE] [--size MB] [--peer PROGRAM ...] [--rounds N]

ARCHIVE is what ``docker save`` writes; without one an image of SIZE megabytes is made of the files of this interpreter,
in two layers. PROGRAM is the path of ``syft`` or ``osv-scanner``; without any, the baseline is reading and hashing the
archive once with ``tarfile``. Rounds alternate, the best of each counts: other work on the machine slows all.

Peers list packages; *inventory* is our look for the same, *whole* adds secrets, set-up and every rule. Memory is the
largest sum over a program and all its children, each page counted once, looked at every 50 ms.
"""

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAVED = [sys.executable, "-m", "pavedroad"]


class Measured:
    """The best time in seconds, and the most memory in MiB, over several rounds."""

    def __init__(self) -> None:
        self.seconds, self.memory = 1e9, 0.0

    def add(self, seconds: float, memory: float) -> None:
        self.seconds, self.memory = min(self.seconds, seconds), max(self.memory, memory)


def _tree(pid: int) -> Iterator[int]:
    """The process and everything it started."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return


def _resident(pid: int) -> int:
    """Bytes; a page that several processes share counts in parts (proc(5), Pss)."""
    total = 0
    for each in _tree(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) << 10
    return total


def _run(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Seconds and MiB. Ends the benchmark when the program fails in another way than by finding something."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        most, done = 0, threading.Event()

        def watch() -> None:
            nonlocal most
            while not done.wait(0.05):
                most = max(most, _resident(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        errors = process.communicate()[1].decode(errors="replace")
        seconds = time.perf_counter() - began
        done.set()
        watcher.join()
    if process.returncode not in (0, 1, 3, 127, 128):
        sys.exit(f"{command[0]} ended with {process.returncode}: {errors[-400:]}")
    return seconds, most / (1 << 20)


def _baseline(archive: Path) -> tuple[float, float]:
    """Every layer read and hashed once, every name listed."""
    began = time.perf_counter()
    with tarfile.open(archive) as outer:
        for member in outer:
            inner = outer.extractfile(member) if member.name.endswith(".tar") else None
            if inner is not None:
                digest = hashlib.sha256()
                while chunk := inner.read(1 << 20):
                    digest.update(chunk)
                inner.seek(0)
                with tarfile.open(fileobj=inner, mode="r|") as layer:
                    for _ in layer:
                        layer.members.clear()  # type: ignore[attr-defined]
    return time.perf_counter() - began, 0.0


def _peer(program: str, archive: Path) -> Callable[[], tuple[float, float]]:
    name = Path(program).name
    if name.startswith("syft"):
        command = [program, "scan", f"docker-archive:{archive}", "-o", "json", "-q"]
        return lambda: _run(command, {"SYFT_CHECK_FOR_APP_UPDATE": "false"})
    if name.startswith("osv-scanner"):
        command = [
            program,
            "scan",
            "image",
            "--archive",
            str(archive),
            "--offline",
            "--format",
            "json",
            "--all-packages",
        ]
        return lambda: _run(command, {})
    sys.exit(f"this benchmark does not know how to call {name}: syft and osv-scanner are known")


def _make_image(path: Path, size: int) -> None:
    """A docker archive of about ``size`` bytes: a base with a package list, and an application with many files."""
    status = "".join(f"Package: p{n}\nStatus: install ok installed\nVersion: 1.{n}\n\n" for n in range(400))
    base = [("etc/os-release", b'ID=debian\nVERSION_ID="12"\n'), ("var/lib/dpkg/status", status.encode())]
    layers = [path.with_suffix(".base"), path.with_suffix(".app")]
    _write_layer(layers[0], iter(base), 1 << 20)
    _write_layer(layers[1], _library(), size)
    config = {"config": {}, "rootfs": {"type": "layers", "diff_ids": [_digest(layer) for layer in layers]}}
    names = [f"{number}.tar" for number in range(len(layers))]
    manifest = [{"Config": "config.json", "RepoTags": ["bench/app:1"], "Layers": names}]
    with tarfile.open(path, "w") as archive:
        for layer, name in zip(layers, names, strict=True):
            archive.add(layer, name)
            layer.unlink()
        for name, value in (("config.json", config), ("manifest.json", manifest)):
            _add(archive, name, json.dumps(value).encode())


def _library() -> Iterator[tuple[str, bytes]]:
    """Files of this interpreter and its packages, again and again under other folders."""
    roots = [Path(os.__file__).parent, Path(sys.prefix) / "lib"]
    for copy in range(1000):
        for number, root in enumerate(roots):
            for file in sorted(root.rglob("*")):
                if file.is_file() and not file.is_symlink():
                    yield f"opt/{copy}/{number}/{file.relative_to(root)}", file.read_bytes()


def _write_layer(path: Path, files: Iterator[tuple[str, bytes]], size: int) -> None:
    with tarfile.open(path, "w") as archive:
        for name, content in files:
            _add(archive, name, content)
            size -= len(content)
            if size < 0:
                return


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _database(folder: Path) -> dict[str, str]:
    """A data folder with the advisories of the bundled example: what is listed is judged, with little to find."""
    for ecosystem in sorted((ROOT / "examples/advisories").iterdir()):
        archive = folder / "osv" / ecosystem.name / "all.zip"
        archive.parent.mkdir(parents=True)
        with zipfile.ZipFile(archive, "w") as out:
            for record in sorted(ecosystem.glob("*.json")):
                out.write(record, record.name)
    env = {"PAVED_DATA_DIR": str(folder / "data"), "PAVED_CACHE_DIR": str(folder / "cache")}
    _run([*PAVED, "advisories", "update", "--source", str(folder / "osv")], env)
    return env


def _report(ours: dict[str, Measured], others: dict[str, Measured]) -> None:
    for name, each in {**ours, **others}.items():
        print(f"{name:24} {each.seconds:6.2f} s   {each.memory:6.0f} MiB")
    for name, each in others.items():
        for kind, mine in ours.items():
            print(f"{kind} against {name}: {mine.seconds / each.seconds:.2f} of its time")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--image", type=Path, help="an archive as docker save writes it")
    parser.add_argument("--size", type=int, default=500, help="megabytes of the image that is made without --image")
    parser.add_argument("--peer", action="append", default=[], help="path of syft or osv-scanner; again for more")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = chosen.image or folder / "image.tar"
        if chosen.image is None:
            _make_image(archive, chosen.size * 1_000_000)
        env = _database(folder)
        (folder / "project").mkdir()
        look = [
            *PAVED,
            "check",
            str(folder / "project"),
            "--image",
            f"docker-archive:{archive}",
            "--no-cache",
            "--quiet",
        ]
        ours = {"inventory": [*look, "--only", "dependencies"], "whole": look}
        peers = {Path(each).name: _peer(each, archive) for each in chosen.peer}
        peers = peers or {"tarfile and sha256": lambda: _baseline(archive)}
        _run(look, env)  # compiles the rules of the secrets engine, once for each machine
        mine, theirs = ({key: Measured() for key in each} for each in (ours, peers))
        for _ in range(chosen.rounds):
            for key, command in ours.items():
                mine[key].add(*_run(command, env))
            for key, call in peers.items():
                theirs[key].add(*call())
        print(f"{archive.name}: {archive.stat().st_size / 1e6:.0f} MB")
    _report(mine, theirs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
