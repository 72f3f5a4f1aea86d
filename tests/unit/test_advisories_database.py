"""The local database: what goes in comes out, old data stays when new data is bad."""

import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pavedroad.advisories import Database
from pavedroad.advisories.errors import (
    AdvisoryError,
    CorruptDatabase,
    NoDatabase,
    SourceError,
    UpdateRunning,
    WrongSchema,
)
from pavedroad.advisories.lock import exclusive
from pavedroad.advisories.sources import FolderSource, source
from pavedroad.advisories.update import Report, update
from pavedroad.core.clock import FixedClock
from tests.support.osv import NOW, Record, build, open_with, record, write_source, write_zip


def refresh(base: Path, records: dict[str, list[Record]], *names: str, at: datetime = NOW) -> Report:
    where = write_source(base / "source", records)
    return update(FolderSource(where), base / "osv.sqlite3", clock=FixedClock(at), ecosystems=names, wait=0)


def ids(path: Path, ecosystem: str, name: str) -> list[str]:
    with Database.open(path) as database:
        return [advisory.id for advisory in database.lookup(ecosystem, name)]


def test_a_package_is_found_in_any_spelling_of_its_name(tmp_path: Path) -> None:
    with open_with(tmp_path, record("X-1", "Foo_Bar.baz", "introduced:0")) as database:
        assert [a.id for a in database.lookup("PyPI", "foo-bar-baz")] == ["X-1"]
        assert [a.id for a in database.lookup("PyPI", "FOO.BAR_BAZ")] == ["X-1"]
        assert database.lookup("npm", "foo-bar-baz") == ()


def test_all_of_a_record_comes_back(tmp_path: Path) -> None:
    one = record(
        "X-1",
        "tank",
        "introduced:1.0",
        "fixed:2.0",
        aliases=["CVE-2026-1"],
        details="Long words. " * 200,
        references=[
            {"type": "ADVISORY", "url": "https://example.org/x"},
            {"type": "WEB", "url": "javascript:alert(1)"},
        ],
        database_specific={"cwe_ids": ["CWE-79", "CWE-20", "nonsense"]},
    )
    with open_with(tmp_path, one) as database:
        (found,) = database.lookup("PyPI", "tank")
    assert found.header.aliases == ("CVE-2026-1",)
    assert found.header.cwe == (20, 79)
    assert [reference.url for reference in found.header.references] == ["https://example.org/x"]
    assert found.header.modified == datetime(2026, 2, 20, 10, tzinfo=UTC)
    assert found.header.details.startswith("Long words.")
    assert found.affected[0].ranges[0].events[1].fixed == "2.0"


def test_withdrawn_records_match_nothing_but_can_be_explained(tmp_path: Path) -> None:
    one = record("X-1", "tank", "introduced:0", withdrawn="2026-02-01T00:00:00Z")
    with open_with(tmp_path, one, record("X-2", "other", "introduced:0")) as database:
        assert database.lookup("PyPI", "tank") == ()
        assert database.named("X-1")[0].withdrawn is not None
        assert database.ecosystems()[0].withdrawn == 1


def test_a_record_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    with open_with(tmp_path, record("X-1", "tank", "introduced:0", aliases=["CVE-2026-1"])) as database:
        assert [h.id for h in database.named("CVE-2026-1")] == ["X-1"]
        assert database.named("CVE-2026-2") == ()


def test_a_record_that_spans_ecosystems_is_stored_once_under_each(tmp_path: Path) -> None:
    both = record("X-1", "tank", "introduced:0")
    both["affected"].append({"package": {"ecosystem": "npm", "name": "tank"}, "versions": ["1.0.0"]})
    refresh(tmp_path, {"PyPI": [both], "npm": [both]})
    assert ids(tmp_path / "osv.sqlite3", "PyPI", "tank") == ["X-1"]
    assert ids(tmp_path / "osv.sqlite3", "npm", "tank") == ["X-1"]


def test_releases_of_a_distribution_are_looked_up_by_their_full_name(tmp_path: Path) -> None:
    refresh(tmp_path, {"AlmaLinux": [record("ALSA-1", "tank", "introduced:0", ecosystem="AlmaLinux:9")]})
    assert ids(tmp_path / "osv.sqlite3", "AlmaLinux:9", "tank") == ["ALSA-1"]
    assert ids(tmp_path / "osv.sqlite3", "AlmaLinux:8", "tank") == []


