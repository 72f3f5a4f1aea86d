"""An update reads and writes only what changed, and says so; readers see one state."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pavedroad.advisories import Database, build
from pavedroad.advisories.errors import SourceError
from pavedroad.advisories.sources import FolderSource, source
from pavedroad.advisories.update import Report, update
from pavedroad.core.clock import FixedClock
from tests.support.osv import NOW, Record, record, write_source, write_zip

DB = "osv.sqlite3"


def tank(number: int, **more: Any) -> Record:
    return record(f"X-{number}", f"tank{number}", "introduced:0", **more)


def ids(base: Path, ecosystem: str, name: str) -> list[str]:
    with Database.open(base / DB) as database:
        return [advisory.id for advisory in database.lookup(ecosystem, name)]


def refresh(base: Path, *names: str, days: int = 0) -> Report:
    clock = FixedClock(NOW + timedelta(days=days))
    return update(source(str(base / "source")), base / DB, clock=clock, ecosystems=names)


def offer(base: Path, records: Iterable[Record], ecosystem: str = "PyPI") -> None:
    write_source(base / "source", {ecosystem: records})


def came_and_went(report: Report) -> list[tuple[str, int, int]]:
    return [(each.ecosystem, each.came, each.went) for each in report.changes]


def test_one_changed_record_is_one_changed_record_and_the_base_stays(tmp_path: Path) -> None:
    offer(tmp_path, [tank(i) for i in range(50)])
    refresh(tmp_path)
    before = (tmp_path / DB).stat()
    offer(tmp_path, [tank(i) for i in range(50) if i != 7] + [tank(7, summary="new words")])
    assert came_and_went(refresh(tmp_path)) == [("PyPI", 1, 0)]
    after = (tmp_path / DB).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    with Database.open(tmp_path / DB) as database:
        assert [a.header.summary for a in database.lookup("PyPI", "tank7")] == ["new words"]
        assert database.ecosystems()[0].records == 50


def test_what_the_source_no_longer_has_is_gone(tmp_path: Path) -> None:
    offer(tmp_path, [tank(i) for i in range(5)])
    refresh(tmp_path)
    offer(tmp_path, [tank(i) for i in range(5) if i != 3])
    assert came_and_went(refresh(tmp_path)) == [("PyPI", 0, 1)]
    assert ids(tmp_path, "PyPI", "tank3") == []
    with Database.open(tmp_path / DB) as database:
        assert database.named("X-3") == ()


def test_a_withdrawal_that_comes_later_takes_the_record_out(tmp_path: Path) -> None:
    offer(tmp_path, [tank(0), tank(1)])
    refresh(tmp_path)
    offer(tmp_path, [tank(0), tank(1, withdrawn="2026-02-25T00:00:00Z")])
    facts = refresh(tmp_path).imported[0]
    assert (facts.records, facts.withdrawn) == (1, 1)
    assert ids(tmp_path, "PyPI", "tank1") == []


def test_the_same_data_gives_the_same_digest_whichever_way_it_came(tmp_path: Path) -> None:
    offer(tmp_path / "steps", [tank(0, summary="old"), tank(1), tank(9)])
    refresh(tmp_path / "steps")
    offer(tmp_path / "steps", [tank(0), tank(1)])
    refresh(tmp_path / "steps")
    offer(tmp_path / "steps", [tank(1), tank(0), tank(2)])
    stepped = refresh(tmp_path / "steps")
    offer(tmp_path / "once", [tank(0), tank(1), tank(2)])
    assert refresh(tmp_path / "once").digest == stepped.digest


def test_a_delta_that_has_grown_is_written_into_a_new_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "COMPACT_ABOVE", 3)
    offer(tmp_path, [tank(i) for i in range(10)])
    refresh(tmp_path)
    offer(tmp_path, [tank(i, summary="first") for i in range(10)] + [tank(11)])
    report = refresh(tmp_path)
    assert not (tmp_path / f"{DB}.delta").exists()
    with Database.open(tmp_path / DB) as database:
        assert database.digest == report.digest
        assert database.ecosystems()[0].records == 11
        assert [a.header.summary for a in database.lookup("PyPI", "tank4")] == ["first"]
    offer(tmp_path, [tank(i, summary="second" if i == 4 else "first") for i in range(10)] + [tank(11)])
    assert came_and_went(refresh(tmp_path)) == [("PyPI", 1, 0)]
    assert ids(tmp_path, "PyPI", "tank4") == ["X-4"]


def test_a_reader_keeps_its_view_while_a_delta_is_added(tmp_path: Path) -> None:
    offer(tmp_path, [tank(0)])
    refresh(tmp_path)
    with Database.open(tmp_path / DB) as reader:
        digest = reader.digest
        offer(tmp_path, [tank(0, summary="new words")])
        refresh(tmp_path)
        offer(tmp_path, [tank(0, summary="newer words")])
        refresh(tmp_path)
        assert [a.header.summary for a in reader.lookup("PyPI", "tank0")] == ["Flaw in tank0"]
        assert reader.digest == digest


def test_a_delta_of_another_base_is_a_leftover_and_changes_nothing(tmp_path: Path) -> None:
    for name in ("one", "two"):
        offer(tmp_path / name, [tank(0)])
        refresh(tmp_path / name)
        offer(tmp_path / name, [tank(0, summary=name)])
        refresh(tmp_path / name)
    (tmp_path / "two" / f"{DB}.delta").replace(tmp_path / "one" / f"{DB}.delta")
    with Database.open(tmp_path / "one" / DB) as database:
        assert database.lookup("PyPI", "tank0")[0].header.summary == "Flaw in tank0"
    refresh(tmp_path / "one", days=1)
    with Database.open(tmp_path / "one" / DB) as database:
        assert database.lookup("PyPI", "tank0")[0].header.summary == "one"


def test_broken_records_stay_counted_and_a_repaired_one_comes_in(tmp_path: Path) -> None:
    bad = record("X-1", "tank1", "vanished:1")
    offer(tmp_path, [tank(0), bad])
    refresh(tmp_path)
    offer(tmp_path, [tank(0, summary="new words"), bad])
    assert refresh(tmp_path).imported[0].broken == 1
    offer(tmp_path, [tank(0), tank(1)])
    assert refresh(tmp_path).imported[0].broken == 0
    assert ids(tmp_path, "PyPI", "tank1") == ["X-1"]


class TestMixedSources:
    def test_one_archive_of_several_ecosystems_is_split_by_what_its_records_name(self, tmp_path: Path) -> None:
        both = tank(0)
        both["affected"].append({"package": {"ecosystem": "npm", "name": "tank0"}, "versions": ["1.0.0"]})
        listed = [both, record("D-1", "tank", "introduced:0", ecosystem="Debian:12"), tank(1)]
        commits = {"id": "OSV-1", "affected": [{"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}]}
        entries = {f"{each['id']}.json": json.dumps(each).encode() for each in [*listed, commits]}
        write_zip(tmp_path / "source" / "all.zip", entries)
        facts = {each.name: (each.records, each.git) for each in refresh(tmp_path).imported}
        assert facts == {"PyPI": (2, 0), "npm": (1, 0), "Debian": (1, 0), "GIT": (0, 1)}
        assert ids(tmp_path, "PyPI", "tank0") == ids(tmp_path, "npm", "tank0") == ["X-0"]
        assert ids(tmp_path, "Debian:12", "tank") == ["D-1"]
        assert refresh(tmp_path).imported == ()

    def test_a_zip_can_be_named_itself_and_only_one_ecosystem_taken(self, tmp_path: Path) -> None:
        listed = [tank(0), record("N-1", "tank", "introduced:0", ecosystem="npm")]
        archive = write_zip(tmp_path / "x.zip", {f"{each['id']}.json": json.dumps(each).encode() for each in listed})
        taken = update(source(str(archive)), tmp_path / DB, clock=FixedClock(NOW), ecosystems=("npm",))
        assert [facts.name for facts in taken.imported] == ["npm"]
        everything = update(source(str(archive)), tmp_path / DB, clock=FixedClock(NOW))
        assert [facts.name for facts in everything.imported] == ["PyPI"]
        again = update(source(str(archive)), tmp_path / DB, clock=FixedClock(NOW))
        assert [facts.name for facts in again.unchanged] == ["PyPI", "npm"]

    def test_a_plain_folder_is_compared_by_content(self, tmp_path: Path) -> None:
        folder = tmp_path / "source" / "2026" / "01"
        folder.mkdir(parents=True)
        for i in range(3):
            (folder / f"X-{i}.json").write_text(json.dumps(tank(i)))
        (folder / "link.json").symlink_to(folder / "X-0.json")
        assert [(f.name, f.records) for f in refresh(tmp_path).imported if f.records] == [("PyPI", 3)]
        (folder / "X-1.json").write_text(json.dumps(tank(1, summary="new words")))
        (folder / "X-2.json").unlink()
        assert came_and_went(refresh(tmp_path)) == [("PyPI", 1, 1)]

    def test_nothing_to_read_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "source").mkdir()
        with pytest.raises(SourceError, match="no advisories here"):
            refresh(tmp_path)


class TestListsOfChanges:
    def folder(self, base: Path, times: dict[int, str], **more: Any) -> None:
        folder = base / "source" / "PyPI"
        folder.mkdir(parents=True, exist_ok=True)
        for i in times:
            (folder / f"X-{i}.json").write_text(json.dumps(tank(i, **more)))
        lines = sorted(((time, f"X-{i}") for i, time in times.items()), reverse=True)
        (folder / "modified_id.csv").write_text("".join(f"{time},{name}\n" for time, name in lines))

    def test_only_records_with_a_newer_time_are_read(self, tmp_path: Path) -> None:
        times = {i: f"2026-02-{i + 1:02}T00:00:00Z" for i in range(20)}
        self.folder(tmp_path, times)
        refresh(tmp_path)
        self.folder(tmp_path, times | {3: "2026-02-25T00:00:00.5Z"}, summary="new words")
        del times[0]
        assert came_and_went(refresh(tmp_path)) == [("PyPI", 2, 0)]  # the newest of before is looked at again
        assert [f.cursor for f in refresh(tmp_path).unchanged] == ["2026-02-25T00:00:00.500000000"]

    def test_a_record_that_left_the_list_is_gone(self, tmp_path: Path) -> None:
        times = {i: f"2026-02-{i + 1:02}T00:00:00Z" for i in range(20)}
        self.folder(tmp_path, times)
        refresh(tmp_path)
        del times[4]
        self.folder(tmp_path, times)
        assert came_and_went(refresh(tmp_path)) == [("PyPI", 0, 1)]
        assert ids(tmp_path, "PyPI", "tank4") == []

    @pytest.mark.parametrize("line", ["yesterday,X-1", "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z,../../etc/passwd"])
    def test_a_list_that_is_none_is_an_error(self, tmp_path: Path, line: str) -> None:
        self.folder(tmp_path, {0: "2026-02-01T00:00:00Z"})
        (tmp_path / "source" / "PyPI" / "modified_id.csv").write_text(line + "\n")
        with pytest.raises(SourceError, match="list of changes"):
            refresh(tmp_path)


class TestReleases:
    def build(self, base: Path) -> None:
        listed = [
            record("D-1", "tank", "introduced:0", "fixed:2", ecosystem="Debian:12"),
            record("D-1b", "tank", "introduced:0", "fixed:1", ecosystem="Debian:11"),
            record("D-2", "tank", "introduced:0", ecosystem="Debian"),
        ]
        write_source(base / "source", {"Debian": listed})
        update(FolderSource(base / "source"), base / DB, clock=FixedClock(NOW))

    def test_a_release_gets_its_own_records_and_those_about_all_releases(self, tmp_path: Path) -> None:
        self.build(tmp_path)
        assert ids(tmp_path, "Debian:12", "tank") == ["D-2", "D-1"] or ids(tmp_path, "Debian:12", "tank") == [
            "D-1",
            "D-2",
        ]
        assert ids(tmp_path, "Debian:13", "tank") == ["D-2"]

    def test_without_a_release_the_records_of_releases_are_marked(self, tmp_path: Path) -> None:
        self.build(tmp_path)
        with Database.open(tmp_path / DB) as database:
            found = {a.id: a.release_unknown for a in database.lookup("Debian", "tank")}
        assert found == {"D-2": False, "D-1": True, "D-1b": True}
