"""Which distribution an image is made of, and how long it gets security updates.

The dates stand in ``data/end_of_life.toml``, each distribution with its source. Nothing is asked over the network.
"""

import re
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from pavedroad.core.noun import Noun

MAX_FIELD = 200
_LINE = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$")


class Distribution(Noun, frozen=True, kw_only=True):
    """What ``os-release`` says (os-release(5)). ``id`` and ``version`` are empty when it does not."""

    id: str = ""
    version: str = ""
    codename: str = ""
    name: str = ""


class Release(Noun, frozen=True, kw_only=True):
    """One release. ``ends`` is the last day of free security updates by the project itself, ``extended`` that of a free
    prolongation by others (Debian LTS). ``interim`` ones live for months and are not advised."""

    version: str
    since: date
    ends: date
    extended: date | None = None
    codename: str = ""
    interim: bool = False


class Family(Noun, frozen=True, kw_only=True):
    """A distribution. ``image`` is what stands behind FROM, ``tag`` how a release is named there, with ``{version}``
    and ``{codename}``. ``parts`` says how many parts of VERSION_ID name a release."""

    id: str
    name: str
    image: str
    source: str
    as_of: date
    parts: int = 1
    tag: str = "{version}"
    rolling: bool = False
    lean: tuple[str, ...] = ()
    releases: tuple[Release, ...] = ()

    def find(self, version: str) -> Release | None:
        """The release that ``version`` belongs to."""
        wanted = key(version, self.parts)
        return next((each for each in self.releases if key(each.version, self.parts) == wanted), None)

    def newest(self, today: date | None) -> Release | None:
        """The newest release to build on that is out and supported on ``today``; without a day the newest known one."""
        lasting = [each for each in self.releases if not each.interim]
        fitting = [each for each in lasting if today is None or each.since <= today <= each.ends]
        return max(fitting, key=lambda each: each.since, default=None)

    def reference(self, release: Release, pattern: str = "") -> str:
        """What to write behind FROM for a release; ``pattern`` is one of ``lean``."""
        words = {"version": release.version, "codename": release.codename}
        return (pattern or f"{self.image}:{self.tag}").format(**words)


def key(version: str, parts: int) -> str:
    """The first ``parts`` parts of a version: ``3.20.3`` and 2 give ``3.20``."""
    return ".".join(version.split(".")[:parts])


def distribution(os_release: bytes | None) -> Distribution:
    """Read ``os-release``. Lines that are none are passed over; the last of a name counts, as when a shell reads it."""
    fields: dict[str, str] = {}
    for line in (os_release or b"")[:65536].decode("utf-8", "replace").split("\n"):
        match = _LINE.match(line.strip())
        if match:
            fields[match[1]] = _unquoted(match[2])
    return Distribution(
        id=fields.get("ID", "").lower(),
        version=fields.get("VERSION_ID", ""),
        codename=fields.get("VERSION_CODENAME", ""),
        name=fields.get("PRETTY_NAME") or fields.get("NAME", ""),
    )


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return "".join(c if c.isprintable() else "?" for c in text[:MAX_FIELD])


@cache
def families() -> dict[str, Family]:
    """Every distribution of the table by its ID in os-release."""
    from pavedroad.infra.documents import read_toml

    raw = (resources.files("pavedroad.scanning.scanners.image") / "data" / "end_of_life.toml").read_bytes()
    listed: list[dict[str, Any]] = read_toml(raw)["distribution"]
    known = [msgspec.convert(each, Family) for each in listed]
    return {each.id: each for each in known}


def family_of(found: Distribution) -> Family | None:
    """The distribution's entry; CentOS Stream shares its ID with CentOS Linux, and is told apart by its name."""
    if found.id == "centos" and "stream" in found.name.lower():
        return families().get("centos-stream")
    return families().get(found.id)