def test_broken_records_are_counted_and_listed_and_the_rest_is_imported(tmp_path: Path) -> None:
    good = json.dumps(record("X-1", "tank", "introduced:0")).encode()
    entries = {
        "good.json": good,
        "double.json": good,
        "cut.json": b'{"id": "X-2", "aff',
        "noid.json": b"{}",
        "events.json": json.dumps(record("X-3", "tank", "vanished:1")).encode(),
        "future.json": json.dumps(record("X-4", "tank", "introduced:0") | {"schema_version": "2.0.0"}).encode(),
    }
    write_zip(tmp_path / "source" / "PyPI" / "all.zip", entries)
    report = update(FolderSource(tmp_path / "source"), tmp_path / "osv.sqlite3", clock=FixedClock(NOW))
    assert (report.imported[0].records, report.imported[0].broken) == (1, 5)
    with Database.open(tmp_path / "osv.sqlite3") as database:
        assert {each.entry for each in database.broken()} == set(entries) - {"good.json"}
        assert all(each.problem for each in database.broken())


def test_a_second_update_without_changes_builds_nothing(tmp_path: Path) -> None:
    records = {"PyPI": [record("X-1", "tank", "introduced:0")]}
    first = refresh(tmp_path, records)
    before = (tmp_path / "osv.sqlite3").stat()
    second = update(FolderSource(tmp_path / "source"), tmp_path / "osv.sqlite3", clock=FixedClock(NOW))
    assert [facts.name for facts in second.unchanged] == ["PyPI"]
    assert second.imported == ()
    assert second.digest == first.digest
    assert (tmp_path / "osv.sqlite3").stat().st_ino == before.st_ino


def test_an_update_of_one_ecosystem_keeps_the_others_as_they_are(tmp_path: Path) -> None:
    refresh(
        tmp_path,
        {
            "PyPI": [
                record("P-1", "tank", "introduced:0"),
                record("P-2", "tank", "introduced:0", aliases=["CVE-2026-2"]),
            ],
            "npm": [record("N-1", "tank", "introduced:0", ecosystem="npm")],
        },
    )
    later = NOW + timedelta(days=1)
    report = refresh(tmp_path, {"npm": [record("N-2", "tank", "introduced:0", ecosystem="npm")]}, "npm", at=later)
    assert [facts.name for facts in report.kept] == ["PyPI"]
    path = tmp_path / "osv.sqlite3"
    assert ids(path, "PyPI", "tank") == ["P-1", "P-2"]
    assert ids(path, "npm", "tank") == ["N-2"]
    with Database.open(path) as database:
        assert [h.id for h in database.named("CVE-2026-2")] == ["P-2"]
        assert {facts.name: facts.imported for facts in database.ecosystems()} == {"PyPI": NOW, "npm": later}


def test_the_digest_says_what_is_in_the_database_and_not_when(tmp_path: Path) -> None:
    records = {"PyPI": [record("X-1", "tank", "introduced:0")]}
    one = refresh(tmp_path / "a", records)
    two = refresh(tmp_path / "b", records, at=NOW + timedelta(days=9))
    other = refresh(tmp_path / "c", {"PyPI": [record("X-1", "tank", "introduced:1")]})
    assert one.digest == two.digest != other.digest


def test_a_broken_archive_leaves_the_old_database_in_place(tmp_path: Path) -> None:
    refresh(tmp_path, {"PyPI": [record("X-1", "tank", "introduced:0")]})
    (tmp_path / "source" / "PyPI" / "all.zip").write_bytes(b"not a zip")
    with pytest.raises(SourceError, match="PyPI"):
        update(FolderSource(tmp_path / "source"), tmp_path / "osv.sqlite3", clock=FixedClock(NOW))
    assert ids(tmp_path / "osv.sqlite3", "PyPI", "tank") == ["X-1"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["osv.sqlite3", "osv.sqlite3.lock", "source"]


def test_an_archive_without_any_record_is_refused(tmp_path: Path) -> None:
    write_zip(tmp_path / "source" / "PyPI" / "all.zip", {"x.json": b"[]"})
    with pytest.raises(SourceError, match="no readable OSV record"):
        update(FolderSource(tmp_path / "source"), tmp_path / "osv.sqlite3", clock=FixedClock(NOW))
    assert not (tmp_path / "osv.sqlite3").exists()


def test_one_bad_ecosystem_changes_nothing_at_all(tmp_path: Path) -> None:
    write_source(tmp_path / "source", {"PyPI": [record("X-1", "tank", "introduced:0")]})
    (tmp_path / "source" / "npm").mkdir()
    (tmp_path / "source" / "npm" / "all.zip").write_bytes(b"")
    with pytest.raises(SourceError):
        update(FolderSource(tmp_path / "source"), tmp_path / "osv.sqlite3", clock=FixedClock(NOW))
    assert not (tmp_path / "osv.sqlite3").exists()


def test_a_reader_keeps_its_view_while_the_file_is_replaced(tmp_path: Path) -> None:
    refresh(tmp_path, {"PyPI": [record("X-1", "tank", "introduced:0")]})
    with Database.open(tmp_path / "osv.sqlite3") as reader:
        refresh(tmp_path, {"PyPI": [record("X-2", "tank", "introduced:0")]})
        assert [a.id for a in reader.lookup("PyPI", "tank")] == ["X-1"]
    assert ids(tmp_path / "osv.sqlite3", "PyPI", "tank") == ["X-2"]


def test_a_second_update_at_the_same_time_is_refused_after_its_wait(tmp_path: Path) -> None:
    write_source(tmp_path / "source", {"PyPI": [record("X-1", "tank", "introduced:0")]})
    target = tmp_path / "osv.sqlite3"
    with exclusive(target.with_name("osv.sqlite3.lock"), 0), pytest.raises(UpdateRunning):
        update(FolderSource(tmp_path / "source"), target, clock=FixedClock(NOW), wait=0)


def test_leftovers_of_a_killed_update_are_removed(tmp_path: Path) -> None:
    (tmp_path / "osv.sqlite3.99.new").write_bytes(b"half")
    (tmp_path / "osv.sqlite3.abc.new").mkdir()
    (tmp_path / "osv.sqlite3.abc.new" / "PyPI.zip").write_bytes(b"half")
    refresh(tmp_path, {"PyPI": [record("X-1", "tank", "introduced:0")]})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["osv.sqlite3", "osv.sqlite3.lock", "source"]


def test_without_a_database_the_error_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase, match="paved advisories update"):
        Database.open(tmp_path / "absent.sqlite3")


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "osv.sqlite3"
    path.write_bytes(content)
    with pytest.raises(CorruptDatabase, match="paved advisories update"):
        Database.open(path)


