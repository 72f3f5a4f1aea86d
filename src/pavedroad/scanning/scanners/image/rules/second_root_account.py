"""A second account has the rights of root

Another account than root has the user number 0, and with it every right. Such accounts are a known way to keep a back
door, and rules that name root do not see them.

**How to fix.** Give the account a number of its own, or remove it.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample


def look(image: Image) -> Iterator[Hit]:
    """Accounts with number 0 under another name."""
    for account in image.accounts:
        if account.uid == 0 and account.name != "root":
            yield Hit(
                message=f"The account {account.name} has the user number 0.",
                key=account.name,
                path="etc/passwd",
                severity=None if account.may_log_in else Severity.MEDIUM,
                before=f"{account.name}:x:0:",
                after=f"{account.name}:x:10002:",
            )


RULE = ImageRule(
    name="second-root-account",
    title="A second account has the rights of root",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    reads=FILES,
    cwe=(250,),
    remedy=Remediation(text="Give the account a number of its own, or remove it."),
    look=look,
    bad=(
        Sample(
            files=(FileLine(path="etc/passwd"),),
            system={"etc/passwd": "root:x:0:0::/root:/bin/sh\nhelp:x:0:0::/:/bin/sh\n"},
        ),
    ),
    good=(
        Sample(
            files=(FileLine(path="etc/passwd"),),
            system={"etc/passwd": "root:x:0:0::/root:/bin/sh\napp:x:1000:0::/:/bin/sh\n"},
        ),
    ),
)
