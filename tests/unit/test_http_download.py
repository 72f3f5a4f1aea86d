"""The download door, against a server on this machine."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pavedroad.infra.errors import NetworkError
from pavedroad.infra.http import Validators, check_url, download
from tests.support.http_server import Server, serving

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture
def server(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    with serving() as made:
        yield made


def get(url: str, target: Path, *, known: Validators | None = None, max_bytes: int = 1000) -> object:
    return download(url, target, known=known, max_bytes=max_bytes, seconds=20)


@pytest.mark.loopback
class TestDownload:
    def test_a_file_arrives_with_its_digest_and_validators(self, server: Server, tmp_path: Path) -> None:
        stamp = "Mon, 02 Feb 2026 10:00:00 GMT"
        server.replies["/x"] = (200, {"ETag": '"one"', "Last-Modified": stamp}, b"hello")
        seen: list[tuple[int, int | None]] = []
        got = download(
            f"{server.url}/x", tmp_path / "x", max_bytes=100, seconds=20, progress=lambda *at: seen.append(at)
        )
        assert (tmp_path / "x").read_bytes() == b"hello"
        assert got.sha256 == hashlib.sha256(b"hello").hexdigest()
        assert got.validators == Validators(etag='"one"', last_modified=stamp)
        assert seen[-1] == (5, 5)

    def test_an_unchanged_file_is_asked_for_by_its_validators_and_not_written(
        self, server: Server, tmp_path: Path
    ) -> None:
        server.replies["/x"] = (304, {}, b"")
        known = Validators(etag='"one"', last_modified="Mon, 02 Feb 2026 10:00:00 GMT")
        got = download(f"{server.url}/x", tmp_path / "x", known=known, max_bytes=100, seconds=20)
        assert got.unchanged
        assert got.validators == known
        assert not (tmp_path / "x").exists()
        assert server.asked[0]["If-None-Match"] == '"one"'

    def test_a_file_over_the_limit_is_refused_whether_or_not_the_server_says_its_size(
        self, server: Server, tmp_path: Path
    ) -> None:
        server.replies["/x"] = (200, {}, b"x" * 2000)
        server.replies["/silent"] = (200, {"Content-Length": "", "Connection": "close"}, b"x" * 2000)
        for path in ("/x", "/silent"):
            with pytest.raises(NetworkError, match="1000"):
                get(server.url + path, tmp_path / "x")

    def test_a_file_that_ends_early_is_refused(self, server: Server, tmp_path: Path) -> None:
        server.replies["/x"] = (200, {"Content-Length": "500"}, b"short")
        with pytest.raises(NetworkError):
            get(f"{server.url}/x", tmp_path / "x")

    def test_an_error_of_the_server_names_its_code(self, server: Server, tmp_path: Path) -> None:
        with pytest.raises(NetworkError, match="404"):
            get(f"{server.url}/absent", tmp_path / "x")

    def test_redirects_on_the_same_machine_are_followed_a_few_times(self, server: Server, tmp_path: Path) -> None:
        server.replies["/a"] = (302, {"Location": f"{server.url}/b"}, b"")
        server.replies["/b"] = (200, {}, b"there")
        get(f"{server.url}/a", tmp_path / "x")
        assert (tmp_path / "x").read_bytes() == b"there"

    def test_an_endless_redirect_ends(self, server: Server, tmp_path: Path) -> None:
        server.replies["/a"] = (302, {"Location": f"{server.url}/a"}, b"")
        with pytest.raises(NetworkError):
            get(f"{server.url}/a", tmp_path / "x")
        assert len(server.asked) <= 6

    @pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://192.0.2.1/x"])
    def test_a_redirect_may_not_leave_https_or_loopback(self, server: Server, tmp_path: Path, target: str) -> None:
        server.replies["/a"] = (302, {"Location": target}, b"")
        with pytest.raises(NetworkError):
            get(f"{server.url}/a", tmp_path / "x")
        assert not (tmp_path / "x").exists()

    def test_a_slow_download_is_given_up(self, server: Server, tmp_path: Path) -> None:
        server.replies["/x"] = (200, {}, b"x")
        with pytest.raises(NetworkError, match="too long"):
            download(f"{server.url}/x", tmp_path / "x", max_bytes=100, seconds=-1)

    def test_a_server_that_is_not_there_is_a_clear_error(self, server: Server, tmp_path: Path) -> None:
        with pytest.raises(NetworkError, match="download failed"):
            get("http://127.0.0.1:9/x", tmp_path / "x")

    def test_a_proxy_of_the_environment_is_asked(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.setenv("no_proxy", "")
        server.replies["http://localhost:1/x"] = (200, {}, b"by proxy")
        get("http://localhost:1/x", tmp_path / "x")
        assert (tmp_path / "x").read_bytes() == b"by proxy"


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "file:///etc/passwd", "ftp://example.org/x", "https://", "nonsense", "http://[::1", ""],
)
def test_only_https_and_loopback_are_allowed(url: str) -> None:
    with pytest.raises(NetworkError):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["https://example.org/x", "http://127.0.0.1:8000/x", "http://[::1]/x", "http://localhost"]
)
def test_https_and_loopback_are_allowed(url: str) -> None:
    check_url(url)


def test_credentials_in_a_url_are_refused_and_not_repeated() -> None:
    word = "hunter" + "2"
    with pytest.raises(NetworkError) as caught:
        check_url(f"https://user:{word}@example.org/x")
    assert word not in str(caught.value)
