"""RPM distributions: ``[epoch:]version[-release]`` in the order of rpm-version(7).

Runs of digits and runs of letters are compared, what lies between them only separates. Digits are above letters, ``~``
sorts before everything, even before the end, and ``^`` directly after the end. A missing epoch is 0; a version without
release is below the same version with one.
"""

import re
from functools import lru_cache

from pavedroad.advisories.versions._keys import Key, matched

_VERSION = re.compile(r"(?:([0-9]{0,10}):)?([!-,.-9;-~]+)(?:-([!-,.-9;-~]*))?", re.ASCII)
_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|~|\^", re.ASCII)
_TILDE, _END, _CARET = (0,), (1,), (2,)


def _token(text: str) -> Key:
    if text.isdigit():
        return (4, int(text))
    return _TILDE if text == "~" else _CARET if text == "^" else (3, text)


def _part(text: str) -> Key:
    return (*map(_token, _TOKEN.findall(text)), _END)


@lru_cache(maxsize=65536)
def _key(version: str) -> Key:
    epoch, number, release = matched(_VERSION, version, "an RPM version").groups()
    return int(epoch or 0), _part(number), () if release is None else _part(release)


class Rpm:
    """The rules of rpm."""

    name = "rpm"
    ecosystems = (
        "AlmaLinux",
        "Amazon Linux",  # this one, CentOS, Fedora and Oracle Linux are no ecosystems of OSV, but images have them
        "Azure Linux",
        "CentOS",
        "Fedora",
        "Mageia",
        "Oracle Linux",
        "Photon OS",
        "Red Hat",
        "Rocky Linux",
        "SUSE",
        "openEuler",
        "openSUSE",
    )

    def key(self, version: str) -> Key:
        return _key(version)

    def package(self, name: str) -> str:
        return name


SCHEME = Rpm()
