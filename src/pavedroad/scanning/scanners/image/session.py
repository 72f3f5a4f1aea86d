"""The loaded scanner: reads the texts that the gate made of an image, and asks every rule."""

from collections.abc import Iterable
from datetime import date
from itertools import islice

import msgspec

from pavedroad.core.coverage import ScanError, Skipped
from pavedroad.core.identity import Observation
from pavedroad.infra.documents import read_json
from pavedroad.infra.errors import DocumentError
from pavedroad.scanning.model import Blob, FileResult, Tree
from pavedroad.scanning.scanners.image import feed
from pavedroad.scanning.scanners.image.accounts import accounts
from pavedroad.scanning.scanners.image.attribution import attributions
from pavedroad.scanning.scanners.image.configuration import Configuration, read
from pavedroad.scanning.scanners.image.distributions import Distribution, distribution, family_of
from pavedroad.scanning.scanners.image.findings import observation, rule_id
from pavedroad.scanning.scanners.image.model import CONFIGURATION, FILES, Image, ImageRule
from pavedroad.scanning.scanners.image.rules import rules

MAX_DOCUMENT = 32 << 20
MAX_FILES = 2_000_000
MAX_HITS = 200
_AGAIN = "look at the image again with the newest version, and report this"


class ImageSession:
    """Keeps nothing between images."""

    threads = 1

    def __init__(self, today: date | None = None) -> None:
        self._today = today

    def scan(self, blob: Blob) -> FileResult:
        """Judge the configuration or the list of files; anything else gives nothing."""
        if blob.path == feed.CONFIG:
            return self._configuration(blob)
        if blob.path == feed.FILES:
            return self._files(blob)
        return FileResult()

    def _configuration(self, blob: Blob) -> FileResult:
        try:
            config = _configuration(blob.content)
        except DocumentError as error:
            return _failed(blob.path, error.what)
        image = Image(config, reference=_reference(blob.tree), attributions=attributions(config), today=self._today)
        gaps = tuple(
            Skipped(
                reason="a part of the image's configuration that cannot be read",
                count=1,
                examples=(each,),
                harmless=False,
            )
            for each in config.problems
        )
        return _judged(CONFIGURATION, image, blob.path, gaps)

    def _files(self, blob: Blob) -> FileResult:
        try:
            files = _file_list(blob.content)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _failed(blob.path, f"the list of files cannot be read ({type(error).__name__})")
        config = _config_beside(blob.tree)
        image = Image(
            config,
            files=files,
            reference=_reference(blob.tree),
            distribution=_distribution(blob.tree),
            accounts=accounts(blob.tree.read("etc/passwd"), blob.tree.read("etc/shadow")),
            attributions=attributions(config),
            today=self._today,
        )
        return _judged(FILES, image, blob.path, tuple(_unknown_end(image)))


def _configuration(content: bytes) -> Configuration:
    value = read_json(content, where=feed.CONFIG, max_bytes=MAX_DOCUMENT)
    if not isinstance(value, dict):
        raise DocumentError("it is no JSON object", where=feed.CONFIG)
    return read(value)


def _config_beside(tree: Tree) -> Configuration:
    """For attribution only: what is wrong with it is told where it is looked at itself."""
    content = tree.read(feed.CONFIG)
    if content is None:
        return Configuration()
    try:
        return _configuration(content)
    except DocumentError:
        return Configuration()


def _reference(tree: Tree) -> feed.Reference:
    content = tree.read(feed.REFERENCE)
    try:
        return msgspec.json.decode(content or b"{}", type=feed.Reference)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return feed.Reference()


def _distribution(tree: Tree) -> Distribution:
    """``etc/os-release`` goes before ``usr/lib/os-release`` (os-release(5)); it is mostly a link to the other."""
    content = tree.read("etc/os-release")
    return distribution(content if content is not None else tree.read("usr/lib/os-release"))


def _file_list(content: bytes) -> tuple[feed.FileLine, ...]:
    decoder = msgspec.json.Decoder(feed.FileLine)
    lines = (line for line in content.split(b"\n") if line.strip())
    return tuple(decoder.decode(line) for line in islice(lines, MAX_FILES))


def _failed(path: str, message: str) -> FileResult:
    return FileResult(errors=(ScanError(message=message, where=path, next_step=_AGAIN),))


def _judged(reads: str, image: Image, path: str, gaps: tuple[Skipped, ...]) -> FileResult:
    found: list[Observation] = []
    more: list[Skipped] = list(gaps)
    for rule in rules().values():
        if rule.reads == reads:
            hits, left_out = _hits(rule, image, path)
            found += hits
            if left_out:
                more.append(left_out)
    return FileResult(observations=tuple(found), gaps=tuple(more))


def _hits(rule: ImageRule, image: Image, path: str) -> tuple[list[Observation], Skipped | None]:
    """At most ``MAX_HITS`` of one rule: ten thousand world-writable files are one fact. The rest is counted."""
    seen: dict[tuple[str, ...], Observation] = {}
    left_out = 0
    for hit in rule.look(image):
        if len(seen) < MAX_HITS:
            each = observation(rule, hit, image, path)
            seen.setdefault((*each.anchor, each.finding.location.path), each)
        else:
            left_out += 1
    if not left_out:
        return list(seen.values()), None
    reason = f"more findings of {rule_id(rule)} than are listed ({MAX_HITS})"
    return list(seen.values()), Skipped(reason=reason, count=left_out, harmless=False)


def _unknown_end(image: Image) -> Iterable[Skipped]:
    """Why nothing is said about the end of life, where nothing is."""
    found = image.distribution
    family = family_of(found)
    if not found.id:
        yield Skipped(reason="no os-release names a distribution: its end of life is not judged", count=1)
    elif family is None:
        yield Skipped(reason="a distribution whose end of life is not known here", count=1, examples=(found.id,))
    elif not family.rolling and family.find(found.version) is None:
        yield Skipped(
            reason="a release whose end of life is not known here", count=1, examples=(f"{found.id} {found.version}",)
        )
    elif image.today is None:
        yield Skipped(reason="the run has no date: end of life is not judged", count=1, harmless=False)
