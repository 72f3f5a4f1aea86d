"""Rules' samples as the gate would show them to the scanner. Called by tests, also by those of new rules."""

from collections.abc import Mapping

from pavedroad.core.identity import Observation
from pavedroad.scanning.model import Blob
from pavedroad.scanning.scanners.image import feed
from pavedroad.scanning.scanners.image.model import CONFIGURATION, Sample
from pavedroad.scanning.scanners.image.session import ImageSession


class Files:
    """A tree of contents by path."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents

    def read(self, path: str) -> bytes | None:
        """See :class:`pavedroad.scanning.model.Tree`."""
        return self._contents.get(path)


def contents(sample: Sample) -> dict[str, bytes]:
    """Everything that can be read of a sample, by path."""
    history = [{"created_by": line, "empty_layer": line.startswith("#")} for line in sample.history]
    count = sum(not each["empty_layer"] for each in history)
    config = {
        "config": dict(sample.config),
        "history": history,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{number:064x}" for number in range(count)]},
    }
    layers = [feed.LayerLine(number=number) for number in range(count)]
    transport = "oci" if sample.reference.startswith("oci:") else "registry"
    told = feed.texts(config, layers, feed.Reference(reference=sample.reference, transport=transport))
    system = {path: text.encode() for path, text in sample.system.items()}
    return {**told, **system, feed.FILES: feed.file_lines(sample.files)}


def judged(sample: Sample, reads: str) -> tuple[Observation, ...]:
    """What all rules of one kind (``configuration`` or ``files``) say of a sample."""
    given = contents(sample)
    path = feed.CONFIG if reads == CONFIGURATION else feed.FILES
    return ImageSession(sample.today).scan(Blob(path, given[path], Files(given))).observations
