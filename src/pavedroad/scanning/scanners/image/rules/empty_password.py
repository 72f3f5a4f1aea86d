"""An account lets everyone in without a password

The account has an empty password field. Wherever something asks for a password (a login on a console, `su`, an SSH
server that allows it), nothing is needed to become this user.

**How to fix.** Lock the account: `passwd --lock NAME`, or `!` as its password in `etc/shadow`.
"""

from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample


def look(image: Image) -> Iterator[Hit]:
    """Accounts that may log in and have no password; without a shell to log in to it is no more than untidy."""
    for account in image.accounts:
        if account.password != "none":  # noqa: S105 - a word of ours
            continue
        yield Hit(
            message=f"The account {account.name} has an empty password.",
            key=account.name,
            path="etc/shadow",
            severity=None if account.may_log_in else Severity.LOW,
            before=f"{account.name}::",
            after=f"{account.name}:!:",
        )


RULE = ImageRule(
    name="empty-password",
    title="An account has an empty password",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    reads=FILES,
    cwe=(258,),
    remedy=Remediation(text="Lock the account, or give it a password that only its owner knows."),
    look=look,
    bad=(
        Sample(
            files=(FileLine(path="etc/passwd"),),
            system={"etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/shadow": "root::19000:0:::::\n"},
        ),
        Sample(files=(FileLine(path="etc/passwd"),), system={"etc/passwd": "app::1000:1000::/:/bin/bash\n"}),
    ),
    good=(
        Sample(
            files=(FileLine(path="etc/passwd"),),
            system={"etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/shadow": "root:*:19000:0:::::\n"},
        ),
        Sample(files=(FileLine(path="etc/passwd"),), system={"etc/passwd": "root:x:0:0::/root:/bin/sh\n"}),
    ),
)
