"""``*.jar``, ``*.war``, ``*.ear``: what Maven wrote into them (``META-INF/maven/.../pom.properties``), nested archives
included, and what the manifest says where Maven wrote nothing.

Nothing is unpacked to disk. Without a group a name is no Maven coordinate: such an archive is a gap with what its
manifest says.
"""

import hashlib
import re
from collections.abc import Iterator

from pavedroad.core.component import Hash
from pavedroad.infra.archives import ArchiveError, ZipEntry, ZipLimits, read_zip
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source

LIMITS = ZipLimits(entries=200_000, entry_bytes=64 << 20, total_bytes=1 << 30, ratio=300)
MAX_DEPTH = 4
MAX_ARCHIVES = 3000
MAX_NESTED_BYTES = 512 << 20

_ENDINGS = (".jar", ".war", ".ear", ".rar", ".sar", ".hpi", ".jpi")
_PROPERTIES = re.compile(r"(?:.*/)?META-INF/maven/[^/]+/[^/]+/pom\.properties")
_FILE = re.compile(r"(.+?)-([0-9][0-9A-Za-z.+_-]*)", re.ASCII)


def _matches(path: str) -> bool:
    return path.lower().endswith((".jar", ".war", ".ear"))


def _wanted(name: str) -> bool:
    return name == "META-INF/MANIFEST.MF" or name.lower().endswith(_ENDINGS) or _PROPERTIES.fullmatch(name) is not None


def _read(source: Source) -> Iterator[Package | None]:
    try:
        yield from _Archives(source).read(source.content, (source.base,))
    except ArchiveError as error:
        raise LockfileError(error.what, next_step="build or download the archive again") from error


class _Archives:
    """One file with the archives inside it, within one budget."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._archives, self._bytes = MAX_ARCHIVES, MAX_NESTED_BYTES

    def read(self, content: bytes, labels: tuple[str, ...]) -> Iterator[Package | None]:
        """Packages of one archive and of those inside. Raises ArchiveError."""
        properties, manifest, packages = list[bytes](), b"", list[Package | None]()
        for entry in read_zip(content, LIMITS, wanted=_wanted, where="/".join(labels)):
            if entry.problem:
                self._source.gaps.add("a part of an archive that cannot be read", "!".join((*labels, entry.label)))
            elif entry.name == "META-INF/MANIFEST.MF":
                manifest = entry.content
            elif _PROPERTIES.fullmatch(entry.name):
                properties.append(entry.content)
            else:
                packages.extend(self._nested(entry, labels))
        yield from self._own(content, properties, _manifest(manifest), labels)
        yield from packages

    def _nested(self, entry: ZipEntry, labels: tuple[str, ...]) -> Iterator[Package | None]:
        inner = (*labels, shown(entry.name.rpartition("/")[2]))
        self._archives -= 1
        self._bytes -= len(entry.content)
        if len(inner) > MAX_DEPTH or self._archives < 0 or self._bytes < 0:
            self._source.gaps.add("an archive inside archives, too deep or too many", "!".join(inner))
            return
        try:
            yield from self.read(entry.content, inner)
        except ArchiveError as error:
            self._source.gaps.add("an archive inside that cannot be read", f"{'!'.join(inner)}: {error.what}")

    def _own(
        self, content: bytes, properties: list[bytes], manifest: dict[str, str], labels: tuple[str, ...]
    ) -> Iterator[Package | None]:
        """What one archive is, by Maven's own files, or else by its manifest and name."""
        known = [_coordinates(each) for each in properties]
        alone = len(known) == 1
        hashes = _hashes(content) if alone or not known else ()
        licenses = _licenses(manifest) if alone or not known else ()
        known = known or [_from_manifest(manifest, labels[-1])]
        for group, artifact, version in known:
            if not group or not artifact or not version:
                said = f"{'!'.join(labels)}: {artifact or '?'} {version or '?'}"
                self._source.gaps.add("an archive that does not say its Maven coordinates", said)
                continue
            name = f"{group}:{artifact}"
            yield self._source.package(
                name, version, scope=SCOPE_RUNTIME, path=(*labels, name), hashes=hashes, licenses=licenses
            )


def _coordinates(properties: bytes) -> tuple[str, str, str]:
    found: dict[str, str] = {}
    for line in properties[:10_000].decode("latin-1").splitlines():
        name, _, value = line.partition("=")
        found.setdefault(name.strip(), value.strip())
    return found.get("groupId", ""), found.get("artifactId", ""), found.get("version", "")


def _manifest(content: bytes) -> dict[str, str]:
    """The main section (JAR file specification): a line that begins with a space goes on with the one before."""
    text = content[: 1 << 20].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    main = text.split("\n\n", 1)[0].replace("\n ", "")
    pairs = (line.partition(":") for line in main.split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _from_manifest(manifest: dict[str, str], label: str) -> tuple[str, str, str]:
    """Group, artifact and version: the group only where the manifest has it as such."""
    match = _FILE.fullmatch(re.sub(r"\.[A-Za-z]{3}$", "", label))
    named = match.groups() if match else ("", "")
    bundle = manifest.get("bundle-symbolicname", "").partition(";")[0].strip()
    artifact = named[0] or bundle or manifest.get("implementation-title", "")
    version = manifest.get("implementation-version") or named[1] or manifest.get("bundle-version", "")
    return manifest.get("implementation-vendor-id", ""), artifact, version


def _licenses(manifest: dict[str, str]) -> tuple[str, ...]:
    text = read.usable(manifest.get("bundle-license", "").partition(";")[0].strip().strip('"'))
    return (text,) if text else ()


def _hashes(content: bytes) -> tuple[Hash, ...]:
    """Of the archive itself; repositories name archives by SHA-1."""
    return (
        Hash(algorithm="SHA-1", value=hashlib.sha1(content, usedforsecurity=False).hexdigest()),
        Hash(algorithm="SHA-256", value=hashlib.sha256(content).hexdigest()),
    )


PARSER = Format("jar", "*.jar, *.war, *.ear", "Maven", _read, files=("*.jar", "*.war", "*.ear"), matches=_matches)
