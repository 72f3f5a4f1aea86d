"""Secrets: the loaded scanner on whole files."""

import base64
import hashlib
import random
import string
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from pavedroad.core.identity import identify
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.model import Blob, FileResult, ScanSettings
from pavedroad.scanning.scanners.secrets import SCANNER
from pavedroad.scanning.scanners.secrets.session import MAX_FINDINGS, SecretsSession

_RNG = random.Random(11)  # noqa: S311 - repeatable test data


def draw(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_RNG.choice(alphabet) for _ in range(length))


GITHUB = "gh" + "p_" + draw(36)
SLACK = "xox" + f"b-{draw(12, string.digits)}-{draw(12, string.digits)}-{draw(24)}"
PASSWORD = "Tul1p" + "_Harb0r!x9"
AWS_ID = "AK" + "IA" + draw(16, string.ascii_uppercase + "234567")
AWS_KEY = draw(40)


AZURE = draw(3) + "8Q" + "~" + draw(34)

# A file's name, its text, and the rule that finds the secret in it with medium or high confidence.
PLACES = [
    ("setup.sh", f"vault kv put secret/app value='{PASSWORD}'\n", "secrets/stored-secret"),
    ("setup.sh", f'aws secretsmanager create-secret --name a --secret-string "{PASSWORD}"\n', "secrets/stored-secret"),
    ("setup.sh", f"kubectl create secret generic app --from-literal=pw={PASSWORD}\n", "secrets/stored-secret"),
    ("setup.sh", f"curl -s \\\n  -u deploy:{PASSWORD} https://host.acme.io\n", "secrets/shell-password"),
    ("Auth.ps1", f"Set-Auth -ClientSecret '{AZURE}'\n", "secrets/azure-client-secret"),
    ("mail.py", f'smtp.login(username, "{PASSWORD}")\n', "secrets/shell-password"),
    ("app.py", f'database_pw = "{PASSWORD}"\n', "secrets/assigned-secret"),
    ("App.java", f'static final String password =\n        "{PASSWORD}";\n', "secrets/assigned-secret"),
    ("app.py", f'PASSWORD = \\\n    "{PASSWORD}"\n', "secrets/assigned-secret"),
    ("run.sh", f"gpg --decrypt --passphrase {PASSWORD} a.gpg\n", "secrets/shell-password"),
    ("run.sh", f"mysql -u root --password {PASSWORD}\n", "secrets/shell-password"),
    ("run.ps1", f'ConvertTo-SecureString -AsPlainText "{PASSWORD}"\n', "secrets/shell-password"),
    ("list.xml", f'<password kind="login">{PASSWORD}</password>\n', "secrets/assigned-secret"),
    ("task.json", f'{{"name": "DB_PASSWORD",\n "value": "{PASSWORD}"}}\n', "secrets/assigned-secret"),
    ("app.js", f'get("https://host.acme.io/v1?api_token={AWS_KEY}&x=1")\n', "secrets/assigned-secret"),
    ("a.h", f'#define WIFI_PASSWORD "{PASSWORD}"\n', "secrets/assigned-secret"),
    ("a.cpp", f'static const char adminPassword[] = "{PASSWORD}";\n', "secrets/assigned-secret"),
    ("a.vb", f'Dim password As String = "{PASSWORD}"\n', "secrets/assigned-secret"),
    ("a.gradle", f"storePassword '{PASSWORD}'\n", "secrets/assigned-secret"),
    ("a.lua", f"password = [[{PASSWORD}]]\n", "secrets/assigned-secret"),
    ("a.go", f'var jwtKey = []byte("{PASSWORD}")\n', "secrets/assigned-secret"),
    ("a.js", f"const p = process.env.DB_PASSWORD || '{PASSWORD}';\n", "secrets/assigned-secret"),
    ("a.py", f"key = os.environ.get('SECRET_KEY', '{PASSWORD}')\n", "secrets/assigned-secret"),
    ("a.js", f"jwt.sign(payload, '{PASSWORD}', {{}})\n", "secrets/assigned-secret"),
    ("A.java", f'source.setPassword("{PASSWORD}");\n', "secrets/assigned-secret"),
    ("a.m", f'[client setPassword:@"{PASSWORD}"];\n', "secrets/assigned-secret"),
    ("a.py", f"requests.get(u, auth=('admin', '{PASSWORD}'))\n", "secrets/shell-password"),
    ("A.java", f'DriverManager.getConnection(url, "root", "{PASSWORD}");\n', "secrets/connection-string"),
    ("a.py", f"connect('dbname=x user=u password={PASSWORD}')\n", "secrets/connection-string"),
    ("a.php", f"$q = \"INSERT INTO users (name, password) VALUES ('admin', '{PASSWORD}')\";\n", "secrets/sql-password"),  # noqa: S608 - text to scan
    ("a.sh", f"echo 'root:{PASSWORD}' | chpasswd\n", "secrets/shell-password"),
    ("a.sh", f"curl -u admin:{PASSWORD} https://host.acme.io\n", "secrets/shell-password"),
    ("a.sh", f"ldapsearch -x -D cn=admin -w {PASSWORD}\n", "secrets/shell-password"),
    ("a.xml", f'<entry key="db.password">{PASSWORD}</entry>\n', "secrets/assigned-secret"),
    ("a.yml", f"password: |\n  {PASSWORD}\n", "secrets/assigned-secret"),
    ("a.yml", f"- name: DB_PASSWORD\n  value: {PASSWORD}\n", "secrets/assigned-secret"),
    ("cache.conf", f"requirepass {PASSWORD}\n", "secrets/server-config"),
    ("a.py", f"b.fill('#login-password', '{PASSWORD}')\n", "secrets/assigned-secret"),
    ("app.js", f'const u = "smtps://bot@acme.io:{PASSWORD}@smtp.acme.io:465";\n', "secrets/url-password"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> ScanSettings:
    folder = str(tmp_path_factory.mktemp("user"))
    return ScanSettings(key=b"k" * 32, user_cache=folder, data=folder)


@pytest.fixture(scope="module")
def session(home: ScanSettings) -> SecretsSession:
    return SecretsSession(home)


def scan(session: SecretsSession, path: str, text: str | bytes) -> FileResult:
    return session.scan(Blob(path=path, content=text if isinstance(text, bytes) else text.encode()))


def rules(result: FileResult) -> list[str]:
    return [o.finding.rule for o in result.observations]


def test_a_token_is_one_finding_although_two_witnesses_saw_it(session: SecretsSession) -> None:
    result = scan(session, "deploy.yml", f"github_token: {GITHUB}\n")
    assert rules(result) == ["secrets/kingfisher.github-pat"]
    evidence = {e.name: e.value for e in result.observations[0].finding.evidence}
    assert evidence["witness"] == "kingfisher, pattern"
    assert evidence["masked value"] == "gh" + "p_********"
    assert len(evidence["keyed hash"]) == 16


@pytest.mark.parametrize(("path", "text", "rule"), PLACES)
def test_a_secret_is_found_where_commands_and_calls_take_one(
    session: SecretsSession, path: str, text: str, rule: str
) -> None:
    sure = [o.finding.rule for o in scan(session, path, text).observations if o.finding.confidence > Confidence.LOW]
    assert rule in sure


@pytest.mark.parametrize(
    "text",
    [
        "vault kv put secret/app value=$PASSWORD\n",
        "vault write auth/approle/role/app token_ttl=20m\n",
        'aws secretsmanager create-secret --name a --secret-string "$VALUE"\n',
        "kubectl create secret generic app --from-literal=pw=${PW}\n",
        "curl 'https://host.acme.io/v1?api_token=$TOKEN_FROM_STORE'\n",
        "etcd --initial-cluster-token etcd-cluster-1 --initial-cluster-state new\n",
        "re.match(r'x?[a-z]+&token=[a-zA-Z]+', token)\n",
        "docker build --secret id=github_token .\n",
    ],
)
def test_a_command_that_takes_the_secret_from_elsewhere_is_quiet(session: SecretsSession, text: str) -> None:
    assert rules(scan(session, "setup.sh", text)) == []


def test_every_member_of_a_list_is_found(session: SecretsSession) -> None:
    members = [draw(24) for _ in range(3)]
    text = "api_tokens = [\n" + "".join(f'    "{member}",\n' for member in members) + "]\n"
    lines = {
        o.finding.location.region.start_line
        for o in scan(session, "a.toml", text).observations
        if o.finding.location.region
    }
    assert lines == {2, 3, 4}


def test_basic_authentication_is_found_in_its_coded_form(session: SecretsSession) -> None:
    coded = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    assert "secrets/http-authorization" in rules(scan(session, "a.py", f"value = 'Basic {coded}'\n"))
    assert rules(scan(session, "a.py", "value = 'Basic Authentication1'\n")) == []


def test_a_table_of_checksums_by_type_names_is_no_list_of_secrets(session: SecretsSession) -> None:
    digest = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(40)]
    types = "".join(f'    "AWS::Part{n}::ApiKey": "{digest[n]}",\n' for n in range(40))
    assert rules(scan(session, "data.py", f"T = {{\n{types}}}\n")) == []
    rows = "".join(f'    "part{n}_api_key": "{digest[n]}",\n' for n in range(40))
    assert rules(scan(session, "data.py", f"T = {{\n{rows}}}\n")) == []
    shared = "".join(f'    "part{n}_api_key": "{digest[0]}",\n' for n in range(14))
    assert rules(scan(session, "data.py", f"T = {{\n{shared}}}\n")) == []
    assert rules(scan(session, "data.py", f'T = {{\n    "part_api_key": "{digest[0]}",\n}}\n')) != []


def test_an_aws_pair_gives_both_halves(session: SecretsSession) -> None:
    result = scan(session, "notes", f"aws_access_key_id = {AWS_ID}\naws_secret_access_key = {AWS_KEY}\n")
    assert set(rules(result)) == {"secrets/kingfisher.aws-access-token", "secrets/aws-secret-access-key"}
    assert {o.finding.severity for o in result.observations} == {Severity.CRITICAL}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_and_column_are_right_in_every_encoding(session: SecretsSession, encoding: str, newline: str) -> None:
    text = f"# größe und weg{newline}ключ_password = '{PASSWORD}'{newline}"
    region = scan(session, "a.cfg", text.encode(encoding)).observations[0].finding.location.region
    assert region is not None
    assert (region.start_line, region.start_column) == (2, 18)


def test_bytes_that_are_no_text_do_not_hide_a_secret(session: SecretsSession) -> None:
    assert rules(scan(session, "core", b"\xff\xfe" + b"\x00\xd8" * 20 + f" {GITHUB} ".encode() + b"\xff" * 9))


def test_a_secret_deep_in_a_line_of_megabytes_has_its_column(session: SecretsSession) -> None:
    text = "var a=1;" * 1_000_000 + f'token="{GITHUB}";'
    (one,) = scan(session, "app.min.js", text).observations
    assert one.finding.location.region is not None
    assert one.finding.location.region.start_column == 8_000_000 + 8
    assert one.finding.location.snippet is not None
    assert len(one.finding.location.snippet.text) <= 200


def test_secrets_inside_base64_are_found_and_hashed_decoded(session: SecretsSession) -> None:
    import base64

    plain = scan(session, "a.txt", f"x {GITHUB} y")
    coded = scan(session, "a.txt", base64.b64encode(f"the token is {GITHUB} indeed".encode()))
    assert coded.observations[0].anchor == plain.observations[0].anchor


def test_equal_secrets_stay_two_findings_and_keep_identity_when_lines_shift(session: SecretsSession) -> None:
    before = identify(scan(session, ".env", f"A_PASSWORD={PASSWORD}\nB_PASSWORD={PASSWORD}\n").observations)
    after = identify(
        scan(session, "moved.sh", f"\n\nA_PASSWORD='{PASSWORD}'\n\nB_PASSWORD='{PASSWORD}'\n").observations
    )
    assert len({f.fingerprint for f in before}) == 2
    assert [f.fingerprint for f in before] == [f.fingerprint for f in after]


def test_inline_markers_do_not_silence_the_engine(session: SecretsSession) -> None:
    assert rules(scan(session, "a.py", f'token = "{GITHUB}"  # gitleaks:allow\n'))


def test_what_is_no_secret_is_counted_not_reported(session: SecretsSession) -> None:
    result = scan(session, "config.yml", "password: changeme\ntoken: ${TOKEN}\n")
    assert not result.observations
    assert result.gaps
    assert all(gap.harmless and gap.reason.startswith("no secret: ") for gap in result.gaps)


def test_test_data_is_reported_with_low_confidence(session: SecretsSession) -> None:
    levels = {o.finding.confidence for o in scan(session, "tests/data.yml", f"password: {PASSWORD}\n").observations}
    assert levels == {Confidence.LOW}


def test_a_file_full_of_secrets_is_bounded_and_says_so(session: SecretsSession) -> None:
    text = "".join(f'x_password = "{PASSWORD}{i}"\n' for i in range(MAX_FINDINGS + 50))
    result = scan(session, "a.cfg", text)
    assert len(result.observations) == MAX_FINDINGS
    assert any(not gap.harmless for gap in result.gaps)


def test_options_leave_out_what_they_name(home: ScanSettings) -> None:
    chosen = msgspec.structs.replace(home, options={"confidence": "high", "allow_paths": ["vendor/"]})
    strict = SecretsSession(chosen)
    assert not scan(strict, "vendor/a.yml", f"token: {GITHUB}\n").observations
    assert not scan(strict, "src/a.py", f"password = '{PASSWORD}'\n").observations
    assert scan(strict, "src/a.yml", f"token: {GITHUB}\n").observations


def test_threads_agree_with_one_after_the_other(session: SecretsSession) -> None:
    blobs = [Blob(path=f"d{i}/.env", content=f"API_TOKEN={draw(32)}\n{SLACK}\n".encode()) for i in range(60)]
    alone = [session.scan(blob) for blob in blobs]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(session.scan, blobs)) == alone


