"""Updates from a web server ask only for what changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pavedroad.advisories import Database, listing
from pavedroad.advisories.sources import WebSource
from pavedroad.advisories.update import Report, update
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


def lay_out(server: Server, base: Path, count: int, **changed: str) -> None:
    """The whole public layout: archive, list of changes, single records. ``changed``: id to its new time."""
    times = {f"X-{i}": f"2026-02-{1 + i % 20:02}T00:00:00Z" for i in range(count)}
    times |= {name.replace("_", "-"): time for name, time in changed.items()}
    records = {name: json.dumps(record(name, "tank", "introduced:0", details=time)) for name, time in times.items()}
    body = write_zip(base / "all.zip", {f"{name}.json": text.encode() for name, text in records.items()}).read_bytes()
    listed = "".join(f"{time},{name}\n" for name, time in sorted(times.items(), key=lambda pair: pair[1], reverse=True))
    server.replies["/PyPI/all.zip"] = (200, {}, body)
    server.replies["/PyPI/modified_id.csv"] = (200, {}, listed.encode())
    for name, text in records.items():
        server.replies[f"/PyPI/{name}.json"] = (200, {}, text.encode())


@pytest.mark.loopback
class TestListsOfChanges:
    def test_only_changed_records_are_downloaded(self, server: Server, tmp_path: Path) -> None:
        lay_out(server, tmp_path, 19)
        refresh(server, tmp_path)
        lay_out(server, tmp_path, 19, X_3="2026-02-25T00:00:00Z", Y_1="2026-02-26T00:00:00Z")
        del server.replies["/PyPI/all.zip"]
        before = len(server.asked)
        report = refresh(server, tmp_path)
        assert [(each.came, each.went) for each in report.changes] == [(2, 0)]
        assert report.imported[0].records == 20
        assert len(server.asked) - before == 4  # the list, two changed ones, and the newest of before
        again = refresh(server, tmp_path)
        assert again.imported == ()
        assert again.digest == report.digest

    def test_many_changes_take_the_whole_archive(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listing, "MAX_SINGLES", 2)
        lay_out(server, tmp_path, 19)
        refresh(server, tmp_path)
        changed = {f"X_{i}": "2026-02-25T00:00:00Z" for i in range(9)}
        lay_out(server, tmp_path, 19, **changed)
        before = len(server.asked)
        assert [(each.came, each.went) for each in refresh(server, tmp_path).changes] == [(9, 0)]
        assert len(server.asked) - before == 2

    @pytest.mark.parametrize("broken", ["/PyPI/X-3.json", "/PyPI/modified_id.csv"])
    def test_what_cannot_be_had_singly_comes_with_the_archive(
        self, server: Server, tmp_path: Path, broken: str
    ) -> None:
        lay_out(server, tmp_path, 19)
        refresh(server, tmp_path)
        lay_out(server, tmp_path, 19, X_3="2026-02-25T00:00:00Z")
        server.replies[broken] = (200, {}, b"<html>") if broken.endswith("csv") else (404, {}, b"")
        assert [(each.came, each.went) for each in refresh(server, tmp_path).changes] == [(1, 0)]

    def test_a_list_that_was_cut_off_takes_nothing_away(self, server: Server, tmp_path: Path) -> None:
        lay_out(server, tmp_path, 200)
        refresh(server, tmp_path)
        server.replies["/PyPI/modified_id.csv"] = (200, {}, b"2026-02-20T00:00:00Z,X-19\n")
        assert refresh(server, tmp_path).changes == ()
        with Database.open(tmp_path / "osv.sqlite3") as database:
            assert database.ecosystems()[0].records == 200
