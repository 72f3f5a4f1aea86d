"""Secrets: what is recognised as no secret, with a reason, and what only lowers the confidence."""

import msgspec
import pytest

from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.judgement import judge, no_secret
from pavedroad.scanning.scanners.secrets.keys import promises_secret
from pavedroad.scanning.scanners.secrets.model import Candidate
from pavedroad.scanning.scanners.secrets.values import password_like, random_token, wordy

RANDOM = "fK3" + "x9Qm2Lp7Zr4Tb8Vw1Ns6Hd"


def candidate(secret: str, kind: str = "assigned-secret", *, key: str = "password", placed: bool = False) -> Candidate:
    return Candidate(
        start=0,
        end=len(secret),
        secret=secret.encode(),
        type=kind,
        confidence=Confidence.HIGH if placed else Confidence.MEDIUM,
        witness="test",
        why="it stands there",
        key=key,
        placed=placed,
        quoted=True,
    )


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("${DB_PASSWORD}", "refers"),
        ("$DB_PASSWORD", "refers"),
        ("{{ vault_password }}", "refers"),
        ("%(password)s", "refers"),
        ("<%= ENV['PW'] %>", "refers"),
        ("<your-key>", "refers"),
        ("os.environ['PW']", "refers"),
        ("process.env.PW", "refers"),
        ("vault:secret/data/x", "refers"),
        ("op://vault/item/field", "refers"),
        ("ENC[AES256_GCM,data:abc]", "refers"),
        ("arn:aws:secretsmanager:eu-west-1:1:secret:x", "refers"),
        ("changeme", "placeholder"),
        ("change-me-please", "placeholder"),
        ("your-api-key-here", "placeholder"),
        ("replace_this_value", "placeholder"),
        ("xxxxxxxxxxxx", "masked"),
        ("********", "masked"),
        ("aaaaaaaaaaaa", "masked"),
        ("AKIA" + "IOSFODNN7EXAMPLE", "example"),
        ("abcdefghijklmnop", "sequence"),
        ("1234567890", "sequence"),
        ("qwertyuiop", "sequence"),
        ("ab", "short"),
    ],
)
def test_what_is_no_secret_is_dropped_with_its_reason(value: str, word: str) -> None:
    assert word in (no_secret(value) or "")


def test_a_value_that_repeats_its_name_is_dropped() -> None:
    assert "own name" in (no_secret("db-password", "DB_PASSWORD") or "")


@pytest.mark.parametrize("value", [RANDOM, "Tulip_Harbor4711!", "hunter2x", "pa$$Word-77", "Zq8#kPwmX2"])
def test_real_looking_values_are_not_dropped(value: str) -> None:
    assert no_secret(value, "password") is None


@pytest.mark.parametrize(
    "value", ["password", "none", "string", "get_password()", "/etc/passwd", "user.name", "snake_case_name"]
)
def test_guesses_that_are_words_or_code_are_dropped(value: str) -> None:
    assert judge(candidate(value), "src/app.py").confidence is None


@pytest.mark.parametrize("value", ["admin" + "123", "letmein", "test" + "123", "hunter" + "2", "sunshine"])
def test_a_password_that_everybody_tries_first_still_opens_what_it_is_set_for(value: str) -> None:
    assert judge(candidate(value), "src/app.py").confidence is Confidence.MEDIUM
    assert judge(candidate(value), "deploy/app.yml").confidence is Confidence.MEDIUM
    assert judge(candidate(value), "docs/setup.md").confidence in (None, Confidence.LOW)
    assert judge(candidate(value), "tests/test_app.py").confidence in (None, Confidence.LOW)


def test_a_word_in_a_comment_or_under_a_name_that_means_a_text_is_not_sure() -> None:
    commented = msgspec.structs.replace(candidate("letmein"), commented=True)
    assert judge(commented, "src/app.py").confidence is None
    for key in ("invalid_password", "confirmPassword", "passwordLabel", "nopassword"):
        assert judge(candidate("letmein", key=key), "src/app.py").confidence in (None, Confidence.LOW)


def test_the_name_of_a_field_is_no_default_password_in_code_but_is_one_in_configuration() -> None:
    assert judge(candidate("password", key="KEY_PASSWORD"), "src/Keys.java").confidence is None
    assert judge(candidate("password", key="DB_PASSWORD"), "compose.yml").confidence is Confidence.MEDIUM


def test_a_uuid_is_a_secret_only_under_a_name_that_says_so() -> None:
    value = "0b61c1ab-6a7e-4b61-9cc1-0d7a1a2b3c4d"
    assert judge(candidate(value, key="client_secret"), "a.yml").confidence is not None
    assert judge(candidate(value, key="GUID_USER_CHANGE_PASSWORD"), "a.h").confidence is None


@pytest.mark.parametrize(
    "path", ["po/localization/de/labels.inc", "docs-xml/manpages/net.8.xml", "src/LocalStrings.properties"]
)
def test_message_catalogues_and_manuals_are_documentation(path: str) -> None:
    assert judge(candidate("Passwort" + "wort9"), path).confidence in (None, Confidence.LOW)


def test_a_random_token_in_configuration_is_surer_than_in_code() -> None:
    assert judge(candidate(RANDOM, key="api_key"), "config/app.yml").confidence is Confidence.HIGH
    assert judge(candidate(RANDOM, key="api_key"), "src/app.py").confidence is Confidence.MEDIUM


@pytest.mark.parametrize("path", ["tests/test_app.py", "src/__tests__/a.js", "spec/fixtures/a.yml", "src/AppTest.java"])
def test_secrets_in_test_data_are_reported_with_low_confidence(path: str) -> None:
    verdict = judge(candidate(RANDOM, placed=True), path)
    assert verdict.confidence is Confidence.LOW
    assert "test data" in verdict.reason


