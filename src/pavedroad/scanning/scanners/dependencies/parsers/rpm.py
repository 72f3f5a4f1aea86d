"""The database of installed RPM packages: ``rpmdb.sqlite``, ``Packages.db`` (ndb) and ``Packages`` (Berkeley DB)."""

import struct

from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import MAX_NAME, Gaps, Package, ParseResult, found
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers import _system
from pavedroad.scanning.scanners.dependencies.parsers._rpm_header import Rpm, read_header
from pavedroad.scanning.scanners.dependencies.parsers._rpm_stores import headers

FOLDERS = ("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm")
NAMES = ("rpmdb.sqlite", "Packages.db", "Packages")
_PLACES = tuple(f"{folder}/{name}" for folder in FOLDERS for name in NAMES)
_KEYS = "gpg-pubkey"  # rpm keeps imported keys as packages


class RpmParser:
    """The plug-in."""

    name = "rpm"
    title = "installed RPM packages (rpm database)"
    ecosystem = "AlmaLinux"
    files = ("rpmdb.sqlite", "packages.db", "packages")
    companions = (*_system.COMPANIONS, "rpmdb.sqlite-wal")

    def selects(self, path: str) -> bool:
        return any(path == place or path.endswith(f"/{place}") for place in _PLACES)

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        gaps = Gaps()
        inside = next(place for place in _PLACES if path == place or path.endswith(f"/{place}"))
        release = _system.distribution(tree, _system.root_of(path, inside), gaps, otherwise="")
        if tree.read(f"{path}-wal"):
            gaps.add("packages written ahead of the database, in its -wal file, are not seen", path)
        packages = []
        try:
            for blob in headers(content):
                packages.extend(_package(blob, release, gaps))
        except (ValueError, struct.error) as error:
            raise LockfileError(
                f"the package database cannot be read: {error}", next_step="rpm --rebuilddb, then try again"
            ) from error
        read.check_count(len(packages))
        return ParseResult(components=found(packages, path), gaps=gaps.result())


def _package(blob: bytes, release: _system.Distribution, gaps: Gaps) -> list[Package]:
    try:
        rpm = read_header(blob)
    except ValueError as error:
        gaps.add(f"a package that cannot be read: {error}", "its header")
        return []
    if rpm.name == _KEYS:
        return []
    version = f"{rpm.version}-{rpm.release}" if rpm.release else rpm.version
    if max(len(rpm.name), len(version)) > MAX_NAME:
        gaps.add("a package with a name or version that is too long", rpm.name)
        return []
    return [
        Package(
            ecosystem=release.ecosystem,
            name=rpm.name,
            version=f"{rpm.epoch}:{version}" if rpm.epoch else version,
            licenses=(rpm.licence,) if rpm.licence and len(rpm.licence) <= MAX_NAME else (),
            purl=_purl(rpm, version, release),
        )
    ]


def _purl(rpm: Rpm, version: str, release: _system.Distribution) -> str:
    epoch = str(rpm.epoch) if rpm.epoch else ""
    return _system.system_purl("rpm", release.id, release.version, rpm.name, version, rpm.arch, epoch)


PARSER = RpmParser()
