"""Secrets: each format gives up its secret, at the right place, and keeps quiet where it holds none."""

# ruff: noqa: S608 - the SQL here is text to look at, never run

import base64

import pytest

from pavedroad.infra.plugins import registry
from pavedroad.scanning.scanners.secrets.catalogue import TYPES
from pavedroad.scanning.scanners.secrets.model import Candidate, Detector

DETECTORS: dict[str, Detector] = registry("pavedroad.scanning.scanners.secrets.detectors", "DETECTOR")
S = "Tul1p" + "-Harb0r!x9"
HEX = "9f86d081884c7d65" + "9a2feaa0c55ad015"
B64 = base64.b64encode(S.encode()).decode()
AUTH = base64.b64encode(f"bot:{S}".encode()).decode()
CRYPT = "$6$" + "saltsalt$" + "aB3" * 28 + "xy"

# path, text, what stands in it, the type
FORMATS = [
    (".env", f"A=1\nDB_PASSWORD={S}\n", S, "env-file"),
    ("app/.env.local", f"export API_KEY='{S}'\n", S, "env-file"),
    (".env", f"# OLD_TOKEN={S}\n", S, "env-file"),
    (".env", f"WEBHOOK={HEX}\n", HEX, "env-file"),
    (".netrc", f"machine h login u password {S}\n", S, "netrc"),
    (".npmrc", f"//registry.acme.io/:_authToken={HEX}\n", HEX, "package-registry"),
    (".pypirc", f"[pypi]\npassword = {S}\n", S, "package-registry"),
    ("nuget.config", f'<add key="ClearTextPassword" value="{S}" />', S, "package-registry"),
    (".m2/settings.xml", f"<server><password>{S}</password></server>", S, "package-registry"),
    (".git-credentials", f"https://u:{HEX}@git.acme.io\n", HEX, "git-credentials"),
    (".config/hub", f"github.com:\n- oauth_token: {HEX}\n", HEX, "git-credentials"),
    (".docker/config.json", f'{{"auths":{{"r":{{"auth":"{AUTH}"}}}}}}', AUTH, "container-registry"),
    (".kube/config", f"apiVersion: v1\nkind: Config\nusers:\n- user:\n    token: {HEX}\n", HEX, "kube-config"),
    ("s.yaml", f"apiVersion: v1\nkind: Secret\ndata:\n  password: {B64}\n", B64, "kubernetes-secret"),
    ("etc/shadow", f"root:{CRYPT}:1:0:9:7:::\n", CRYPT, "shadow"),
    (".htpasswd", "bob:$apr1$" + f"saltsalt${'aB3' * 7}x\n", "$apr1$" + f"saltsalt${'aB3' * 7}x", "htpasswd"),
    (".pgpass", f"h:5432:db:u:{S}\n", S, "database-client"),
    ("my.cnf", f'[client]\npassword="{S}"\n', S, "database-client"),
    ("robomongo.json", f'{{"userPassword": "{S}"}}', S, "database-client"),
    ("wp-config.php", f"define( 'DB_PASSWORD', '{S}' );", S, "framework-config"),
    ("wp-config.php", f"define('AUTH_KEY', '{HEX}');", HEX, "framework-secret"),
    ("web/settings.py", f"SECRET_KEY = '{S}'\n", S, "framework-secret"),
    ("config/database.yml", f"production:\n  password: {S}\n", S, "framework-config"),
    ("application.properties", f"spring.datasource.password={S}\n", S, "framework-config"),
    ("appsettings.json", f'{{"D": "Server=d;Password={S};"}}', S, "connection-string"),
    ("web.config", f'<add name="x" connectionString="Server=d;Password={S}" />', S, "connection-string"),
    ("dump.sql", f"INSERT INTO users (id, password) VALUES (1, '{S}');", S, "sql-password"),
    (
        "dump.sql",
        f"CREATE TABLE u (\n id int,\n passwd text\n);\nINSERT INTO u VALUES (1,'{HEX}');",
        HEX,
        "password-hash",
    ),
    ("d.sql", f"COPY u (id, password) FROM stdin;\n1\t{S}\n\\.\n", S, "sql-password"),
    ("sitemanager.xml", f'<Server><Pass encoding="base64">{B64}</Pass></Server>', B64, "file-transfer-client"),
    ("sftp-config.json", f'{{"password": "{S}", // why\n}}', S, "file-transfer-client"),
    ("WinSCP.ini", f"[Sessions]\nPassword={HEX}\n", HEX, "file-transfer-client"),
    (".idea/dataSources.xml", f'<x password="{S}"/>', S, "ide-credentials"),
    ("credentials.xml", f"<hudson.x><password>{S}</password></hudson.x>", S, "jenkins-credentials"),
    ("logins.json", f'{{"encryptedPassword": "{B64}"}}', B64, "browser-logins"),
    (".aws/credentials", f"[d]\naws_secret_access_key = {HEX}\n", HEX, "aws-secret-access-key"),
    (".s3cfg", f"[d]\nsecret_key = {HEX}\n", HEX, "cloud-credentials"),
    (".tugboat", f"authentication:\n  api_key: {HEX}\n", HEX, "cloud-credentials"),
    ("config/master.key", f"{HEX}\n", HEX, "vault-password"),
    (".vault_pass", f"{S}\n", S, "vault-password"),
    (".muttrc", f'set imap_pass = "{S}"\n', S, "mail-client"),
    (".msmtprc", f"password {S}\n", S, "mail-client"),
    ("wpa_supplicant.conf", f'network={{\n psk="{S}"\n}}\n', S, "network-credentials"),
    ("chap-secrets", f"client * {S} *\n", S, "network-credentials"),
    ("ventrilo_srv.ini", f"[S]\nAdminPassword={S}\n", S, "server-config"),
    ("x.tfstate", f'{{"attributes": {{"password": "{S}"}}}}', S, "terraform-state"),
    ("x.tfvars", f'db_password = "{S}"\n', S, "terraform-variable"),
    ("v.tf", f'variable "db_password" {{\n  default = "{S}"\n}}\n', S, "terraform-variable"),
    ("v.tf", f'variable "rds-password" {{\n  default = "{S}"\n}}\n', S, "terraform-variable"),
    ("s.tf", f'  secret_string = "{S}"\n', S, "stored-secret"),
    ("s.tf", f'secret_string = jsonencode({{\n  first_key = "{S}"\n}})\n', S, "stored-secret"),
    (".gitlab-ci.yml", f"variables:\n  DEPLOY_TOKEN: {HEX}\n", HEX, "ci-variable"),
    (".github/workflows/a.yml", f"env:\n  API_KEY: {HEX}\n", HEX, "ci-variable"),
    ("docker-compose.yml", f"environment:\n  - DB_PASSWORD={S}\n", S, "infrastructure-config"),
    ("Dockerfile", f"ENV DB_PASSWORD {S}\n", S, "infrastructure-config"),
    (".bash_history", f"export DB_PASSWORD={S}\n", S, "shell-password"),
    ("a.ldif", f"dn: cn=a\nuserPassword: {S}\n", S, "assigned-secret"),
    ("a.ldif", f"dn: cn=a\nolcRootPW:: {B64}\n", B64, "assigned-secret"),
]

