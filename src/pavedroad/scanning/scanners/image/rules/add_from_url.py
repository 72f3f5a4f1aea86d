"""A file was added straight from the network

`ADD https://...` takes whatever the server sends at build time. Nothing says what it should be: another answer
tomorrow, or from a server that was taken over, goes into the image unseen.

**How to fix.** Give the checksum (`ADD --checksum=sha256:...`), or fetch with curl and compare, or copy the file from
the repository.
"""

import re
from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Hit, Image, ImageRule, Sample

_ADD = re.compile(r"^ADD\s+(?P<options>(?:--\S+\s+)*)\[?\"?(?P<url>(?:https?|ftp)://[^\s\",\]]+)", re.IGNORECASE)


def look(image: Image) -> Iterator[Hit]:
    """ADD lines of history whose source is a URL, without a checksum."""
    for step in image.configuration.steps:
        match = _ADD.match(step.instruction)
        if match and "--checksum=" not in match["options"]:
            url = match["url"].partition("?")[0]
            yield Hit(
                message=f"{url} was added without a checksum.",
                key=url,
                layer=step.layer,
                evidence=(("instruction", step.instruction),),
            )


RULE = ImageRule(
    name="add-from-url",
    title="A file was added from the network without a checksum",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    reads=CONFIGURATION,
    cwe=(494,),
    benchmark="4.9",
    remedy=Remediation(
        text="Name the checksum of the file, or copy it from the repository.",
        before="ADD https://files.example/tool.tar.gz /opt/",
        after="ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d \\\n"
        "    https://files.example/tool.tar.gz /opt/",
    ),
    look=look,
    bad=(
        Sample(history=("ADD https://files.example/tool.tar.gz /opt/ # buildkit",)),
        Sample(history=("/bin/sh -c #(nop) ADD http://files.example/a in /opt/",)),
    ),
    good=(
        Sample(history=("ADD --checksum=sha256:0123 https://files.example/tool.tar.gz /opt/ # buildkit",)),
        Sample(history=("COPY tool.tar.gz /opt/ # buildkit", "ADD file:0123 in / ")),
    ),
)
