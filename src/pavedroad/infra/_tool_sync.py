"""Installs one guest tool: built beside its place, checked, then moved there in one step. Part of :mod:`.tools`.

pip runs as a guest with the network, and with the user's own pip settings, which name the index. ``--require-hashes``
accepts only the files that our list names; ``--only-binary`` keeps packages from running code while they are installed.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from pavedroad.infra import tools
from pavedroad.infra.errors import FileError, GuestError, ToolError
from pavedroad.infra.files import locked, write_atomic
from pavedroad.infra.process import Completed, Limits, Reach, run

_LIMITS = Limits(seconds=1800, memory=2 << 30, output=4 << 20, file_size=4 << 30)
# pip's own settings, and where it finds them and the way out.
_PASSED_ON = re.compile(
    r"PIP_\w+|HOME|XDG_CONFIG_(HOME|DIRS)|XDG_CACHE_HOME|NETRC|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|(?i:(https?|no|all)_proxy)"
)
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_LAST_LINES = 4


def pip_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of our environment that pip may see."""
    return {name: value for name, value in environment.items() if _PASSED_ON.fullmatch(name)}


def install(tool: tools.Tool) -> bool:
    """As :func:`pavedroad.infra.tools.sync`."""
    place = tools.home(tool)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FileError(f"cannot be made: {error.strerror}", where=str(place.parent)) from error
    with locked(place.parent / ".lock"):
        if tools.state(tool.name) == "installed":
            return False
        with _building_site(place) as site:
            _fill(tool, site)
            tools.program(tool, site)
            files = tools.fingerprints(site)
            manifest = tools.Manifest(tool=tool.name, digest=tool.digest, files=files)
            write_atomic(site / tools.MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            _replace(place, site)
        return True


@contextlib.contextmanager
def _building_site(place: Path) -> Iterator[Path]:
    """A fresh folder beside ``place``, removed when it was not moved; what a killed sync left is removed first."""
    for left in place.parent.glob(".new-*"):
        shutil.rmtree(left, ignore_errors=True)
    site = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
    try:
        yield site
    finally:
        shutil.rmtree(site, ignore_errors=True)


def _replace(place: Path, site: Path) -> None:
    """Two renames, as no system call swaps folders everywhere; whoever looks in between sees the tool as missing."""
    try:
        if place.exists():
            place.rename(Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent)) / "old")
        site.rename(place)
    except OSError as error:
        raise FileError(f"cannot be put in place: {error.strerror}", where=str(place)) from error
    for old in place.parent.glob(".new-*"):
        shutil.rmtree(old, ignore_errors=True)


def _fill(tool: tools.Tool, site: Path) -> None:
    _step(tool, [sys.executable, "-I", "-m", "venv", "--without-pip", str(site)], site)
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    lock = tools.FOLDER / tool.name / "requirements.txt"
    with _pip(tool, site) as pip:
        into = ["--python", str(site / "bin/python")]
        command = [*pip, *into, "install", "--quiet", *options, "--requirement", str(lock)]
        _step(tool, command, site, network=True)


@contextlib.contextmanager
def _pip(tool: tools.Tool, site: Path) -> Iterator[list[str]]:
    """A pip: ours, or one from Python's own bundle where we were installed without."""
    if importlib.util.find_spec("pip") is not None:
        yield [sys.executable, "-P", "-m", "pip"]
        return
    with tempfile.TemporaryDirectory(prefix="paved-pip-") as folder:
        _step(tool, [sys.executable, "-I", "-m", "venv", folder], site, folder)
        yield [f"{folder}/bin/python", "-P", "-m", "pip"]


def _step(tool: tools.Tool, command: list[str], site: Path, *written: str, network: bool = False) -> None:
    environment = pip_settings(os.environ) if network else {}
    try:
        # What runs here is Python's own venv and pip, which installs wheels only; its settings may lie anywhere.
        reach = Reach(read=("/",), write=(str(site), *written))
        done = run(command, cwd=site, limits=_LIMITS, env=environment, network=network, reach=reach)
    except GuestError as error:
        raise ToolError(f"the guest tool '{tool.name}' cannot be installed: {error.what}") from error
    if not done.ok:
        raise _failed(tool, done, network=network)


def _failed(tool: tools.Tool, done: Completed, *, network: bool) -> ToolError:
    text = (done.stderr or done.stdout).decode("utf-8", "replace")
    lines = [_CREDENTIALS.sub("", line.strip()) for line in text.splitlines() if line.strip()]
    said = "; ".join(lines[-_LAST_LINES:]) or f"exit code {done.returncode}"
    if done.killed_by:
        said = f"it ran into its limit of {done.killed_by}"
    next_step = (
        "this needs your package index: check the network and 'pip config list'"
        if network
        else "Python's venv module is needed, for example: apt-get install python3-venv"
    )
    return ToolError(f"the guest tool '{tool.name}' cannot be installed: {said}", next_step=next_step)
