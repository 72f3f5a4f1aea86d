"""The walk: what is seen, what is passed over, and why."""

import os
import subprocess
from pathlib import Path

import pytest

from pavedroad.infra.errors import FileError
from pavedroad.infra.git import Repository
from pavedroad.infra.walk import WalkLimits, WalkResult, read_bounded, walk

LIMITS = WalkLimits(file_size=1000, files=1000)


def paths(found: WalkResult) -> list[str]:
    return [entry.path for entry in found.entries]


def reasons(found: WalkResult) -> dict[str, int]:
    return {skip.reason: skip.count for skip in found.skipped}


def make(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("DOT", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("with_git", [True, False])
def test_ignore_files_hold_at_every_depth(tmp_path: Path, *, with_git: bool) -> None:
    make(tmp_path, DOTgitignore="*.log\nbuild/\n!keep.log\n", a="x", bDOTlog="x", keepDOTlog="x", build__x="x")
    make(tmp_path, sub__DOTgitignore="only\n", sub__only="x", sub__cDOTlog="x", only="x", DOTpavedignore="vendor/\n")
    make(tmp_path, vendor__v="x")
    repository = None
    if with_git:
        subprocess.run(["git", "-C", tmp_path, "init", "-q"], check=True)
        repository = Repository(tmp_path)
    found = walk(tmp_path, LIMITS, repository=repository)
    assert paths(found) == [".gitignore", ".pavedignore", "a", "keep.log", "only", "sub/.gitignore"]
    assert reasons(found)["matched by .pavedignore or scan.ignore"] == 1


@pytest.mark.parametrize("with_git", [True, False])
def test_links_are_never_followed(tmp_path: Path, *, with_git: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("s")
    root = tmp_path / "root"
    make(root, a="x")
    (root / "file").symlink_to(outside / "secret")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    repository = None
    if with_git:
        subprocess.run(["git", "-C", root, "init", "-q"], check=True)
        repository = Repository(root)
    found = walk(root, LIMITS, repository=repository)
    assert paths(found) == ["a"]
    assert reasons(found) == {"symbolic link, not followed": 3}


def test_a_tracked_file_behind_a_folder_that_became_a_link_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(root, d__f="x", a="x")
    subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    subprocess.run(["git", "-C", root, "add", "."], check=True)
    (root / "d").rename(tmp_path / "elsewhere")
    (root / "d").symlink_to(tmp_path / "elsewhere")
    found = walk(root, LIMITS, repository=Repository(root))
    assert paths(found) == ["a"]
    assert "reached through a symbolic link" in reasons(found)


def test_a_large_text_is_a_gap_and_a_large_binary_is_not(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"a" * 2000)
    (tmp_path / "big.bin").write_bytes(b"\0" * 2000)
    found = walk(tmp_path, LIMITS)
    assert found.entries == ()
    assert found.oversize == ("big.txt",)
    assert {(s.reason.split(",")[0], s.harmless) for s in found.skipped} == {("text", False), ("binary", True)}


def test_too_many_files_is_said(tmp_path: Path) -> None:
    make(tmp_path, a="x", b="x", c="x")
    assert walk(tmp_path, WalkLimits(file_size=10, files=2)).truncated


def test_names_that_are_not_utf8_are_shown_and_can_be_opened(tmp_path: Path) -> None:
    raw = b"caf\xe9.txt"
    with open(os.path.join(os.fsencode(tmp_path), raw), "wb") as stream:  # noqa: PTH118, PTH123 - bytes paths
        stream.write(b"hello")
    (entry,) = walk(tmp_path, LIMITS).entries
    assert entry.path == "caf\\xe9.txt"
    assert read_bounded(tmp_path, entry.raw, 100) == b"hello"


def test_pipes_are_passed_over_and_reading_one_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reasons(walk(tmp_path, LIMITS)) == {"device, socket or pipe": 1}
    with pytest.raises(OSError, match="regular"):
        read_bounded(tmp_path, b"pipe", 10)


def test_reading_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(OSError):  # noqa: PT011 - the system's own words
        read_bounded(tmp_path, b"link", 100)


def test_a_missing_root_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such folder"):
        walk(tmp_path / "none", LIMITS)


def test_only_a_part_of_the_tree(tmp_path: Path) -> None:
    make(tmp_path, sub__a="x", subway="x", b="x")
    assert paths(walk(tmp_path, LIMITS, only="sub")) == ["sub/a"]


def test_a_very_deep_tree_ends_with_a_gap(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(230):
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    found = walk(tmp_path, LIMITS)
    assert [skip.harmless for skip in found.skipped] == [False]
