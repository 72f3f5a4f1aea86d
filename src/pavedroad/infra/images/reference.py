"""Image references: where an image is, and which one is meant."""

import os
import re
from pathlib import Path

import msgspec

from pavedroad.infra.images.errors import ImageError

_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]+(?::\d{1,5})?|\[[0-9a-fA-F:]+\](?::\d{1,5})?"
)
TRANSPORTS = ("oci", "oci-archive", "docker-archive", "rootfs", "registry")


class Reference(msgspec.Struct, frozen=True):
    """``transport`` is one of TRANSPORTS. ``place`` is a path, or ``host/repository`` of a registry. ``tag`` may be
    empty; ``digest`` goes before it."""

    transport: str
    place: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """Stable: no tag, no digest."""
        return self.place if self.transport == "registry" else Path(self.place).name


def parse(text: str) -> Reference:
    """``[TRANSPORT:]PLACE[:TAG][@DIGEST]``. Without a transport: what exists on disk is read from there, anything else
    is asked of a registry. Raises ImageError."""
    transport, _, rest = text.partition(":")
    if transport in TRANSPORTS and rest:
        rest = rest.removeprefix("//")
        return _registry(rest) if transport == "registry" else _local(transport, rest)
    path = Path(text)
    if path.is_dir():
        return Reference("oci" if (path / "oci-layout").is_file() else "rootfs", text)
    if path.is_file():
        return Reference("docker-archive", text)
    if text.startswith((".", "/")):
        raise ImageError("there is no such file or folder", where=text, next_step="check the path of the image")
    return _registry(text)


def _local(transport: str, text: str) -> Reference:
    if Path(text).exists() or ":" not in text:
        return Reference(transport, text)
    # The tag of an archive may hold a colon of its own (name:tag), so the longest path that exists counts.
    place = text
    while ":" in place:
        place = place.rpartition(":")[0]
        if Path(place).exists():
            return Reference(transport, place, text[len(place) + 1 :])
    raise ImageError("there is no such file or folder", where=text, next_step="check the path of the image")


def _registry(text: str) -> Reference:
    rest, _, digest = text.partition("@")
    place, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        place, tag = rest, ""
    host, slash, repository = place.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, repository = os.environ.get("PAVED_REGISTRY", ""), place
        if not host:
            raise ImageError(
                f"'{text[:200]}' names no registry, and there is no such file",
                next_step="write the registry in front (registry.example/team/app:1.0), or set PAVED_REGISTRY",
            )
    good = _HOST.fullmatch(host) and _REPOSITORY.fullmatch(repository) and len(repository) <= 255
    if not good or (tag and not _TAG.fullmatch(tag)) or (digest and not _DIGEST.fullmatch(digest)):
        raise ImageError(
            f"'{text[:200]}' is no image reference", next_step="write registry/repository:tag or @sha256:..."
        )
    return Reference("registry", f"{host}/{repository}", tag or ("" if digest else "latest"), digest)
