"""Files of a person or a repository lie in the image

A whole `.git` folder tells every reader of the image the history of the source, with secrets that were removed long
ago. Files in which tools keep logins (`.aws/credentials`, `.kube/config`, `.docker/config.json`, `.netrc`, `.env` ...)
come from the machine that built it. What stands inside is judged by the secrets scanner.

**How to fix.** Copy what the application needs instead of `.`, keep a `.dockerignore`, and give credentials to a build
as build secrets (`RUN --mount=type=secret`).
"""

import re
from collections.abc import Iterator

from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.scanners.image.feed import FileLine
from pavedroad.scanning.scanners.image.model import FILES, Hit, Image, ImageRule, Sample

_REPOSITORY = re.compile(r"(?:^|/)\.(?:git|svn|hg|bzr)$")
_LOGIN = re.compile(
    r"(?:^|/)(?:\.aws/credentials|\.azure/(?:accessTokens|azureProfile)\.json|\.config/gcloud/(?:credentials\.db|"
    r"application_default_credentials\.json)|\.kube/config|\.docker/config\.json|\.dockercfg|\.netrc|_netrc|\.pgpass|"
    r"\.my\.cnf|\.git-credentials|\.pypirc|\.vault-token|\.terraform\.d/credentials\.tfrc\.json|\.cargo/credentials(?:\.toml)?|"
    r"\.gem/credentials|\.config/gh/hosts\.yml|\.boto|\.s3cfg)$"
)
_MAYBE = re.compile(
    r"(?:^|/)(?:\.npmrc|\.yarnrc\.yml|\.env(?:\.(?:local|prod|production|staging))?|\.bash_history|\.\w+_history)$"
)
_AUTHORIZED = re.compile(r"(?:^|/)\.ssh/authorized_keys2?$")
_PACKAGED = re.compile(r"/node_modules/|/site-packages/|/dist-packages/|^usr/share/doc/|^etc/skel/")


def look(image: Image) -> Iterator[Hit]:
    """By name alone, packages of others left out."""
    for file in image.files:
        if _PACKAGED.search(f"{file.path}/"):
            continue
        if file.kind == "directory" and _REPOSITORY.search(file.path):
            yield _hit(file, "the history of a repository", Severity.MEDIUM)
        elif file.kind == "file" and file.size:
            yield from _file(file)


def _file(file: FileLine) -> Iterator[Hit]:
    if _LOGIN.search(file.path):
        yield _hit(file, "a file in which a tool keeps logins", Severity.MEDIUM)
    elif _AUTHORIZED.search(file.path):
        yield _hit(file, "a list of keys that may log in", Severity.LOW)
    elif _MAYBE.search(file.path):
        yield _hit(file, "a file that often holds secrets", Severity.LOW, Confidence.LOW)


def _hit(file: FileLine, what: str, severity: Severity, confidence: Confidence | None = None) -> Hit:
    return Hit(
        message=f"/{file.path} is {what}.", path=file.path, layer=file.layer, severity=severity, confidence=confidence
    )


RULE = ImageRule(
    name="private-files",
    title="Files of a person or a repository lie in the image",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    reads=FILES,
    cwe=(527, 538),
    benchmark="4.10",
    remedy=Remediation(
        text="Copy only what the application needs, and list the rest in .dockerignore.",
        before="COPY . /app",
        after="COPY src/ /app/src/\n\n# .dockerignore\n.git\n.env*",
    ),
    look=look,
    bad=(
        Sample(files=(FileLine(path="app/.git", kind="directory"),)),
        Sample(files=(FileLine(path="root/.aws/credentials", size=120),)),
        Sample(files=(FileLine(path="app/.env", size=10),)),
        Sample(files=(FileLine(path="root/.ssh/authorized_keys", size=10),)),
    ),
    good=(
        Sample(files=(FileLine(path="app/.gitignore", size=10), FileLine(path="app/.git", kind="file", size=30))),
        Sample(files=(FileLine(path="app/node_modules/x/.env", size=10), FileLine(path="app/.env.example", size=10))),
        Sample(files=(FileLine(path="root/.aws/credentials"),)),
    ),
)
