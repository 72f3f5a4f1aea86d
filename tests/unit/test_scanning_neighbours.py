"""Other files of the same tree: inside the root only, without links, within a budget, and recorded."""

import os
from pathlib import Path

import pytest

from pavedroad.infra.cache import content_digest
from pavedroad.scanning import neighbours
from pavedroad.scanning.neighbours import Neighbours


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").write_text("secret")
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tree / "pom.xml").write_text("parent")
    (tree / "a" / "pom.xml").write_text("child")
    (tree / "link").symlink_to(tmp_path)
    (tree / "file-link").symlink_to(tmp_path / "outside")
    os.mkfifo(tree / "pipe")
    return tree


def test_files_inside_are_read_and_recorded_with_their_digest(root: Path) -> None:
    tree = Neighbours(root, 100, {})
    assert tree.read("a/../pom.xml") == b"parent"
    assert tree.read("a/none") is None
    assert tree.reads == {"pom.xml": content_digest(b"parent"), "a/none": b""}


@pytest.mark.parametrize(
    "path",
    ["../outside", "/etc/passwd", "link/outside", "file-link", "pipe", "a", ".", "..", "", "a/../../outside", "x\0y"],
)
def test_nothing_outside_behind_links_or_no_file_is_read(root: Path, path: str) -> None:
    assert Neighbours(root, 100, {}).read(path) is None


def test_the_overlay_goes_before_the_disk(root: Path) -> None:
    tree = Neighbours(root, 100, {"pom.xml": b"old", "a/pom.xml": None, "gone.xml": b"was here"})
    assert [tree.read(p) for p in ("pom.xml", "a/pom.xml", "gone.xml")] == [b"old", None, b"was here"]
    assert Neighbours(None, 100, {}).read("pom.xml") is None


def test_size_number_and_sum_are_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Neighbours(root, 5, {}).read("pom.xml") is None
    monkeypatch.setattr(neighbours, "MAX_BYTES", 10)
    tree = Neighbours(root, 100, {})
    assert [tree.read("pom.xml"), tree.read("a/pom.xml")] == [b"parent", None]
    monkeypatch.setattr(neighbours, "MAX_READS", 1)
    tree = Neighbours(root, 100, {})
    assert [tree.read("a/pom.xml"), tree.read("pom.xml")] == [b"child", None]
