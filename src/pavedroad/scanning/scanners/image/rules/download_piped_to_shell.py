"""A download was run without being looked at

The build fetched a script and handed it to a shell at once. Nobody compared it with anything: what the server sent at
that moment ran, as root most of the time, and is in the image.

**How to fix.** Install the package of the distribution, or download to a file, compare its checksum or signature, then
run it.
"""

import re
from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.instructions import keyword
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Hit, Image, ImageRule, Sample

_FETCH = re.compile(r"(?:^|[\s;&|(`$])(?:curl|wget)\s")
_RUN = re.compile(r"\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+(?:\S+=\S*\s+)*)?(?:/\S*/)?(?:ba|da|z|k|a)?sh\b")
_RUN_OTHER = re.compile(
    r"\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:/\S*/)?(?:python[\d.]*|perl|ruby|node)(?:\s+-)?\s*(?:$|[;&|)])"
)
_AROUND = re.compile(
    r"(?:<\(\s*(?:curl|wget)\s|(?:ba|da|z)?sh\s+-c\s+\"?\$\(\s*(?:curl|wget)\s|eval\s+\"?\$\(\s*(?:curl|wget)\s)"
)
_URL = re.compile(r"(?:https?|ftp)://[^\s\"'|;)?]+")


def look(image: Image) -> Iterator[Hit]:
    """RUN lines that fetch and pipe into an interpreter, or run what a command substitution fetches."""
    for step in image.configuration.steps:
        text = step.instruction
        if keyword(text) != "RUN":
            continue
        for part in re.split(r"&&|;|\|\|", text):
            fetch = _FETCH.search(part)
            piped = fetch and (_RUN.search(part, fetch.start()) or _RUN_OTHER.search(part, fetch.start()))
            if piped or _AROUND.search(part):
                url = _URL.search(part)
                name = url[0] if url else "a download"
                yield Hit(
                    message=f"{name} was run as it came.",
                    key=name,
                    layer=step.layer,
                    evidence=(("instruction", text),),
                )


RULE = ImageRule(
    name="download-piped-to-shell",
    title="A download was run without being compared with anything",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    reads=CONFIGURATION,
    cwe=(494,),
    benchmark="4.11",
    remedy=Remediation(
        text="Download to a file, compare its checksum, then run it; or install the distribution's package.",
        before="RUN curl -fsSL https://get.example/install.sh | sh",
        after="RUN curl -fsSLo /tmp/install.sh https://get.example/install.sh \\\n"
        '    && echo "$SUM  /tmp/install.sh" | sha256sum -c && sh /tmp/install.sh',
    ),
    look=look,
    bad=(
        Sample(history=("RUN /bin/sh -c curl -fsSL https://get.example/install.sh | sh # buildkit",)),
        Sample(history=("/bin/sh -c apt-get update && wget -qO- https://get.example/a | sudo -E bash -",)),
        Sample(history=('RUN /bin/sh -c bash -c "$(curl -fsSL https://get.example/a)" # buildkit',)),
        Sample(history=("RUN /bin/sh -c curl https://get.example/get-pip.py | python3 - # buildkit",)),
        Sample(history=("RUN /bin/bash -o pipefail -c bash <(curl -s https://get.example/a)",)),
    ),
    good=(
        Sample(history=("RUN /bin/sh -c curl -fsSLo /tmp/a https://get.example/a && sha256sum -c /sums && sh /tmp/a",)),
        Sample(history=("RUN /bin/sh -c curl https://get.example/a.tar.gz | tar xz",)),
        Sample(history=("RUN /bin/sh -c echo curl is nice && cat x | sh",)),
        Sample(history=("COPY curl.sh /bin/ # buildkit",)),
    ),
)
