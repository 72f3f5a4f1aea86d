"""Which files a guest may touch: what every program needs, and what its caller adds. The parent's side."""

import os
import sys
from functools import cache

from pavedroad.core.noun import Noun

# Where systems keep programs and libraries; what is absent is passed over.
_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/gnu/store",
    "/run/current-system", "/proc", "/sys",
)  # fmt: skip
# Of /etc only what libraries look up: keys of hosts and passwords lie there too.
_SETTINGS = tuple(
    f"/etc/{name}"
    for name in (
        "alternatives", "ca-certificates", "crypto-policies", "debian_version", "fonts", "gai.conf", "group",
        "host.conf", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "localtime", "lsb-release",
        "mime.types", "nsswitch.conf", "os-release", "passwd", "pki/ca-trust", "pki/tls/certs", "protocols", "python3",
        "resolv.conf", "services", "ssl/certs", "ssl/openssl.cnf", "timezone",
    )
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


class Reach(Noun, frozen=True, kw_only=True):
    """Paths of files and folders, with all below them, that a guest may touch beside the usual.

    The usual: it reads the system's programs and libraries, our interpreter, its own program and its current folder;
    it writes its temporary folder. So the rest of a home is closed. ``write`` includes reading; a folder to write is
    made when it is absent. Paths that do not exist are passed over.
    """

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()


def reachable(reach: Reach, program: str, cwd: str, scratch: str) -> tuple[list[str], list[str]]:
    """All paths to read and all to write, for a guest that runs ``program`` (absolute) in ``cwd``."""
    for folder in reach.write:
        if not os.path.lexists(folder):
            _make(folder)
    read = [*_usual(), *_of_program(program), cwd, *reach.read]
    write = [*_DEVICES, scratch, *reach.write]
    return list(dict.fromkeys(map(os.path.abspath, read))), list(dict.fromkeys(map(os.path.abspath, write)))


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
    except OSError:
        return  # the guest will say so, if it minds


@cache
def _usual() -> tuple[str, ...]:
    """The system, our interpreter and its packages. An entry of the import path that holds a whole home is not among
    them: ``python -m`` puts the current folder there."""
    ours = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    prefixes = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix]
    found = [*prefixes, *(entry for entry in sys.path[1:] if entry), ours]
    return (*_SYSTEM, *_SETTINGS, *(path for path in found if not _holds_home(path)), os.path.join(ours, "pavedroad"))  # noqa: PTH118


def _holds_home(path: str) -> bool:
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111
    real = os.path.realpath(path)
    return os.path.commonpath([home, real]) == real


def _of_program(program: str) -> list[str]:
    """The program, what it is a link to, and the virtual environment around either."""
    found = []
    for path in dict.fromkeys((program, os.path.realpath(program))):
        around = os.path.dirname(os.path.dirname(path))  # noqa: PTH120
        found += [path, around] if os.path.isfile(os.path.join(around, "pyvenv.cfg")) else [path]  # noqa: PTH113, PTH118
    return found
