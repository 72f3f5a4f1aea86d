"""Layers as one file system: whiteouts, replacement, links, and what hostile layers try."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from pavedroad.infra.images import Entry, ImageError, ImageLimits, LayerProblem, Problem, merged, open_image
from tests.support.images import (
    Built,
    build,
    digest,
    file,
    folder,
    hard,
    link,
    tar,
    write_docker_archive,
    write_layout,
)

LIMITS = ImageLimits(file_bytes=1000)


def look(root: Path, image: Built, limits: ImageLimits = LIMITS) -> list[Entry | Problem | LayerProblem]:
    opened = open_image(f"oci:{write_layout(root, ('v1', image))}", limits=limits)
    return list(merged(opened, lambda path, size: True, limits))


def contents(items: list[Entry | Problem | LayerProblem]) -> dict[str, bytes | None]:
    return {item.path: item.content for item in items if isinstance(item, Entry) and item.kind == "file"}


def problems(items: list[Entry | Problem | LayerProblem]) -> list[str]:
    return [i.reason for i in items if isinstance(i, Problem)] + [
        i.message for i in items if isinstance(i, LayerProblem)
    ]


def test_the_upper_file_wins_and_says_its_layer(tmp_path: Path) -> None:
    items = look(
        tmp_path, build([file("a", "old"), file("b", "kept")], [file("a", "new")], history=["FROM x", "COPY a /"])
    )
    assert contents(items) == {"a": b"new", "b": b"kept"}
    layers = {item.path: (item.layer.number, item.layer.created_by) for item in items if isinstance(item, Entry)}
    assert layers == {"a": (1, "COPY a /"), "b": (0, "FROM x")}


def test_whiteouts_hide_files_and_folders_of_lower_layers_only(tmp_path: Path) -> None:
    lower = [file("etc/gone", "x"), file("dir/a", "x"), file("dir/sub/b", "x"), file("keep", "x")]
    upper = [file("etc/.wh.gone"), file(".wh.dir"), file("dir/new", "y")]
    assert contents(look(tmp_path, build(lower, upper))) == {"keep": b"x", "dir/new": b"y"}


def test_an_opaque_folder_hides_what_was_below_it(tmp_path: Path) -> None:
    upper = [file("dir/.wh..wh..opq"), file("dir/new", "y")]
    assert contents(look(tmp_path, build([file("dir/a", "x"), file("b", "x")], upper))) == {"dir/new": b"y", "b": b"x"}


def test_a_whiteout_without_a_name_hides_nothing_and_is_told(tmp_path: Path) -> None:
    items = look(tmp_path, build([file("a", "x")], [file(".wh.")]))
    assert contents(items) == {"a": b"x"}
    assert problems(items)


def test_a_file_in_place_of_a_folder_hides_the_folder(tmp_path: Path) -> None:
    items = look(tmp_path, build([file("d/a", "x")], [file("d", "now a file")]))
    assert contents(items) == {"d": b"now a file"}
    items = look(tmp_path / "2", build([file("d/a", "x")], [link("d", "/elsewhere")]))
    assert contents(items) == {}


def test_two_entries_of_one_name_in_one_layer_are_both_looked_at(tmp_path: Path) -> None:
    items = look(tmp_path, build([file("a", "harmless"), file("a", "hostile")]))
    assert [i.content for i in items if isinstance(i, Entry)] == [b"harmless", b"hostile"]


def test_a_hidden_file_that_a_hard_link_keeps_is_looked_at(tmp_path: Path) -> None:
    items = look(tmp_path, build([file("a", "content"), hard("b", "a")], [file(".wh.a")]))
    assert contents(items) == {"a": b"content"}


@pytest.mark.parametrize("path", ["../evil", "a/../../evil", "x" * 5000])
def test_paths_that_lead_out_are_told_and_not_taken(tmp_path: Path, path: str) -> None:
    items = look(tmp_path, build([file(path, "x"), file("fine", "y")]))
    assert contents(items) == {"fine": b"y"}
    assert len(problems(items)) == 1


def test_absolute_and_dotted_paths_are_relative_to_the_root(tmp_path: Path) -> None:
    assert contents(look(tmp_path, build([file("/etc/a", "x"), file("./b", "y")]))) == {"etc/a": b"x", "b": b"y"}


def test_large_files_keep_their_entry_and_are_told(tmp_path: Path) -> None:
    items = look(tmp_path, build([file("big", b"x" * 2000)]))
    assert contents(items) == {"big": None}
    assert problems(items) == ["larger than the limit on files"]


def test_modes_owners_and_links_are_given(tmp_path: Path) -> None:
    items = look(tmp_path, build([file("s", "x", mode=0o4755, uid=7), folder("d", 0o1777), link("l", "/etc/passwd")]))
    found = {i.path: (i.kind, i.mode, i.uid, i.target) for i in items if isinstance(i, Entry)}
    assert found["s"] == ("file", 0o4755, 7, "")
    assert found["d"][:2] == ("directory", 0o1777)
    assert found["l"][0::3] == ("symlink", "/etc/passwd")


def test_a_layer_that_is_not_what_its_digest_says_is_told(tmp_path: Path) -> None:
    image = build([file("a", "x")])
    wrong = gzip.compress(tar([file("a", "y")]), mtime=0)
    layer = json.loads(image.blobs[image.manifest])["layers"][0]["digest"]
    items = look(tmp_path, Built(manifest=image.manifest, blobs={**image.blobs, layer: wrong}, config=image.config))
    assert any("digest" in text or "promised" in text for text in problems(items))


def test_a_layer_cut_off_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    image = build([file("low", "x")], [file("a", b"z" * 900), file("b", b"y" * 900)])
    top = json.loads(image.blobs[image.manifest])["layers"][1]["digest"]
    cut = {**image.blobs, top: image.blobs[top][:60]}
    items = look(tmp_path, Built(manifest=image.manifest, blobs=cut, config=image.config))
    assert "low" in contents(items)
    assert len([i for i in items if isinstance(i, LayerProblem)]) == 1


def test_a_broken_header_in_the_middle_is_no_end(tmp_path: Path) -> None:
    plain = bytearray(tar([file("a", "x"), file("hidden", "y")]))
    at = plain.index(b"hidden")
    plain[at + 148 : at + 156] = b"00000000"  # its checksum
    items = look(tmp_path, build(bytes(plain)))
    assert "a" in contents(items)
    assert any("tar" in text for text in problems(items))


def test_an_extended_header_of_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 33
    plain = info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 10240
    assert any("tar" in text for text in problems(look(tmp_path, build(plain))))


def test_entries_names_and_bytes_are_bounded(tmp_path: Path) -> None:
    many = build([file(f"f{n}") for n in range(50)])
    assert any("entries" in t for t in problems(look(tmp_path / "1", many, ImageLimits(entries=10))))
    assert any("entries" in t for t in problems(look(tmp_path / "2", many, ImageLimits(name_bytes=20))))
    bomb = build([file("zeros", b"\0" * 3_000_000)])
    assert any("more than" in t for t in problems(look(tmp_path / "3", bomb, ImageLimits(layer_bytes=1_000_000))))
    assert any("too long" in t for t in problems(look(tmp_path / "4", many, ImageLimits(seconds=-1.0))))


def test_a_docker_archive_gives_the_same_files(tmp_path: Path) -> None:
    path = write_docker_archive(tmp_path / "app.tar", [file("a", "old")], [file("a", "new"), file("b", "x")])
    image = open_image(str(path), limits=LIMITS)
    assert contents(list(merged(image, lambda path, size: True, LIMITS))) == {"a": b"new", "b": b"x"}
    with pytest.raises(ImageError, match="images that fit"):
        open_image(f"docker-archive:{path}:other:1.0", limits=LIMITS)


def test_an_image_of_another_platform_is_refused_with_the_choice(tmp_path: Path) -> None:
    image = build([file("a", "x")])
    index = json.dumps(
        {
            "manifests": [
                {"digest": image.manifest, "platform": {"os": "linux", "architecture": "s390x"}},
                {"digest": image.manifest, "platform": {"os": "unknown", "architecture": "unknown"}},
            ]
        }
    ).encode()
    whole = Built(manifest=digest(index), blobs={**image.blobs, digest(index): index}, config=image.config)
    root = write_layout(tmp_path, ("v1", whole))
    with pytest.raises(ImageError, match="linux/arm64") as caught:
        open_image(f"oci:{root}:v1", limits=LIMITS, platform="linux/arm64")
    assert "linux/s390x" in caught.value.next_step
    assert open_image(f"oci:{root}:v1", limits=LIMITS, platform="linux/s390x").digest == image.manifest


@pytest.mark.parametrize(
    "broken",
    [b"", b"[]", b"{}", b'{"manifests": 3}', b'{"manifests": [{"digest": "../../etc/passwd"}]}', b"\xff", b"{" * 9999],
)
def test_a_broken_index_is_an_error_with_words(tmp_path: Path, broken: bytes) -> None:
    root = write_layout(tmp_path, ("v1", build([file("a")])))
    (root / "index.json").write_bytes(broken)
    with pytest.raises(ImageError):
        open_image(f"oci:{root}", limits=LIMITS)


def test_blobs_behind_links_are_refused(tmp_path: Path) -> None:
    image = build([file("a", "x")])
    root = write_layout(tmp_path / "l", ("v1", image))
    layer = json.loads(image.blobs[image.manifest])["layers"][0]["digest"].partition(":")[2]
    blob = root / "blobs" / "sha256" / layer
    blob.rename(tmp_path / "elsewhere")
    blob.symlink_to(tmp_path / "elsewhere")
    items = list(merged(open_image(f"oci:{root}", limits=LIMITS), lambda path, size: True, LIMITS))
    assert any("link" in text for text in problems(items))


def test_a_file_that_is_no_archive_says_what_to_give(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(gzip.compress(io.BytesIO(b"text").getvalue()))
    with pytest.raises(ImageError) as caught:
        open_image(str(path), limits=LIMITS)
    assert "docker save" in caught.value.next_step
