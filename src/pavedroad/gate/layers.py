"""Which layer of an image brought what a scanner found, and whether that is of the base image or the application.

Called by :mod:`.check` on what scanners say of an image, whose findings and components name paths.
"""

import re

import msgspec

from pavedroad.core.component import Component
from pavedroad.core.finding import Evidence
from pavedroad.core.identity import Observation
from pavedroad.gate.scan import Looked
from pavedroad.infra.images import Layer
from pavedroad.scanning.scanners.image.attribution import BASE
from pavedroad.scanning.scanners.image.instructions import shown

_DPKG_STATUS, _DPKG_LISTS = "var/lib/dpkg/status", "var/lib/dpkg/info/"
_RPM = ("var/lib/rpm", "usr/lib/sysimage/rpm")
_DATABASES = (
    *(_DPKG_STATUS, "lib/apk/db/installed", "usr/lib/apk/db/installed"),
    *(f"{folder}/{name}" for folder in _RPM for name in ("rpmdb.sqlite", "Packages", "Packages.db")),
)
_ARCHITECTURE = re.compile(r"[?&]arch=([\w-]+)")


def lists_package(path: str) -> bool:
    """dpkg writes one such file when it installs a package: its layer is the package's."""
    return path.startswith(_DPKG_LISTS) and path.endswith(".list")


class _Layers:
    """A package database is of the layer that changed it last, so for a package in it the part is told only where that
    is certain."""

    def __init__(self, layers: dict[str, Layer], parts: dict[int, str]) -> None:
        self._layers = layers
        self._parts = parts

    def find(self, path: str, component: Component | None) -> tuple[Layer | None, str]:
        """The layer and its part; None and an empty text where they are not known."""
        own = self._of_package(component) if component and path == _DPKG_STATUS else None
        layer = own or self._layers.get(path)
        part = self._parts.get(layer.number, "") if layer else ""
        certain = own is not None or path not in _DATABASES or part == BASE
        return layer, part if certain else ""

    def _of_package(self, component: Component) -> Layer | None:
        match = _ARCHITECTURE.search(component.purl)
        names = [component.name, *([f"{component.name}:{match[1]}"] if match else [])]
        return next((layer for name in names if (layer := self._layers.get(f"{_DPKG_LISTS}{name}.list"))), None)

    def facts(self, path: str, component: Component | None) -> tuple[str, list[Evidence]]:
        """The layer's name, and what to tell of it."""
        layer, part = self.find(path, component)
        if layer is None:
            return "", []
        facts = [Evidence(name="layer", value=f"{layer.number + 1} of the image, {layer.name}")]
        if layer.created_by:
            facts.append(Evidence(name="brought by", value=shown(layer.created_by)))
        if part:
            facts.append(Evidence(name="part", value=part))
        return layer.name, facts


def attributed(looked: Looked, layers: dict[str, Layer], parts: dict[int, str]) -> Looked:
    """The same with the layer of each component and finding, and the instruction that made it. ``layers`` are by path,
    ``parts`` by the layer's number."""
    if not layers:
        return looked
    replace = msgspec.structs.replace
    known = _Layers(layers, parts)

    def told(observation: Observation) -> Observation:
        finding = observation.finding
        name, facts = known.facts(finding.location.path, finding.component)
        if not facts or any(each.name == "layer" for each in finding.evidence):
            return observation
        component = finding.component and replace(finding.component, layer=name)
        return replace(observation, finding=replace(finding, component=component, evidence=(*finding.evidence, *facts)))

    return Looked(
        looked.coverage,
        {side: [told(each) for each in given] for side, given in looked.observations.items()},
        tuple(replace(each, layer=known.facts(each.found_in, each)[0]) for each in looked.components),
        looked.old_components,
        looked.notes,
    )
