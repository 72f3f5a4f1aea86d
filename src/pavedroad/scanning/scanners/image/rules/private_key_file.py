"""A private key lies in the image

By its name this file is a private key. Everyone who can pull the image has it, in every copy, also after a later layer
deletes it. The host key of an SSH server is worse than it looks: all containers of the image share it, so each can pose
as any other. What stands inside is judged by the secrets scanner.

**How to fix.** Make the key invalid first. Then build without it: `.dockerignore`, build secrets
(`RUN --mount=type=secret`), keys made or mounted when the container starts.
"""

import re
from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

_HOST = re.compile(r"(?:^|/)ssh_host_\w{1,20}_key$")
_USER = re.compile(
    r"(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|identity|[\w.-]+\.ppk|secring\.gpg|[0-9A-F]{40}\.key)$"
)
_STORE = re.compile(r"\.(?:key|p12|pfx|jks|keystore|pkcs12)$", re.IGNORECASE)
# Test keys that packages bring, and public material of distributions.
_PACKAGED = re.compile(
    r"(?:^|/)(?:tests?|testdata|test_data|examples?|samples?|docs?|fixtures?)/|^usr/share/|^usr/lib/python|/site-packages/|"
    r"/dist-packages/|/node_modules/|/cacerts$|^etc/ssl/certs/|^etc/pki/ca-trust/|^var/lib/ca-certificates/"
)


def look(image: Image) -> Iterator[Hit]:
    """Names of SSH host keys, of people's keys, and of key stores; not those inside packages."""
    for file in image.files:
        if file.kind not in ("file", "hardlink") or (file.kind == "file" and not file.size):
            continue
        if _HOST.search(file.path):
            yield _hit(file, "the host key of an SSH server, shared by all containers of the image", Severity.HIGH)
        elif _USER.search(file.path) and not _PACKAGED.search(file.path):
            yield _hit(file, "a private key by its name", None)
        elif _STORE.search(file.path) and not _PACKAGED.search(file.path):
            yield _hit(file, "a key or key store by its name", Severity.LOW, Confidence.LOW)


def _hit(file: FileLine, what: str, severity: Severity | None, confidence: Confidence | None = None) -> Hit:
    return Hit(
        message=f"/{file.path} is {what}.",
        path=file.path,
        layer=file.layer,
        severity=severity,
        confidence=confidence,
        evidence=(("mode", f"{file.mode:04o}"), ("size", f"{file.size} bytes")),
    )


RULE = ImageRule(
    name="private-key-file",
    title="A private key lies in the image",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    reads=FILES,
    cwe=(321, 538),
    benchmark="4.10",
    remedy=Remediation(
        text="Make the key invalid, then build without it.",
        before="COPY . /app",
        after="# .dockerignore\n**/id_*\n**/*.key",
    ),
    look=look,
    bad=(
        Sample(files=(FileLine(path="etc/ssh/ssh_host_ed25519_key", mode=0o600, size=400),)),
        Sample(files=(FileLine(path="root/.ssh/id_rsa", mode=0o600, size=2600),)),
        Sample(files=(FileLine(path="app/server.p12", size=4000),)),
    ),
    good=(
        Sample(
            files=(
                FileLine(path="root/.ssh/id_rsa.pub", size=400),
                FileLine(path="etc/ssh/ssh_host_rsa_key.pub", size=9),
            )
        ),
        Sample(files=(FileLine(path="usr/lib/python3/dist-packages/x/test.key", size=99),)),
        Sample(files=(FileLine(path="root/.ssh/id_rsa", kind="directory"), FileLine(path="app/empty.key"))),
    ),
)
