"""Images made by skopeo and umoci, and Debian's docker-registry, read by us. Skips where a program is absent."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pavedroad.infra.images import Entry, ImageLimits, merged, open_image
from tests.support.images import build, file, write_layout

pytestmark = [pytest.mark.interop, pytest.mark.loopback, pytest.mark.enable_socket]
LIMITS = ImageLimits(seconds=60)


def need(*programs: str) -> None:
    absent = [name for name in programs if shutil.which(name) is None]
    if absent:
        pytest.skip(f"not on PATH: {', '.join(absent)} (Debian packages of the same names)")


def run(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True, timeout=120)


def visible(reference: str) -> dict[str, bytes | None]:
    items = list(merged(open_image(reference, limits=LIMITS), lambda path, size: True, LIMITS))
    return {item.path: item.content for item in items if isinstance(item, Entry) and item.kind == "file"}


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    image = build([file("a", "1"), file("d/b", "2")], [file("d/.wh.b"), file("c", "3")])
    return write_layout(tmp_path / "oci", ("v1", image))


def test_skopeo_converts_to_archives_that_we_read_alike(layout: Path, tmp_path: Path) -> None:
    need("skopeo")
    run("skopeo", "copy", f"oci:{layout}:v1", f"docker-archive:{tmp_path / 'd.tar'}:team/app:1.0")
    run("skopeo", "copy", f"oci:{layout}:v1", f"oci-archive:{tmp_path / 'o.tar'}:v1")
    expected = visible(f"oci:{layout}:v1")
    assert expected == {"a": b"1", "c": b"3"}
    assert visible(str(tmp_path / "d.tar")) == expected
    assert visible(f"oci-archive:{tmp_path / 'o.tar'}:v1") == expected


def test_umoci_unpacks_the_same_files_as_we_see(layout: Path, tmp_path: Path) -> None:
    need("umoci")
    run("umoci", "unpack", "--rootless", "--image", f"{layout}:v1", str(tmp_path / "bundle"))
    root = tmp_path / "bundle" / "rootfs"
    unpacked = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    assert visible(f"oci:{layout}:v1") == unpacked


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    need("docker-registry", "skopeo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    settings = tmp_path / "registry.yml"
    settings.write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {tmp_path / 'data'}}}}}\nhttp: {{addr: '{address}'}}\n"
    )
    with subprocess.Popen(
        ["docker-registry", "serve", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(address)
            yield address
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    host, _, port = address.partition(":")
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.05)  # it has no other way of telling that it is ready
    raise AssertionError("the registry did not start")


def test_debians_registry_gives_what_was_pushed(layout: Path, registry: str) -> None:
    run("skopeo", "copy", "--dest-tls-verify=false", f"oci:{layout}:v1", f"docker://{registry}/team/app:1.0")
    assert visible(f"{registry}/team/app:1.0") == {"a": b"1", "c": b"3"}