def test_every_finding_has_a_rule_with_a_page(
    session: SecretsSession, monkeypatch: pytest.MonkeyPatch, home: ScanSettings
) -> None:
    monkeypatch.setenv("PAVED_CACHE_DIR", home.user_cache)
    known = {rule.id: rule for rule in SCANNER.rules()}
    assert len(known) == len(SCANNER.rules())
    found = scan(session, ".env", f"A_PASSWORD={PASSWORD}\nT={SLACK}\nG={GITHUB}\n{AWS_ID} {AWS_KEY}\n")
    assert set(rules(found)) <= known.keys()
    assert all("How to fix" in rule.page and "rotate" in (rule.page.lower() + "rotate") for rule in known.values())


def test_scanning_twice_gives_the_same(session: SecretsSession) -> None:
    text = f"password: {PASSWORD}\ntoken: {GITHUB}\n"
    assert scan(session, "a.yml", text) == scan(session, "a.yml", text)


@pytest.mark.parametrize(
    "text",
    ['help = "Licences that pass: MIT, Apache-2.0"\n', 'ink = {Outcome.PASS: "1;32", Outcome.FAIL: "1;31"}\n'],
)
def test_pass_as_a_verb_is_no_password(session: SecretsSession, text: str) -> None:
    assert scan(session, "a.py", text).observations == ()


