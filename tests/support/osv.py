"""Small OSV records, archives and databases for tests. Packages and advisories in it are invented."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pavedroad.advisories import Database
from pavedroad.advisories.sources import FolderSource
from pavedroad.advisories.update import update
from pavedroad.core.clock import FixedClock

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HIGH_VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"  # 7.5
CRITICAL_VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"  # 9.8

Record = dict[str, Any]


def events(*pairs: str) -> list[dict[str, str]]:
    """``events("introduced:0", "fixed:1.2")``."""
    return [dict([pair.split(":", 1)]) for pair in pairs]


def record(name: str, package: str, *points: str, ecosystem: str = "PyPI", **more: Any) -> Record:
    """One OSV record with one range; ``affected`` in ``more`` is merged into its only affected entry."""
    kind = "ECOSYSTEM" if ecosystem == "PyPI" else "SEMVER"
    affected: Record = {"package": {"ecosystem": ecosystem, "name": package}}
    if points:
        affected["ranges"] = [{"type": kind, "events": events(*points)}]
    affected.update(more.pop("affected", {}))
    return {
        "schema_version": "1.7.0",
        "id": name,
        "modified": "2026-02-20T10:00:00Z",
        "published": "2026-02-01T10:00:00Z",
        "summary": f"Flaw in {package}",
        "affected": [affected],
        **more,
    }


def write_zip(path: Path, entries: Mapping[str, bytes]) -> Path:
    """A deflated zip archive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def write_source(base: Path, records: Mapping[str, Iterable[Record]]) -> Path:
    """A folder in the OSV bulk layout: ecosystem to records."""
    for ecosystem, listed in records.items():
        entries = {f"{each['id']}.json": json.dumps(each).encode() for each in listed}
        write_zip(base / ecosystem / "all.zip", entries)
    return base


def build(base: Path, *records: Record) -> Path:
    """A database with these records, each under the ecosystem of its first package. Gives the file."""
    sorted_in: dict[str, list[Record]] = {}
    for each in records:
        sorted_in.setdefault(each["affected"][0]["package"]["ecosystem"], []).append(each)
    source = write_source(base / "source", sorted_in)
    target = base / "data" / "advisories" / "osv.sqlite3"
    update(FolderSource(source), target, clock=FixedClock(NOW))
    return target


def open_with(base: Path, *records: Record) -> Database:
    """The open database with these records."""
    return Database.open(build(base, *records))
