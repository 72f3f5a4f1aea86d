"""Builds small images: layers from plain lists, as OCI layouts and as what ``docker save`` writes."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pavedroad.core.noun import Noun

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"


class Item(Noun, frozen=True, kw_only=True):
    """One tar entry; a plain file unless told otherwise."""

    path: str
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644
    uid: int = 0


def file(path: str, content: str | bytes = b"", mode: int = 0o644, uid: int = 0) -> Item:
    return Item(path=path, content=content.encode() if isinstance(content, str) else content, mode=mode, uid=uid)


def folder(path: str, mode: int = 0o755) -> Item:
    return Item(path=path, kind=tarfile.DIRTYPE, mode=mode)


def link(path: str, target: str) -> Item:
    return Item(path=path, kind=tarfile.SYMTYPE, target=target)


def hard(path: str, target: str) -> Item:
    return Item(path=path, kind=tarfile.LNKTYPE, target=target)


def tar(items: Iterable[Item]) -> bytes:
    """A plain tar of the items, in their order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for item in items:
            info = tarfile.TarInfo(item.path)
            info.type, info.linkname, info.mode, info.uid = item.kind, item.target, item.mode, item.uid
            info.size = len(item.content)
            archive.addfile(info, io.BytesIO(item.content))
    return buffer.getvalue()


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Built(Noun, frozen=True, kw_only=True):
    """An image as blobs by digest. ``manifest`` is the digest of its manifest."""

    manifest: str
    blobs: dict[str, bytes]
    config: dict[str, Any]


def build(
    *layers: Iterable[Item] | bytes,
    config: dict[str, Any] | None = None,
    history: Iterable[str] = (),
    packed: bool = True,
) -> Built:
    """An image of ``layers``, lowest first; a layer of bytes is the plain tar. ``config`` is its ``config`` part."""
    plain = [layer if isinstance(layer, bytes) else tar(layer) for layer in layers]
    stored = [gzip.compress(each, mtime=0) if packed else each for each in plain]
    whole = {
        "architecture": "amd64",
        "os": "linux",
        "config": config or {},
        "rootfs": {"type": "layers", "diff_ids": [digest(each) for each in plain]},
        "history": [{"created_by": line} for line in history],
    }
    raw = json.dumps(whole).encode()
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": digest(raw), "size": len(raw)},
            "layers": [
                {"mediaType": f"{LAYER}+gzip" if packed else LAYER, "digest": digest(each), "size": len(each)}
                for each in stored
            ],
        }
    ).encode()
    blobs = {digest(each): each for each in (*stored, raw, manifest)}
    return Built(manifest=digest(manifest), blobs=blobs, config=whole)


def write_layout(root: Path, *images: tuple[str, Built]) -> Path:
    """An OCI layout with each image under its name."""
    (root / "blobs" / "sha256").mkdir(parents=True)
    (root / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    listed = [
        {
            "mediaType": MANIFEST,
            "digest": image.manifest,
            "size": len(image.blobs[image.manifest]),
            "annotations": {"org.opencontainers.image.ref.name": name},
        }
        for name, image in images
    ]
    (root / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": listed}))
    for _, image in images:
        for name, content in image.blobs.items():
            (root / "blobs" / "sha256" / name.partition(":")[2]).write_bytes(content)
    return root


def write_docker_archive(path: Path, *layers: Iterable[Item], tag: str = "team/app:1.0") -> Path:
    """What ``docker save`` writes: manifest.json, the configuration, one tar for each layer."""
    image = build(*layers, packed=False)
    raw = json.dumps(image.config).encode()
    names = [f"layer{number}/layer.tar" for number in range(len(layers))]
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [tag], "Layers": names}]).encode()
    items = [file("config.json", raw), *(file(n, tar(each)) for n, each in zip(names, layers, strict=True))]
    path.write_bytes(tar([*items, file("manifest.json", manifest)]))
    return path
