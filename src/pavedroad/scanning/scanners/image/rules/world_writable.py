"""Everyone may change a file or folder

The permissions let every user of the container write here. A process without rights can replace what others run or
read. A folder with the sticky bit, such as `/tmp`, lets people delete only what is theirs, and is left alone.

**How to fix.** Take the bit away where the file is copied: `COPY --chmod=755`, or `chmod o-w`.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

WRITABLE, STICKY = 0o002, 0o1000
_PSEUDO = ("dev/", "proc/", "sys/")
_READ_BY_ALL = ("etc/", "bin/", "sbin/", "lib/", "lib64/", "usr/", "boot/")


def look(image: Image) -> Iterator[Hit]:
    """Files, and folders without the sticky bit; those below a folder that is told are not told again."""
    told: set[str] = set()
    for file in sorted(image.files, key=lambda each: each.path):
        if file.kind not in ("file", "directory") or not file.mode & WRITABLE or file.path.startswith(_PSEUDO):
            continue
        if file.kind == "directory" and file.mode & STICKY:
            continue
        folder = file.path.rpartition("/")[0]
        if folder in told:
            if file.kind == "directory":
                told.add(file.path)
            continue
        if file.kind == "directory":
            told.add(file.path)
        yield _hit(file)


def _hit(file: FileLine) -> Hit:
    system = f"{file.path}/".startswith(_READ_BY_ALL)
    what = "create, replace and delete files in" if file.kind == "directory" else "change"
    return Hit(
        message=f"Every user may {what} /{file.path}.",
        path=file.path,
        layer=file.layer,
        severity=Severity.HIGH if system else None,
        evidence=(("mode", f"{file.mode:04o}"), ("owner", f"{file.uid}:{file.gid}")),
        before=f"{file.mode:04o} /{file.path}",
        after=f"RUN chmod o-w /{file.path}",
    )


RULE = ImageRule(
    name="world-writable",
    title="Everyone may write to a file or folder",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    reads=FILES,
    cwe=(732,),
    remedy=Remediation(text="Take the write permission of others away where the file is made."),
    look=look,
    bad=(
        Sample(files=(FileLine(path="opt/app/run.sh", mode=0o777),)),
        Sample(files=(FileLine(path="srv/data", kind="directory", mode=0o777),)),
        Sample(files=(FileLine(path="etc/app.conf", mode=0o666),)),
    ),
    good=(
        Sample(files=(FileLine(path="tmp", kind="directory", mode=0o1777), FileLine(path="x", mode=0o664))),
        Sample(files=(FileLine(path="bin", kind="symlink", mode=0o777, target="usr/bin"),)),
        Sample(files=(FileLine(path="dev/null", kind="special", mode=0o666),)),
    ),
)