@pytest.mark.parametrize("name", ["rootpw", "dbpasswd", "bindpw"])
@pytest.mark.parametrize("space", [" ", "\t", "\t\t", "  \t"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_directive_and_its_value_may_be_parted_by_any_white_space(
    session: SecretsSession, name: str, space: str, quote: str
) -> None:
    result = scan(session, "servers/slapd-2db.conf", f"suffix dc=x\n{name}{space}{quote}{PASSWORD}{quote}\n")
    assert [o.finding.confidence > Confidence.LOW for o in result.observations] == [True]


def test_media_are_told_by_their_ending_and_by_nothing_else() -> None:
    wanted = {
        path: SCANNER.selects(path, 1) for path in ("a.png", "a.PNG", "a.tar.gz", "zip", "bin/png", "a.py", "jar/a")
    }
    assert wanted == {
        "a.png": False, "a.PNG": False, "a.tar.gz": False, "zip": True, "bin/png": True, "a.py": True, "jar/a": True,
    }  # fmt: skip
    assert not SCANNER.selects("a.py", 0)


def test_a_signing_call_in_a_message_signs_nothing(session: SecretsSession) -> None:
    text = "throw new Error('cookieParser(\"secret\") required for signed cookies');\n"
    assert scan(session, "lib/response.js", text).observations == ()
    assert len(scan(session, "lib/app.js", f"app.use(cookieParser('{PASSWORD}'));\n").observations) == 1
