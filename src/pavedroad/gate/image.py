"""Looks at a container image or a root file system through the same scanners as at a tree.

The merged file system is read once. What scanners want of it goes into a spool, together with a few texts that no file
holds: the configuration (``image:/config.json``), the layers, the list of all entries, and the environment and history
as files that the secrets scanner understands.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from pavedroad.core.asset import AssetKind, AssetRef
from pavedroad.core.coverage import Coverage, CoverageStatus, LimitHit, ScanError, Skipped
from pavedroad.core.errors import UsageError
from pavedroad.gate.layers import lists_package
from pavedroad.gate.plan import Plan
from pavedroad.gate.project import Project
from pavedroad.gate.request import CheckRequest
from pavedroad.gate.sources import Side, Source, Sources
from pavedroad.gate.spool import Spool
from pavedroad.infra.cache import content_digest
from pavedroad.infra.files import read_file
from pavedroad.infra.images import (
    Entry,
    Image,
    ImageLimits,
    Layer,
    LayerProblem,
    Problem,
    merged,
    open_image,
    reference,
    root_entries,
)
from pavedroad.infra.images.merge import Item
from pavedroad.sbom import read_bill
from pavedroad.scanning.model import ReadsNeighbours, Scanner
from pavedroad.scanning.scanners.image import feed
from pavedroad.scanning.scanners.image.attribution import attributions
from pavedroad.scanning.scanners.image.configuration import read as read_configuration

MAX_LISTED = 300_000
MAX_BILL = 512 << 20
_EXAMPLES = 5


class Opened(msgspec.Struct):
    """What was read of the image: sources for scanners, the reader's account, which layer each path is from, and
    whether a layer (by number) is of the base image or the application, where that is known."""

    asset: AssetRef
    sources: Sources
    coverage: Coverage
    layers: dict[str, Layer]
    parts: dict[int, str] = {}
    notes: tuple[str, ...] = ()


def open_subject(request: CheckRequest, project: Project, plan: Plan, spool: Spool) -> Opened:
    """Read the image, root file system or bill that ``request`` names. Raises ImageError, SbomError, FileError, and
    UsageError for a bill that is not there."""
    if request.sbom is not None:
        return _bill(request.sbom, spool)
    limits = _limits(project)
    wants = _wants([planned.scanner for planned in plan.planned])
    if request.rootfs is not None:
        name = request.rootfs.resolve().name
        asset = AssetRef(kind=AssetKind.FILE_SYSTEM, name=name)
        return _gathered(root_entries(request.rootfs, wants, limits), asset, (), spool, {})
    network = request.network or project.config.network
    image = open_image(request.image, limits=limits, platform=request.platform, network=network)
    asset = AssetRef(kind=AssetKind.IMAGE, name=image.name)
    opened = _gathered(merged(image, wants, limits), asset, image.layers, spool, _texts(image, request))
    opened.parts = {each.layer: each.part for each in attributions(read_configuration(image.config)) if each.why}
    opened.notes = (f"image {image.reference}, manifest {image.digest}",)
    return opened


def _bill(path: Path, spool: Spool) -> Opened:
    """A bill of materials stands for what it describes. Raises SbomError and FileError."""
    content = read_file(path, MAX_BILL)
    if content is None:
        raise UsageError(
            "there is no such file", where=str(path), next_step="give the path of a CycloneDX or SPDX bill"
        )
    bill = read_bill(content, where=str(path))
    subject = bill.subject
    kind = AssetKind.IMAGE if subject and subject.type == "container" else AssetKind.REPOSITORY
    name = (subject.component.name if subject else "") or path.stem
    source = _source(f"sbom:/{path.name}", content, spool)
    whole = Coverage(scanner="bill", kind="tree", status=CoverageStatus.COMPLETE, files=1, bytes=len(content))
    return Opened(AssetRef(kind=kind, name=name), Sources((source,), "sbom"), whole, {})


def _limits(project: Project) -> ImageLimits:
    given = project.config.scan.limits
    return ImageLimits(file_bytes=given.file_size_bytes, entries=given.files, seconds=float(given.seconds) * 4)


def _wants(scanners: Sequence[Scanner]) -> Callable[[str, int], bool]:
    sharing = [s for s in scanners if isinstance(s, ReadsNeighbours)]

    def wants(path: str, size: int) -> bool:
        return any(s.selects(path, size) for s in scanners) or any(s.shares(path) for s in sharing)

    return wants


def _texts(image: Image, request: CheckRequest) -> dict[str, bytes]:
    """What the image says of itself, as files."""
    layers = [
        feed.LayerLine(number=each.number, name=each.name, created_by=each.created_by, size=each.size)
        for each in image.layers
    ]
    transport = reference.parse(request.image).transport
    asked = feed.Reference(reference=request.image, transport=transport, name=image.name, digest=image.digest)
    return feed.texts(image.config, layers, asked)


class _Account:
    """Counts what was met, for coverage."""

    def __init__(self) -> None:
        self.files = self.bytes = 0
        self.errors: list[ScanError] = []
        self._counts: Counter[tuple[str, bool]] = Counter()
        self._examples: dict[tuple[str, bool], list[str]] = {}

    def problem(self, problem: Problem) -> None:
        key = (problem.reason, problem.harmless)
        self._counts[key] += 1
        examples = self._examples.setdefault(key, [])
        if len(examples) < _EXAMPLES:
            examples.append(problem.path)

    def broken(self, problem: LayerProblem) -> None:
        where = f"layer {problem.layer.number + 1} ({problem.layer.name[:19]})"
        self.errors.append(ScanError(message=problem.message, where=where, next_step=problem.next_step))

    def coverage(self, *, listed_all: bool) -> Coverage:
        skipped = tuple(
            Skipped(reason=reason, count=count, examples=tuple(self._examples[reason, harmless]), harmless=harmless)
            for (reason, harmless), count in sorted(self._counts.items())
        )
        limits = () if listed_all else (LimitHit(limit="entries", value=f"only the first {MAX_LISTED} are listed"),)
        partial = bool(self.errors or limits or any(not each.harmless for each in skipped))
        return Coverage(
            scanner="layers",
            kind="tree",
            status=CoverageStatus.PARTIAL if partial else CoverageStatus.COMPLETE,
            files=self.files,
            bytes=self.bytes,
            skipped=skipped,
            errors=tuple(self.errors),
            limits=limits,
        )


def _gathered(
    items: Iterable[Item], asset: AssetRef, layers: Sequence[Layer], spool: Spool, texts: dict[str, bytes]
) -> Opened:
    account, sources, of_layer = _Account(), list[Source](), dict[str, Layer]()
    listed: list[bytes] = []
    total = 0
    for item in items:
        if isinstance(item, Problem):
            account.problem(item)
        elif isinstance(item, LayerProblem):
            account.broken(item)
        else:
            total += 1
            if total <= MAX_LISTED:
                listed.append(_line(item))
            if item.kind == "file":
                account.files += 1
                account.bytes += item.size
            if item.content is not None or lists_package(item.path):
                of_layer[item.path] = item.layer
            if item.content is not None:
                sources.append(_source(item.path, item.content, spool))
    texts = {**texts, feed.FILES: b"".join(listed)}
    sources += [_source(path, content, spool) for path, content in texts.items()]
    # Layers are met from the top down; findings and bills of materials are sorted by path, as for a tree.
    sources.sort(key=lambda source: source.path)
    return Opened(
        asset=asset,
        sources=Sources(tuple(sources), "image" if layers else "rootfs"),
        coverage=account.coverage(listed_all=total <= MAX_LISTED),
        layers=of_layer if layers else {},
    )


def _source(path: str, content: bytes, spool: Spool) -> Source:
    return Source(
        path,
        path.encode("utf-8", "surrogateescape"),
        Side.HEAD,
        len(content),
        spool=spool,
        place=spool.add(content),
        digest=content_digest(content),
    )


def _line(entry: Entry) -> bytes:
    facts = {
        "path": entry.path,
        "kind": entry.kind,
        "mode": entry.mode,
        "uid": entry.uid,
        "gid": entry.gid,
        "size": entry.size,
        "layer": entry.layer.number,
    }
    if entry.target:
        facts["target"] = entry.target
    return json.dumps(facts).encode() + b"\n"
