"""Updates from a web server ask only for what changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pavedroad.advisories import Database, update
from pavedroad.advisories.sources import WebSource
from pavedroad.advisories.update import Report
from pavedroad.core.clock import FixedClock
from pavedroad.infra.errors import NetworkError
from tests.support.http_server import Server, serving
from tests.support.osv import NOW, record, write_zip

STAMP = "Sat, 28 Feb 2026 10:00:00 GMT"


@pytest.fixture
def server(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as made:
        yield made


def offer(server: Server, base: Path, name: str, tag: str, *, dated: bool = True) -> None:
    dates = {} if dated else {"modified": "0001-01-01T00:00:00Z", "published": "0001-01-01T00:00:00Z"}
    content = json.dumps(record(name, "tank", "introduced:0", **dates)).encode()
    body = write_zip(base / "all.zip", {f"{name}.json": content}).read_bytes()

    def reply(request: object) -> tuple[int, dict[str, str], bytes]:
        headers = {"ETag": tag, "Last-Modified": STAMP}
        unchanged = server.asked[-1].get("If-None-Match") == tag
        return (304, headers, b"") if unchanged else (200, headers, body)

    server.replies["/PyPI/all.zip"] = reply


def refresh(server: Server, base: Path, *names: str) -> Report:
    return update(WebSource(server.url), base / "osv.sqlite3", clock=FixedClock(NOW), ecosystems=names or ("PyPI",))


@pytest.mark.loopback
class TestWebSource:
    def test_what_is_unchanged_is_not_downloaded_again(self, server: Server, tmp_path: Path) -> None:
        offer(server, tmp_path, "X-1", '"one"')
        assert refresh(server, tmp_path).imported[0].etag == '"one"'
        assert refresh(server, tmp_path).unchanged[0].records == 1
        assert server.asked[-1]["If-None-Match"] == '"one"'
        assert server.asked[-1]["If-Modified-Since"] == STAMP

    def test_what_changed_is_imported(self, server: Server, tmp_path: Path) -> None:
        offer(server, tmp_path, "X-1", '"one"')
        refresh(server, tmp_path)
        offer(server, tmp_path, "X-2", '"two"')
        assert refresh(server, tmp_path).imported[0].etag == '"two"'
        with Database.open(tmp_path / "osv.sqlite3") as database:
            assert [advisory.id for advisory in database.lookup("PyPI", "tank")] == ["X-2"]

    def test_validators_of_another_source_are_not_sent(self, server: Server, tmp_path: Path) -> None:
        offer(server, tmp_path, "X-1", '"one"')
        refresh(server, tmp_path)
        server.replies["/mirror/PyPI/all.zip"] = server.replies["/PyPI/all.zip"]
        update(WebSource(f"{server.url}/mirror"), tmp_path / "osv.sqlite3", clock=FixedClock(NOW), ecosystems=("PyPI",))
        assert "If-None-Match" not in server.asked[-1]

    def test_a_missing_ecosystem_changes_nothing(self, server: Server, tmp_path: Path) -> None:
        offer(server, tmp_path, "X-1", '"one"')
        with pytest.raises(NetworkError, match="404"):
            refresh(server, tmp_path, "PyPI", "npm")
        assert not (tmp_path / "osv.sqlite3").exists()

    def test_data_without_dates_is_as_old_as_its_export(self, server: Server, tmp_path: Path) -> None:
        offer(server, tmp_path, "X-1", '"one"', dated=False)
        refresh(server, tmp_path)
        with Database.open(tmp_path / "osv.sqlite3") as database:
            as_of = database.facts()[0].as_of
        assert as_of is not None
        assert f"{as_of:%Y-%m-%d}" == "2026-02-28"
