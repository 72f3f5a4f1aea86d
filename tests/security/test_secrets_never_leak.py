"""Planted secrets appear in nothing that leaves the scanner: results, errors, caches, crash texts."""

# ruff: noqa: S608 - the SQL here is text to look at, never run

import base64
import random
import string
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pavedroad.scanning.model import Blob, FileResult, ScanSettings
from pavedroad.scanning.scanners.secrets import SCANNER
from pavedroad.scanning.scanners.secrets.session import SecretsSession

_RNG = random.Random(7)  # noqa: S311 - repeatable test data


def _value(length: int = 20) -> str:
    return "Zq7" + "".join(_RNG.choice(string.ascii_letters + string.digits) for _ in range(length - 4)) + "9"


V = [_value() for _ in range(30)]
SHORT = "Fa1con" + "-77"
GITHUB = "gh" + "p_" + _value(36)
PEM_BODY = "\n".join(_value(64) for _ in range(12))
PEM = "-" * 5 + f"BEGIN RSA PRIVATE KEY-----\n{PEM_BODY}\n" + "-" * 5 + "END RSA PRIVATE KEY-----"

FILES = {
    ".env": f"DB_PASSWORD={V[0]}\nTWO_TOKEN={V[1]} # and {V[1]}\nSHORT_PASSWORD={SHORT}\n",
    "one-line.json": f'{{"password": "{V[2]}", "apiKey": "{V[3]}", "note": "{GITHUB}"}}',
    "src/app.py": f'connect(password="{V[4]}", token="{V[5]}", other="{V[6]}"); url = "https://u:{V[7]}@h.io/x"\n',
    "id_rsa": PEM,
    "config.yml": f"password: {V[8]} {V[9]}\nsecret: {V[10]}\n",
    ".docker/config.json": f'{{"auths":{{"r":{{"auth":"{base64.b64encode(f"u:{V[11]}".encode()).decode()}"}}}}}}',
    "s.yaml": f"apiVersion: v1\nkind: Secret\ndata:\n  password: {base64.b64encode(V[12].encode()).decode()}\n",
    ".netrc": f"machine h login u password {V[13]}\n",
    "dump.sql": f"INSERT INTO users (id, password, token) VALUES (1, '{V[14]}', '{V[15]}');\n",
    "deploy.sh": f"curl -u admin:{V[16]} https://x.io; mysql -u root -p{V[17]} db; export API_TOKEN={V[18]}\n",
    "min.js": f'var a="{"x" * 5000}",token="{V[19]}",b="{"y" * 5000}",secret="{V[20]}";' * 3,
    f"{V[21]}_password.yml": f"{V[22]}_password: {V[23]}\n",
    "tests/fixture.env": f"API_KEY={V[24]}\n",
    "utf16.env": f"API_KEY={V[25]}\n",
    "README.md": f"password: `{V[26]}`\n",
}
SECRETS = [*V[:21], *V[23:27], SHORT, GITHUB, *PEM_BODY.split("\n")]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("user-cache")


@pytest.fixture(scope="module")
def session(cache: Path) -> SecretsSession:
    return SecretsSession(ScanSettings(key=b"k" * 32, user_cache=str(cache), data=str(cache)))


@pytest.fixture(scope="module")
def results(session: SecretsSession) -> dict[str, FileResult]:
    return {
        path: session.scan(Blob(path=path, content=text.encode("utf-16" if "utf16" in path else "utf-8")))
        for path, text in FILES.items()
    }


def leaks(text: str) -> list[str]:
    """The planted secrets, and pieces of eight characters of them, that stand in the text."""
    low = text.lower()
    return [s for s in SECRETS if s in text or any(s[i : i + 8].lower() in low for i in range(4, max(5, len(s) - 8)))]


def test_every_file_gives_a_finding(results: dict[str, FileResult]) -> None:
    assert [path for path, result in results.items() if not result.observations] == []


@pytest.mark.parametrize("encode", [msgspec.json.encode, msgspec.msgpack.encode, lambda r: repr(r).encode()])
def test_no_encoding_of_a_result_holds_a_secret(results: dict[str, FileResult], encode: Any) -> None:
    for path, result in results.items():
        hidden = msgspec.convert(msgspec.to_builtins(result), FileResult)
        assert leaks(encode(hidden).decode("utf-8", "replace").replace(path, "")) == [], path


def test_the_length_of_a_short_secret_is_not_in_its_region(results: dict[str, FileResult]) -> None:
    regions = [o.finding.location.region for o in results[".env"].observations]
    short = next(r for r in regions if r and r.start_line == 3)
    assert short.end_column - short.start_column == 1


def test_the_keyed_hash_depends_on_the_key(cache: Path, results: dict[str, FileResult]) -> None:
    other = SecretsSession(ScanSettings(key=b"j" * 32, user_cache=str(cache), data=str(cache)))
    again = other.scan(Blob(path=".netrc", content=FILES[".netrc"].encode()))
    assert again.observations[0].anchor != results[".netrc"].observations[0].anchor


def test_nothing_in_the_user_cache_holds_a_secret(cache: Path, results: dict[str, FileResult]) -> None:
    assert results
    for file in cache.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(secret.encode() in content for secret in SECRETS)
            assert file.stat().st_mode & 0o077 == 0


def test_a_failing_engine_or_detector_tells_its_kind_and_no_content(
    session: SecretsSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        name = "broken"

        def selects(self, path: str) -> bool:
            return True

        def detect(self, path: str, text: str) -> list[Any]:
            raise ValueError(text)

        def find(self, path: str, content: bytes) -> list[Any]:
            raise RuntimeError(content.decode())

    monkeypatch.setattr(session, "_engine", Broken())
    monkeypatch.setattr(session, "_chosen", lambda tail: (Broken(),))
    result = session.scan(Blob(path=".env", content=FILES[".env"].encode()))
    assert len(result.errors) == 2
    assert leaks(repr(result)) == []


def test_the_rules_cache_is_private(cache: Path, session: SecretsSession) -> None:
    assert session.threads >= 1
    assert (cache / "kingfisher").stat().st_mode & 0o777 == 0o700


def test_options_and_settings_never_reach_the_digest_in_clear(cache: Path) -> None:
    key = b"very-private-key-of-this-project"
    prepared = SCANNER.prepare(ScanSettings(key=key, user_cache=str(cache), data=str(cache)))
    assert key.hex() not in repr(prepared)
    assert key.decode() not in repr(prepared)
