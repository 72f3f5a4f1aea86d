"""Images as content-addressed blobs: what OCI layouts, archives and registries have in common."""

import json
import platform as machine
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO, Any, Protocol

from pavedroad.infra.documents import read_json
from pavedroad.infra.errors import DocumentError
from pavedroad.infra.images.errors import ImageError
from pavedroad.infra.images.model import Image, ImageLimits, Layer

MAX_DOCUMENT = 8 << 20  # the distribution specification asks registries for 4 MiB
MAX_INDEXES = 4
INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFEST_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


class Store(Protocol):
    """Where blobs come from."""

    def document(self, digest: str) -> bytes:
        """A small blob, its digest verified. Raises ImageError."""
        ...

    def stream(self, layer: Layer) -> AbstractContextManager[IO[bytes]]:
        """A layer's blob from its start, not verified yet. Raises ImageError or LayerError."""
        ...


def document(content: bytes, what: str) -> dict[str, Any]:
    """A JSON object. Raises ImageError, naming ``what``."""
    try:
        value = read_json(content, where=what, max_bytes=MAX_DOCUMENT)
    except DocumentError as error:
        raise ImageError(f"the image's {what} cannot be read: {error.what}") from error
    if not isinstance(value, dict):
        raise ImageError(f"the image's {what} is not a JSON object")
    return value


def default_platform() -> str:
    """``linux/amd64`` and the like: what this machine would pull."""
    name = machine.machine()
    return f"linux/{_ARCHITECTURES.get(name, name)}"


def choose(index: Mapping[str, Any], platform: str) -> str:
    """The digest of the manifest for ``platform`` (``os/architecture[/variant]``). Raises ImageError, listing what
    there is."""
    listed = [each for each in _list(index.get("manifests")) if isinstance(each, dict)]
    images = [each for each in listed if _platform(each) != "unknown/unknown"]  # attestations are listed beside them
    fitting = [e for e in images if _platform(e) == platform or _platform(e).startswith(f"{platform}/")]
    if not fitting and len(images) == 1 and "platform" not in images[0]:
        fitting = images
    if not fitting:
        there = ", ".join(dict.fromkeys(_platform(each) for each in images)) or "nothing"
        raise ImageError(
            f"the image has nothing for {platform}", next_step=f"choose with --platform from: {there[:500]}"
        )
    return str(fitting[0].get("digest") or "")


def _platform(entry: Mapping[str, Any]) -> str:
    given = entry.get("platform")
    if not isinstance(given, dict):
        return ""
    parts = (given.get("os"), given.get("architecture"), given.get("variant"))
    return "/".join(str(part) for part in parts if part)


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def is_index(manifest: Mapping[str, Any]) -> bool:
    """Whether this lists images rather than layers, by its own word or by what it holds."""
    return manifest.get("mediaType") in INDEX_TYPES or ("manifests" in manifest and "layers" not in manifest)


def read_image(store: Store, digest: str, *, name: str, reference: str, platform: str, limits: ImageLimits) -> Image:
    """The image that ``digest`` (of a manifest or an index) names. Raises ImageError."""
    for _ in range(MAX_INDEXES):
        manifest = document(store.document(digest), "manifest")
        if not is_index(manifest):
            break
        digest = choose(manifest, platform)
    else:
        raise ImageError("the image's indexes refer to each other without end")
    config_entry = manifest.get("config")
    layers = [each for each in _list(manifest.get("layers")) if isinstance(each, dict)]
    if not isinstance(config_entry, dict) or len(layers) != len(_list(manifest.get("layers"))):
        raise ImageError("the manifest names no configuration, or a layer that is none", next_step="build it anew")
    config = document(store.document(str(config_entry.get("digest") or "")), "configuration")
    return Image(
        name=name,
        reference=reference,
        digest=digest,
        config=config,
        layers=layers_of(config, layers, limits),
        open_layer=store.stream,
    )


def layers_of(config: Mapping[str, Any], listed: Sequence[Mapping[str, Any]], limits: ImageLimits) -> tuple[Layer, ...]:
    """Layers with the instruction that made each. Raises ImageError when there are more than allowed, or manifest and
    configuration disagree on their number."""
    if len(listed) > limits.layers:
        raise ImageError(f"the image has {len(listed)} layers; at most {limits.layers} are read")
    rootfs = config.get("rootfs")
    diff_ids = [str(each) for each in _list(rootfs.get("diff_ids"))] if isinstance(rootfs, dict) else []
    if len(diff_ids) != len(listed):
        raise ImageError(
            f"the manifest has {len(listed)} layers and the configuration {len(diff_ids)}", next_step="build it anew"
        )
    words = _instructions(config, len(listed))
    return tuple(
        Layer(
            number=number,
            digest=str(each.get("digest") or ""),
            diff_id=diff_ids[number],
            media_type=str(each.get("mediaType") or ""),
            size=each["size"] if isinstance(each.get("size"), int) else -1,
            created_by=words[number],
        )
        for number, each in enumerate(listed)
    )


def _instructions(config: Mapping[str, Any], count: int) -> list[str]:
    """The history lines of layers, those of empty ones left out; empty texts when history does not tell."""
    history = [e for e in _list(config.get("history")) if isinstance(e, dict) and e.get("empty_layer") is not True]
    if len(history) != count:
        return [""] * count
    return [" ".join(str(each.get("created_by") or "").split())[:1000] for each in history]


def compact(value: Any) -> bytes:
    """JSON with sorted keys: the same text for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
