"""Which layer and instruction brought something, and whether that is the base image's or the application's doing.

Pure functions over what an image says of itself. History is a claim of whoever built the image: it serves to find the
right person, never to decide whether something is wrong.
"""

from collections.abc import Mapping, Sequence

from pavedroad.core.noun import Noun
from pavedroad.scanning.scanners.image.configuration import Configuration, Step
from pavedroad.scanning.scanners.image.instructions import keyword

BASE, APPLICATION, UNKNOWN = "base image", "application", "unknown"
BASE_NAME = "org.opencontainers.image.base.name"
BASE_DIGEST = "org.opencontainers.image.base.digest"
_STARTS = ("CMD", "ENTRYPOINT")


class Attribution(Noun, frozen=True, kw_only=True):
    """Where a layer comes from. ``layer`` counts from 0; ``instruction`` is masked, empty when history does not tell.
    ``part`` is ``base image``, ``application`` or ``unknown``; ``why`` says in a few words how that was found."""

    layer: int
    instruction: str = ""
    part: str = UNKNOWN
    why: str = ""


def attributions(config: Configuration, base_layers: Sequence[str] = ()) -> tuple[Attribution, ...]:
    """One for each layer, lowest first. ``base_layers`` are the diff ids of the base image, where they are known: then
    nothing is guessed."""
    last, why = _base_end(config, base_layers)
    words = {step.layer: step.instruction for step in config.steps if step.layer >= 0}
    return tuple(
        Attribution(
            layer=number,
            instruction=words.get(number, ""),
            part=UNKNOWN if not why else BASE if number <= last else APPLICATION,
            why=why,
        )
        for number in range(len(config.layers))
    )


def base_reference(config: Configuration, annotations: Mapping[str, str]) -> tuple[str, str]:
    """Name and digest of the base image as annotations of the manifest or labels say (OCI annotations.md), else empty
    texts."""
    name, digest = (annotations.get(key) or config.labels.get(key) or "" for key in (BASE_NAME, BASE_DIGEST))
    return name, digest


def _base_end(config: Configuration, base_layers: Sequence[str]) -> tuple[int, str]:
    """The number of the base's last layer, -1 for none, and how it was found; no reason when it was not."""
    if base_layers and tuple(base_layers) == config.layers[: len(base_layers)]:
        return len(base_layers) - 1, "the lowest layers are those of the base image"
    return _from_history(config.steps)


def _from_history(steps: Sequence[Step]) -> tuple[int, str]:
    """A base image ends with what it starts (CMD or ENTRYPOINT). The last such line below the topmost layer is where
    somebody went on building. A lone root file system is a base too."""
    numbers = [at for at, step in enumerate(steps) if step.layer >= 0]
    if not numbers:
        return -1, ""
    for at in range(numbers[-1] - 1, -1, -1):
        if keyword(steps[at].instruction) in _STARTS:
            below = [steps[number].layer for number in numbers if number < at]
            if below:
                return below[-1], f"history goes on after the {keyword(steps[at].instruction)} of a base image"
    if _is_root(steps[numbers[0]].instruction):
        return 0, "the lowest layer is a whole root file system"
    return -1, ""


def _is_root(instruction: str) -> bool:
    """``ADD file:... in /``, ``ADD rootfs.tar /``, ``COPY rootfs /``, and the comment of Debian's own builder."""
    words = instruction.partition(" #")[0].split()
    if instruction.startswith(("# debian.sh", "#  debian.sh", "debootstrap")):
        return True
    return len(words) > 2 and words[0] in ("ADD", "COPY") and words[-1] == "/"