def test_secrets_in_documentation_are_reported_with_low_confidence() -> None:
    assert judge(candidate(RANDOM, placed=True), "docs/setup.md").confidence is Confidence.LOW


def test_checksums_in_lock_files_are_no_secrets() -> None:
    assert judge(candidate(RANDOM, key="token"), "package-lock.json").confidence is None


def test_public_keys_and_identifiers_are_no_secrets() -> None:
    assert judge(candidate("ssh-ed25519 " + "AAAAC3NzaC1lZDI1NTE5AAAA"), "a.yml").confidence is None
    assert judge(candidate("0b61c1ab-6a7e-4b61-9cc1-0d7a1a2b3c4d", key="api_key"), "a.yml").confidence is None


def test_a_key_frame_without_a_key_is_dropped() -> None:
    frame = "-----BEGIN " + "PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"
    assert judge(candidate(frame, "private-key", placed=True), "a.pem").confidence is None


def test_the_ends_of_a_key_frame_as_constants_of_a_program_are_no_key() -> None:
    code = 'BEGIN PRIVATE KEY-----\\n";\n  private static final Object END_KEY = "\\n'
    frame = "-----" + code + "-----END PRIVATE KEY-----"
    assert judge(candidate(frame, "private-key", placed=True), "Context.java").confidence is None


def test_padding_at_the_end_of_a_key_is_no_code() -> None:
    body = "\n".join(RANDOM * 3 for _ in range(4)) + "=="
    key = "-----BEGIN " + f"PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"
    assert judge(candidate(key, "private-key", placed=True), "a.pem").confidence is Confidence.HIGH


@pytest.mark.parametrize(
    "value",
    [
        "AES-256-GCM",
        "PBEWithHmacSHA256AndAES_256",
        "#4caf50",
        "U2FsdGVkX1" + "9hbG90b2ZjaXBoZXJ0ZXh0",
        "/v1/accounts:resetPassword",
        r"App\Controllers\UserPassword2",
        ".$encodedPassword1",
        "id=github_token",
    ],
)
def test_algorithms_colours_paths_and_references_are_no_secrets(value: str) -> None:
    assert judge(candidate(value), "src/app.py").confidence is None


@pytest.mark.parametrize(
    "value", ["Le mot de passe est vide", "パスワードが見つかりません", "the user name is not valid"]
)
def test_sentences_of_a_message_catalogue_are_no_secrets(value: str) -> None:
    verdict = judge(candidate(value, "framework-config", key="noPassword", placed=True), "i18n.properties")
    assert verdict.confidence is None


def test_expressions_of_minified_code_are_no_connection_strings() -> None:
    verdict = judge(candidate("t.password),", "connection-string", placed=True), "bundle.js")
    assert verdict.confidence is None


def test_a_token_of_words_with_digits_is_sure_in_any_file() -> None:
    value = "Meadow" + "LanternPepper2023"
    assert judge(candidate(value, key="API_KEY"), "deploy.py").confidence is Confidence.MEDIUM


def test_the_secret_half_of_a_pair_is_worth_a_look_in_a_manual() -> None:
    verdict = judge(candidate(RANDOM, "aws-secret-access-key", placed=True), "docs/setup.md")
    assert verdict.confidence is Confidence.MEDIUM


def test_products_whose_names_sound_like_tests_are_judged_as_products() -> None:
    assert judge(candidate(RANDOM), "infra/rds_snapshot/main.py").confidence is Confidence.MEDIUM
    assert judge(candidate(RANDOM), "jira-integration/client.py").confidence is Confidence.MEDIUM
    assert judge(candidate(RANDOM), "src/integration/client.py").confidence is Confidence.LOW


def test_a_stretch_of_longer_encoded_data_is_dropped() -> None:
    inside = msgspec.structs.replace(candidate(RANDOM, "kingfisher.some-token", placed=True), embedded=True)
    assert judge(inside, "bundle.js").confidence is None


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "DB_PASSWORD",
        "dbPassword",
        "api-key",
        "API_KEY_PROD",
        "client.secret",
        "SECRET_KEY_BASE",
        "userPassword",
        "token2",
    ],
)
def test_names_that_promise_a_secret(name: str) -> None:
    assert promises_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "password_file",
        "token_url",
        "passwordField",
        "access_key_id",
        "secret_name",
        "csrf_token",
        "next_token",
        "bypass",
        "keyboard",
        "cache_key",
    ],
)
def test_names_that_only_sound_like_one(name: str) -> None:
    assert not promises_secret(name)


def test_shapes_of_values() -> None:
    assert random_token(RANDOM)
    assert random_token("mjhbw" + "qepyskaup9knxve")
    assert not random_token("internationalization")
    assert not random_token("getUserAccessTokenForSession")
    assert wordy("refreshTokenRotation")
    assert password_like("Gravel_42!")
    assert not password_like("some plain words")


def test_a_candidate_never_prints_its_secret() -> None:
    assert RANDOM not in repr(candidate(RANDOM)) + str(candidate(RANDOM)) + f"{candidate(RANDOM)}"


@pytest.mark.parametrize("path", ["usr/lib/python3/request.py", "var/log/dpkg.log", "usr/sbin/deluser", "lib/x.conf"])
def test_a_guess_in_a_distributions_own_files_is_only_counted(path: str) -> None:
    value = "Xk29vbQz" + "81LmPo"
    assert judge(candidate(value), path).confidence is Confidence.LOW
    assert judge(candidate(value, "kingfisher.github-pat", placed=True), path).confidence is Confidence.HIGH
    assert judge(candidate(value), f"app/{path}").confidence is not Confidence.LOW
    assert judge(candidate(value), "usr/local/lib/x.conf").confidence is not Confidence.LOW
