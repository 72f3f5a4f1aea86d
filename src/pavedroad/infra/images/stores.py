"""Blob stores on this machine: an OCI layout as a folder, the same or ``docker save`` output as a tar archive."""

import hashlib
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pavedroad.infra.images import blobs
from pavedroad.infra.images.errors import ImageError, LayerError
from pavedroad.infra.images.model import Image, ImageLimits, Layer
from pavedroad.infra.images.tarring import forget
from pavedroad.infra.walk import read_inside

_DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})")
MAX_ARCHIVE_ENTRIES = 100_000
_REF_NAME = "org.opencontainers.image.ref.name"


def blob_path(digest: str) -> str:
    """``blobs/sha256/...``. Raises ImageError for what is no digest (it becomes a path)."""
    if not _DIGEST.fullmatch(digest):
        raise ImageError(f"'{digest[:80]}' is no digest that is known here")
    return f"blobs/{digest.replace(':', '/', 1)}"


def verified(content: bytes, digest: str) -> bytes:
    """``content`` when it is what ``digest`` says. Raises ImageError."""
    if hashlib.new(digest.partition(":")[0], content).hexdigest() != digest.partition(":")[2]:
        raise ImageError(f"a part of the image is not what its digest {digest[:19]} says", next_step="fetch it again")
    return content


class Folder:
    """An OCI image layout (image-layout.md) in a folder. Links inside are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str) -> bytes | None:
        """A small file."""
        return read_inside(self._root, path, blobs.MAX_DOCUMENT)

    def document(self, digest: str) -> bytes:
        content = self.read(blob_path(digest))
        if content is None:
            raise ImageError(f"the blob {digest[:19]} is missing from the layout", where=str(self._root))
        return verified(content, digest)

    @contextmanager
    def stream(self, layer: Layer) -> Iterator[IO[bytes]]:
        path = self._root / blob_path(layer.digest)
        try:
            if any(each.is_symlink() for each in (self._root / "blobs", path.parent, path)):
                raise LayerError(f"the blob {layer.digest[:19]} is a symbolic link")
            stream = path.open("rb")
        except OSError as error:
            raise LayerError(f"the blob {layer.digest[:19]} cannot be read: {error.strerror}") from error
        with stream:
            yield stream


class Archive:
    """A tar file that holds an OCI layout or what ``docker save`` writes. Members are looked up by name, the last of a
    name counts, and their content is read in place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        try:
            with tarfile.open(path, "r:") as archive:
                for count, info in enumerate(archive):
                    forget(archive)
                    if count > MAX_ARCHIVE_ENTRIES:
                        raise ImageError(f"the archive has more than {MAX_ARCHIVE_ENTRIES} entries", where=str(path))
                    if info.isreg() and not info.issparse():
                        self._places[info.name.removeprefix("./")] = (info.offset_data, info.size)
                    elif info.issym() or info.islnk():
                        self._link(info)
        except (tarfile.TarError, OSError, ValueError, OverflowError) as error:
            raise ImageError(
                f"this is no image archive: {error}",
                where=str(path),
                next_step="give the output of 'docker save', 'podman save' or 'skopeo copy ... oci-archive:FILE'",
            ) from error

    def _link(self, info: tarfile.TarInfo) -> None:
        """Old ``docker save`` writes layers that occur twice as links to the first."""
        target = os.path.normpath(os.path.join(os.path.dirname(info.name), info.linkname))  # noqa: PTH118, PTH120
        place = self._places.get(info.linkname if info.islnk() else target)
        if place is not None:
            self._places[info.name.removeprefix("./")] = place

    def read(self, path: str) -> bytes | None:
        """A small member."""
        place = self._places.get(path)
        if place is None or place[1] > blobs.MAX_DOCUMENT:
            return None
        with self._path.open("rb") as stream:
            stream.seek(place[0])
            return stream.read(place[1])

    def document(self, digest: str) -> bytes:
        content = self.read(blob_path(digest))
        if content is None:
            raise ImageError(f"the blob {digest[:19]} is missing from the archive", where=str(self._path))
        return verified(content, digest)

    def stream(self, layer: Layer) -> "_Part":
        return self.part(blob_path(layer.digest))

    def part(self, name: str) -> "_Part":
        """A member as a stream of its own. Raises LayerError."""
        place = self._places.get(name)
        if place is None:
            raise LayerError(f"the layer {name[:80]} is missing from the archive", next_step="save the image anew")
        return _Part(self._path, *place)


class _Part:
    """A stretch of a file as a stream."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        self._stream = path.open("rb")
        self._stream.seek(start)
        self._left = size

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def __enter__(self) -> IO[bytes]:
        return self  # type: ignore[return-value]

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def from_layout(
    store: Folder | Archive, tag: str, *, name: str, reference: str, platform: str, limits: ImageLimits
) -> Image:
    """The image of an OCI layout. Raises ImageError."""
    index = blobs.document(store.read("index.json") or b"", "index.json")
    listed = everything = _objects(index.get("manifests"))
    if tag:
        listed = [each for each in listed if _ref_name(each) == tag]
    digests = list(dict.fromkeys(str(each.get("digest") or "") for each in listed))
    if len(digests) > 1 and not tag and all("platform" in each for each in listed):
        digests = [blobs.choose(index, platform)]
    if len(digests) != 1:
        names = ", ".join(sorted({_ref_name(each) for each in everything}))
        raise ImageError(
            f"the layout has {len(digests)} images that fit" + (f" the name '{tag}'" if tag else ""),
            where=reference,
            next_step=f"name one behind a colon, from: {names[:500] or 'none has a name'}",
        )
    return blobs.read_image(store, digests[0], name=name, reference=reference, platform=platform, limits=limits)


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _ref_name(entry: dict[str, object]) -> str:
    notes = entry.get("annotations")
    return str(notes.get(_REF_NAME) or "") if isinstance(notes, dict) else ""


def from_docker_archive(store: Archive, tag: str, *, name: str, reference: str, limits: ImageLimits) -> Image:
    """The image of ``docker save`` (manifest.json: Config, RepoTags, Layers). Raises ImageError."""
    whole = blobs.document(b'{"images":' + (store.read("manifest.json") or b"[]") + b"}", "manifest.json")
    images = _objects(whole["images"])
    tags = {tag for each in images for tag in _texts(each.get("RepoTags"))}
    if tag:
        images = [each for each in images if tag in _texts(each.get("RepoTags"))]
    if len(images) != 1:
        raise ImageError(
            f"the archive has {len(images)} images that fit",
            where=reference,
            next_step=f"name one behind a colon, from: {', '.join(sorted(tags))[:500] or 'none has a name'}",
        )
    config_name = str(images[0].get("Config") or "")
    raw = store.read(config_name)
    if raw is None:
        raise ImageError("the archive lacks the image's configuration", where=reference, next_step="save it anew")
    config = blobs.document(raw, "configuration")
    files = _texts(images[0].get("Layers"))
    # Layers are named by path here; the digest that can be checked is the diff id of the configuration.
    layers = blobs.layers_of(config, [{"digest": "", "mediaType": "", "size": -1} for _ in files], limits)
    return Image(
        name=name or next(iter(sorted(_texts(images[0].get("RepoTags")))), "").rpartition(":")[0],
        reference=reference,
        digest=f"sha256:{hashlib.sha256(raw).hexdigest()}",
        config=config,
        layers=layers,
        open_layer=lambda layer: store.part(files[layer.number]),
    )