def test_a_database_of_another_layout_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    path = build(tmp_path, record("X-1", "tank", "introduced:0"))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(WrongSchema, match="paved advisories update"):
        Database.open(path)


@pytest.mark.parametrize("damage", ["truncate", "overwrite"])
def test_an_update_repairs_a_damaged_database(tmp_path: Path, damage: str) -> None:
    records = {"PyPI": [record(f"X-{i}", f"tank{i}", "introduced:0") for i in range(500)]}
    refresh(tmp_path, records)
    path = tmp_path / "osv.sqlite3"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage == "truncate" else whole[:8192] + b"\xff" * (len(whole) - 8192))
    report = update(FolderSource(tmp_path / "source"), path, clock=FixedClock(NOW))
    assert report.notes
    assert ids(path, "PyPI", "tank499") == ["X-499"]


def test_data_is_as_old_as_its_newest_record_and_not_as_its_import(tmp_path: Path) -> None:
    old = record("X-1", "tank", "introduced:0", modified="2020-01-02T00:00:00Z", published="2019-01-01T00:00:00Z")
    with open_with(tmp_path, old) as database:
        assert database.facts()[0].as_of == datetime(2020, 1, 2, tzinfo=UTC)
        assert database.facts()[0].name == "OSV PyPI"


def test_a_date_in_the_future_does_not_make_data_fresh(tmp_path: Path) -> None:
    records = [
        record("X-1", "tank", "introduced:0", modified="2020-01-02T00:00:00Z", published="2020-01-01T00:00:00Z"),
        record("X-2", "tank", "introduced:0", modified="2999-01-01T00:00:00Z", published="2018-01-01T00:00:00Z"),
    ]
    with open_with(tmp_path, *records) as database:
        assert database.facts()[0].as_of == datetime(2020, 1, 2, tzinfo=UTC)


def test_records_without_usable_dates_make_the_age_unknown(tmp_path: Path) -> None:
    zero = "0001-01-01T00:00:00Z"
    records = [record(f"X-{i}", "tank", "introduced:0", modified=zero, published=zero) for i in range(3)]
    with open_with(tmp_path, record("X-9", "tank", "introduced:0"), *records) as database:
        assert database.facts()[0].as_of is None


def test_an_ecosystem_name_cannot_be_a_path(tmp_path: Path) -> None:
    write_source(tmp_path / "source", {"PyPI": [record("X-1", "tank", "introduced:0")]})
    for name in ("../x", "a/b", "", ".."):
        with pytest.raises(SourceError):
            update(FolderSource(tmp_path / "source"), tmp_path / "o", clock=FixedClock(NOW), ecosystems=(name,))


def test_a_source_that_is_no_folder_or_an_empty_one_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        source(str(tmp_path / "absent"))
    with pytest.raises(SourceError, match="no advisories here"):
        update(FolderSource(tmp_path), tmp_path / "o" / "osv.sqlite3", clock=FixedClock(NOW))
    with pytest.raises(SourceError, match="npm"):
        update(FolderSource(tmp_path), tmp_path / "o" / "osv.sqlite3", clock=FixedClock(NOW), ecosystems=("npm",))


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    write_source(tmp_path / "source", {"PyPI": [record("X-1", "tank", "introduced:0")]})
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(AdvisoryError, match="cannot be written"):
        update(FolderSource(tmp_path / "source"), closed / "osv.sqlite3", clock=FixedClock(NOW))
