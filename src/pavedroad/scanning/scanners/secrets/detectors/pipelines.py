"""CI definitions, and infrastructure files around them: variables set to literal values."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.detectors._lines import Setting, Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate

_CI = re.compile(
    r"(?i)(?:^|/)(?:\.gitlab-ci[\w.-]*\.ya?ml|\.github/(?:workflows|actions)/.+\.ya?ml|\.circleci/config\.ya?ml|circle\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml|\.woodpecker[\w./-]*\.ya?ml|appveyor\.ya?ml|\.appveyor\.ya?ml|"
    r"azure-pipelines[\w.-]*\.ya?ml|bitbucket-pipelines\.ya?ml|buildspec\.ya?ml|cloudbuild\.ya?ml|\.buildkite/.+\.ya?ml|wercker\.ya?ml|codeship-[\w.-]+\.ya?ml|jenkinsfile[\w.-]*|\.semaphore/.+\.ya?ml|\.cirrus\.ya?ml|teamcity[\w.-]*)$"
)
_INFRA = re.compile(
    r"(?i)(?:^|/)(?:[\w.-]*(?:docker-)?compose[\w.-]*\.ya?ml|(?:docker|container)file[\w.-]*|[\w.-]+\.dockerfile|(?:group_vars|host_vars|vars|defaults|pillar|playbooks?|roles|inventor(?:y|ies)|hiera|hieradata)/(?:[^/]+/)*[\w-]+(?:\.ya?ml|\.ini|\.json|\.j2|\.sls)?|"
    r"hosts(?:\.ini)?|inventory(?:\.ini|\.ya?ml)?|vagrantfile|[\w@.-]+\.service|app\.ya?ml|serverless\.ya?ml|template\.ya?ml|cloud-?(?:init|config)[\w.-]*|user-?data[\w.-]*|preseed\.cfg|ks\.cfg|[\w.-]+\.ks|(?:auto)?unattend\.xml|helmfile\.ya?ml|values[\w.-]*\.ya?ml|nomad[\w.-]*\.hcl)$"
)
_CI_SPEC = Spec("pipelines", "ci-variable", "a pipeline definition gives this name a literal value")
_INFRA_SPEC = Spec("pipelines", "infrastructure-config", "an infrastructure file gives this name a literal value")
# NAME=value inside a line: compose lists, Dockerfile ENV and ARG, Environment= of units, -e of docker run, Groovy, inventories.
_INLINE = re.compile(
    r"(?:^|[\s\"'(,=])([A-Za-z_][\w.\-]{1,80})=(?:\"([^\"\r\n]{3,256})\"|'([^'\r\n]{3,256})'|([^\s\"'`;,)]{3,256}))",
    re.MULTILINE,
)
_ENV_SPACE = re.compile(r"(?mi)^[ \t]{0,64}(?:ENV|ARG)\s{1,64}([A-Za-z_]\w{1,80})\s{1,64}\"?([^\s\"=][^\s\"]{2,255})")
_ENCRYPTED = re.compile(r"(?i)(?:secure|encrypted)$")


class Pipelines:
    """Names that promise a secret, with a literal value."""

    name = "pipelines"

    def selects(self, path: str) -> bool:
        return bool(_CI.search(path) or _INFRA.search(path))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        spec = _CI_SPEC if _CI.search(path) else _INFRA_SPEC
        seen: set[int] = set()
        for setting in (*settings(text), *_inline(text)):
            if setting.start in seen or not promises_secret(setting.key) or _ENCRYPTED.search(setting.key):
                continue
            seen.add(setting.start)
            if _literal(setting, path):
                yield candidate(spec, text, setting.start, setting.end, setting.key, quoted=setting.quoted)


def _inline(text: str) -> Iterator[Setting]:
    for match in _INLINE.finditer(text):
        group = next(i for i in (2, 3, 4) if match[i] is not None)
        yield Setting(match[1], match[group], match.start(group), match.end(group), "", group != 4)
    for match in _ENV_SPACE.finditer(text):
        yield Setting(match[1], match[2], match.start(2), match.end(2))


def _literal(setting: Setting, path: str) -> bool:
    """GitHub's permission and input tables use names like ``id-token: write``."""
    value = setting.value
    if value.lower() in ("write", "read", "none", "inherit", "required", "true", "false") or value.startswith(
        ("[", "{", "|", ">", "&", "*")
    ):
        return False
    return not (basename(path).startswith("jenkinsfile") and not setting.quoted)


DETECTOR = Pipelines()
