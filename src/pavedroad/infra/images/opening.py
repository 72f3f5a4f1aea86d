"""From what a person typed to an open image."""

from pathlib import Path

from pavedroad.infra.images import blobs, reference, stores
from pavedroad.infra.images.errors import ImageError
from pavedroad.infra.images.model import Image, ImageLimits
from pavedroad.infra.images.registry import from_registry


def open_image(text: str, *, limits: ImageLimits, platform: str = "", network: bool = False) -> Image:
    """The image that ``text`` names (see :func:`pavedroad.infra.images.reference.parse`). ``rootfs:`` is not an image:
    :mod:`.rootfs` reads it. A registry needs ``network``, but for one on this machine. Raises ImageError."""
    wanted = reference.parse(text)
    chosen = platform or blobs.default_platform()
    if wanted.transport == "registry":
        return _remote(wanted, text, chosen, limits, network=network)
    path = Path(wanted.place)
    if wanted.transport == "oci":
        store: stores.Folder | stores.Archive = stores.Folder(path)
    elif wanted.transport in ("oci-archive", "docker-archive"):
        store = stores.Archive(path)
        if store.read("manifest.json") is not None:
            return stores.from_docker_archive(store, wanted.tag, name=wanted.name, reference=text, limits=limits)
    else:
        raise ImageError("a root file system is no image", where=text, next_step="give it with --rootfs")
    return stores.from_layout(store, wanted.tag, name=wanted.name, reference=text, platform=chosen, limits=limits)


def _remote(wanted: reference.Reference, text: str, platform: str, limits: ImageLimits, *, network: bool) -> Image:
    from urllib.parse import urlsplit

    from pavedroad.infra.http import is_loopback

    host = wanted.place.partition("/")[0]
    if not network and not is_loopback(urlsplit(f"//{host}").hostname or ""):
        raise ImageError(
            "a registry is asked over the network, which is not allowed",
            where=text,
            next_step="allow it with --network, or give an image from disk: oci:FOLDER, docker-archive:FILE",
        )
    return from_registry(wanted, shown=text, platform=platform, limits=limits)
