"""A program runs with the rights of its owner

A set-user-id or set-group-id program runs as its owner whoever starts it. Each is a way from a taken-over process to
root. Distributions bring a dozen, for people who log in; a container has no such people.

**How to fix.** Take the bits away in the last layer that installs packages. With `no_new_privs` (Docker's
`--security-opt no-new-privileges`, Kubernetes' `allowPrivilegeEscalation: false`) they have no effect.

Programs that distributions are known to bring are listed together, as information. Others are findings of their own;
shells, interpreters and file tools are high, because they need no further flaw.
"""

from collections.abc import Iterator
from functools import cache
from importlib import resources

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.infra.documents import read_toml
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

SET_USER, SET_GROUP, WRITABLE = 0o4000, 0o2000, 0o002


@cache
def _known(key: str) -> frozenset[str]:
    """``expected`` paths or ``tools`` names of ``data/set_user_id.toml``."""
    raw = (resources.files("pavedroad.scanning.scanners.image") / "data" / "set_user_id.toml").read_bytes()
    return frozenset(read_toml(raw)[key])


def look(image: Image) -> Iterator[Hit]:
    """Files with one of the bits that somebody can run."""
    known: list[FileLine] = []
    for file in image.files:
        if file.kind != "file" or not file.mode & (SET_USER | SET_GROUP) or not file.mode & 0o111:
            continue
        if file.path.removeprefix("usr/") in _known("expected") and not file.mode & WRITABLE:
            known.append(file)
        else:
            yield _unexpected(file)
    if known:
        yield _expected(known)


def _bits(file: FileLine) -> str:
    words = (("set-user-id", SET_USER), ("set-group-id", SET_GROUP))
    return " and ".join(word for word, bit in words if file.mode & bit)


def _unexpected(file: FileLine) -> Hit:
    name = file.path.rpartition("/")[2].rstrip("0123456789.-")
    owner = f"user {file.uid}" if file.mode & SET_USER else f"group {file.gid}"
    severity = None
    if file.mode & SET_USER and file.uid == 0 and (file.mode & WRITABLE or name in _known("tools")):
        severity = Severity.HIGH
    return Hit(
        message=f"/{file.path} is {_bits(file)} and runs with the rights of {owner}.",
        path=file.path,
        layer=file.layer,
        severity=severity,
        evidence=(("mode", f"{file.mode:04o}"), ("owner", f"{file.uid}:{file.gid}")),
        before=f"-{file.mode:04o} /{file.path}",
        after=f"RUN chmod a-s /{file.path}",
    )


def _expected(files: list[FileLine]) -> Hit:
    names = ", ".join(sorted(file.path for file in files))
    return Hit(
        message=f"Set-user-id and set-group-id programs that distributions bring are installed: {len(files)}.",
        key="expected",
        severity=Severity.INFO,
        evidence=(("programs", names),),
    )


RULE = ImageRule(
    name="set-user-id",
    title="A program runs with the rights of its owner",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    reads=FILES,
    cwe=(250,),
    benchmark="4.8",
    remedy=Remediation(
        text="Take the bits away, or forbid new privileges where the image runs.",
        before="-4755 /usr/bin/su",
        after="RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +",
    ),
    look=look,
    bad=(
        Sample(files=(FileLine(path="opt/app/helper", mode=0o4755),)),
        Sample(files=(FileLine(path="usr/bin/python3.11", mode=0o4755),)),
        Sample(files=(FileLine(path="usr/bin/su", mode=0o4755),)),
        Sample(files=(FileLine(path="usr/local/bin/x", mode=0o2755, gid=42),)),
    ),
    good=(
        Sample(files=(FileLine(path="usr/bin/env", mode=0o755),)),
        Sample(files=(FileLine(path="var/mail", kind="directory", mode=0o2775),)),
        Sample(files=(FileLine(path="opt/data", mode=0o4644),)),
    ),
)
