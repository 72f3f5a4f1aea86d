"""Zip archives that nobody trusts."""

import zipfile
from pathlib import Path

import pytest

from pavedroad.infra.archives import ArchiveError, ZipLimits, read_zip
from tests.support.osv import write_zip


def test_entries_come_in_order_with_their_content(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"one.json": b"1", "two.json": b"2"})
    assert [(entry.label, entry.content) for entry in read_zip(path)] == [("one.json", b"1"), ("two.json", b"2")]


def test_names_that_would_leave_the_folder_are_only_labels_and_nothing_is_written(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "in" / "a.zip", {"../../evil.json": b"{}", "/etc/x.json": b"{}"})
    assert [entry.label for entry in read_zip(path)] == ["../../evil.json", "/etc/x.json"]
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["a.zip"]


def test_control_characters_in_names_do_not_reach_a_terminal(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"x\x1b[2Jy.json": b"{}"})
    assert next(iter(read_zip(path))).label == "x?[2Jy.json"


def test_folders_are_no_entries(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"folder/": b"", "folder/x.json": b"{}"})
    assert [entry.label for entry in read_zip(path)] == ["folder/x.json"]


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveError):
        list(read_zip(path))


def test_a_missing_file_is_the_same_kind_of_error(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError):
        list(read_zip(tmp_path / "absent.zip"))


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"bomb.json": b"\0" * (8 << 20)})
    with pytest.raises(ArchiveError, match="bomb"):
        list(read_zip(path))


def test_an_entry_over_its_limit_is_a_problem_of_that_entry_alone(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"big.json": b"x" * 2000, "small.json": b"{}"})
    big, small = read_zip(path, ZipLimits(entry_bytes=1000))
    assert "2000 bytes" in big.problem
    assert big.content == b""
    assert small.content == b"{}"


def test_too_many_entries_or_too_much_in_total_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {f"{i}.json": b"x" * 100 for i in range(20)})
    with pytest.raises(ArchiveError, match="20 entries"):
        list(read_zip(path, ZipLimits(entries=10)))
    with pytest.raises(ArchiveError, match="unpacks to"):
        list(read_zip(path, ZipLimits(total_bytes=500)))


def test_a_damaged_entry_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("bad.json", b"AAAABBBB")
        archive.writestr("good.json", b"{}")
    path.write_bytes(path.read_bytes().replace(b"AAAABBBB", b"AAAACCCC"))
    bad, good = read_zip(path)
    assert "cannot be unpacked" in bad.problem
    assert good.content == b"{}"


def test_an_encrypted_entry_is_told(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"x.json": b"{}"})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(raw))
    assert next(iter(read_zip(path))).problem == "it is encrypted"


def test_content_in_memory_is_read_and_only_wanted_entries_are_unpacked(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.jar", {"a/x.class": b"1", "META-INF/MANIFEST.MF": b"2"})
    found = list(read_zip(path.read_bytes(), wanted=lambda name: name.endswith(".MF"), where="a.jar"))
    assert [(entry.name, entry.content) for entry in found] == [("META-INF/MANIFEST.MF", b"2")]
    with pytest.raises(ArchiveError, match=r"a\.jar|readable"):
        list(read_zip(b"no", where="a.jar"))
