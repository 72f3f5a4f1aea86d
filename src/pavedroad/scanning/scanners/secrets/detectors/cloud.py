"""Client files of cloud providers: AWS, S3 tools, boto, Google, Azure, DigitalOcean, Heroku, OpenStack, Oracle, Alibaba, IBM, Linode."""

# ruff: noqa: E501 - a pattern or sentence is easier to check on one line

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.secrets.detectors._lines import Setting, Spec, basename, candidate, settings
from pavedroad.scanning.scanners.secrets.detectors._markup import attributes, json_values
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate

_SPEC = Spec("cloud", "cloud-credentials", "a cloud client's credentials file holds it")
_PATHS = re.compile(
    r"(?i)(?:^|/)(?:\.?aws/(?:credentials|config)|\.?aws[_-]?credentials[\w.-]*|rootkey\.csv|accesskeys?\.csv|credentials(?:\.csv|\.ini)?|\.credentials|\.s3cfg|s3cfg|\.s3ql/authinfo2|\.passwd-s3fs|passwd-s3fs|\.boto|boto\.cfg|boto|"
    r"\.tugboat|\.config/doctl/config\.yaml|doctl/config\.yaml|clouds?(?:-public)?\.ya?ml|secure\.yaml|openrc(?:\.sh)?|[\w-]+-openrc\.sh|\.oci/config|\.bluemix/config\.json|linode-cli|\.linode-cli|"
    r"\.azure/[\w.-]+|azureprofile\.json|accesstokens\.json|service_principal\.json|heroku\.json|\.heroku/[\w.-]+|\.fog|fog|\.jclouds|\.rackspace_cloud_credentials|\.aliyun/config\.json|"
    r"\.hcloud/[\w.-]+|cli\.toml|\.digitalocean|\.dropbox_uploader|\.gsutil/[\w.-]+|legacy_credentials/[\w./@-]+|application_default_credentials\.json|[\w.-]+\.publishsettings|"
    r"\.vultr|\.terraformrc|terraform\.rc|credentials\.tfrc\.json|\.pulumi/credentials\.json|\.ngrok2?/ngrok\.yml|ngrok\.yml|\.config/netlify/config\.json|\.vercel/auth\.json|\.wrangler/config/default\.toml|knife\.rb|\.trc|\.twurlrc)$"
)
_FIELDS = re.compile(
    r"(?i)^(?:aws_?)?(?:secret_?access_?key|session_?token|secret_?key|secret|access_?token|refresh_?token|api_?key|api_?token|auth_?token|authtoken|token|password|os_password|client_?secret|private_key|gs_secret_access_key|"
    r"gs_oauth2_refresh_token|gpg_passphrase|key_file_password|pass_phrase|account_key|accountkey|proxy_password|managementcertificate|userpwd|value|application_credential_secret|consumer_secret|oauth_access_token_secret)$"
)
_S3FS = re.compile(r"(?m)^[ \t]{0,64}(?:[\w.-]{3,63}:)?([A-Z0-9]{16,32}):([A-Za-z0-9/+=]{30,128})\s{0,64}$")
_CSV = re.compile(r"(?m)^(?:[^,\r\n]{0,128},){0,3}((?:AKIA|ASIA)[A-Z0-9]{16}),([A-Za-z0-9/+=]{40})\s{0,64}(?:,|$)")


class Cloud:
    """Known fields of known files."""

    name = "cloud"

    def selects(self, path: str) -> bool:
        return bool(_PATHS.search(path))

    def detect(self, path: str, text: str) -> Iterator[Candidate]:
        name = basename(path)
        if name.endswith(".publishsettings"):
            found = _publish_settings(text)
        elif text.lstrip()[:1] == "{":
            found = json_values(text)
        else:
            found = settings(text)
        for setting in found:
            if _wanted(setting):
                yield candidate(_typed(setting), text, setting.start, setting.end, setting.key)
        for pattern in (_S3FS, _CSV):
            for match in pattern.finditer(text):
                yield candidate(
                    _SPEC._replace(type="aws-secret-access-key"),
                    text,
                    match.start(2),
                    match.end(2),
                    "secret access key",
                )


def _wanted(setting: Setting) -> bool:
    key = setting.key.rpartition(":")[2]
    return len(setting.value) >= 6 and (promises_secret(key) or bool(_FIELDS.match(key) and key.lower() != "value"))


def _typed(setting: Setting) -> Spec:
    return _SPEC._replace(type="aws-secret-access-key") if setting.key.lower() == "aws_secret_access_key" else _SPEC


def _publish_settings(text: str) -> Iterator[Setting]:
    for _, found in attributes(text):
        for field in ("userpwd", "managementcertificate", "publishpassword"):
            if field in found:
                value, start, end = found[field]
                yield Setting("userPassword" if field != "managementcertificate" else "private_key", value, start, end)


DETECTOR = Cloud()