QUIET = [
    (".netrc", "machine h login u\n# password x\n"),
    (".docker/config.json", '{"credsStore": "secretservice", "auths": {"r": {}}}'),
    (".pgpass", "# h:5432:db:u:commented\n"),
    (".git-credentials", "https://git.acme.io\n"),
    ("etc/shadow", "daemon:*:1:0:9:7:::\nbin:!:1::::::\n"),
    ("s.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  password: abc\n"),
    ("dump.sql", "INSERT INTO t (id, name) VALUES (1, 'Tulip');"),
    (".github/workflows/a.yml", "permissions:\n  id-token: write\n"),
    ("x.tfvars", 'region = "eu-west-1"\n'),
    ("a.ldif", "dn: cn=a\nuserPassword: {SSHA}abcdefgh\nuserPassword:: !!!\ndescription: userPassword: x\n"),
    ("s.tf", 'secret_string = jsonencode({\n  username = "Tulip_Harbor"\n  host = "db.acme.io"\n})\n'),
]


def found(path: str, text: str) -> list[Candidate]:
    return [c for d in DETECTORS.values() if d.selects(path) for c in d.detect(path, text)]


@pytest.mark.parametrize(("path", "text", "value", "kind"), FORMATS)
def test_the_format_gives_up_its_secret_at_the_right_place(path: str, text: str, value: str, kind: str) -> None:
    hits = [c for c in found(path, text) if c.type == kind]
    assert value in [text[c.start : c.end] for c in hits]


@pytest.mark.parametrize(("path", "text"), QUIET)
def test_a_file_without_secret_gives_nothing(path: str, text: str) -> None:
    assert found(path, text) == []


def test_a_coded_secret_is_decoded_for_its_hash() -> None:
    (one,) = found(".docker/config.json", f'{{"auths":{{"r":{{"auth":"{AUTH}"}}}}}}')
    assert one.secret == S.encode()


def test_base64_in_ldif_is_decoded_also_where_it_is_folded_and_hashes_are_left_out() -> None:
    folded = f"userPassword:: {B64[:9]}\n {B64[9:]}\ncn: x\n"
    assert [c.secret for c in found("a.ldif", folded)] == [S.encode()]
    hashed = base64.b64encode(b"{SSHA}abcdefgh").decode()
    assert found("a.ldif", f"userPassword:: {hashed}\n") == []
    assert [c.secret for c in found("a.ldif", f"userPassword: {{CLEAR}}{S}\n")] == [S.encode()]


def test_every_type_a_detector_names_is_in_the_catalogue() -> None:
    kinds = {c.type for path, text, _, _ in FORMATS for c in found(path, text)}
    assert kinds <= TYPES.keys()


def test_a_dump_of_a_million_users_is_one_problem() -> None:
    rows = ",".join(f"({i},'{S}{i}')" for i in range(3000))
    assert len(found("dump.sql", f"INSERT INTO users (id, password) VALUES {rows};")) <= 20


def test_xml_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Server><Pass>&b;&b;</Pass></Server>'
    assert [bomb[c.start : c.end] for c in found("sitemanager.xml", bomb)] == ["&b;&b;"]
