"""Files belong to a user that does not exist

The number that owns these files has no line in `etc/passwd`. It is mostly the number of whoever built the image. On a
host or a volume where that number means somebody, that person may change the files.

**How to fix.** Name the owner when copying: `COPY --chown=0:0`, or create the user in the image.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

# Numbers that an image may use without a line in passwd: USER by number is good practice.
_MAX_OWNERS = 50


def look(image: Image) -> Iterator[Hit]:
    """One finding for each unknown number, when the image has accounts at all and does not run under that number."""
    if not image.accounts:
        return
    known = {account.uid for account in image.accounts}
    user = image.configuration.user.partition(":")[0]
    counts: dict[int, int] = {}
    first: dict[int, FileLine] = {}
    for file in image.files:
        if file.uid in known or str(file.uid) == user:
            continue
        counts[file.uid] = counts.get(file.uid, 0) + 1
        first.setdefault(file.uid, file)
    for uid in sorted(counts)[:_MAX_OWNERS]:
        words = "entry belongs" if counts[uid] == 1 else "entries belong"
        yield Hit(
            message=f"{counts[uid]} {words} to user {uid}, who does not exist.",
            key=f"uid {uid}",
            path=first[uid].path,
            layer=first[uid].layer,
            evidence=(("first of them", first[uid].path), ("entries", str(counts[uid]))),
        )


_PASSWD = {"etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"}

RULE = ImageRule(
    name="unknown-owner",
    title="Files belong to a user that does not exist",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    reads=FILES,
    cwe=(282,),
    remedy=Remediation(
        text="Name the owner when the files are copied.",
        before="COPY app /opt/app",
        after="COPY --chown=0:0 app /opt/app",
    ),
    look=look,
    bad=(Sample(files=(FileLine(path="opt/app/run.sh", uid=1000),), system=_PASSWD),),
    good=(
        Sample(files=(FileLine(path="opt/app/run.sh"),), system=_PASSWD),
        Sample(files=(FileLine(path="opt/app/run.sh", uid=10001),), system=_PASSWD, config={"User": "10001"}),
        Sample(files=(FileLine(path="app", uid=1000),)),
    ),
)
