"""Signed snapshots: the same data gives the same bytes; what is changed, unsigned or older is refused."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pavedroad.advisories import Database
from pavedroad.advisories.errors import SnapshotError
from pavedroad.advisories.exploitation import KEV, SignalStore, update_signals
from pavedroad.advisories.snapshot import Targets, export, take_in
from pavedroad.advisories.sources import FolderSource
from pavedroad.advisories.update import update
from pavedroad.core.clock import FixedClock
from pavedroad.infra import keys
from pavedroad.infra.errors import FileError, KeyFileError
from tests.support.osv import NOW, Record, record, write_source
from tests.unit.test_advisories_signals import kev

Pair = tuple[Ed25519PrivateKey, Ed25519PublicKey]
TANK = record("X-1", "tank", "introduced:0")


def targets(base: Path) -> Targets:
    return Targets(advisories=base / "osv.sqlite3", signals=base / "signals.sqlite3")


def fill(base: Path, *records: Record, days: int = 0, signals: bool = True) -> Targets:
    where = targets(base)
    write_source(base / "source", {"PyPI": records})
    clock = FixedClock(NOW + timedelta(days=days))
    update(FolderSource(base / "source"), where.advisories, clock=clock)
    if signals:
        (base / "kev.json").write_bytes(kev("CVE-2026-0001"))
        update_signals(where.signals, clock=clock, wanted={KEV: str(base / "kev.json")})
    return where


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    keys.generate(tmp_path / "k.pem", tmp_path / "k.pub.pem")
    return keys.private_key(tmp_path / "k.pem"), keys.public_key(tmp_path / "k.pub.pem")


def names(where: Targets) -> list[str]:
    with Database.open(where.advisories) as database:
        return [advisory.id for advisory in database.lookup("PyPI", "tank")]


def rewrite(path: Path, **changed: bytes | None) -> Path:
    """The archive with some entries replaced, or left out."""
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    new = path.with_name(f"changed-{len(list(path.parent.iterdir()))}")
    with zipfile.ZipFile(new, "w") as out:
        for name, content in entries.items():
            value = changed.get(name.replace(".", "_"), content)
            if value is not None:
                out.writestr(name, value)
    return new


def test_a_snapshot_brings_advisories_and_signals_to_another_place(tmp_path: Path, pair: Pair) -> None:
    there = fill(tmp_path / "there", TANK)
    fill(tmp_path / "there", record("X-1", "tank", "introduced:0", summary="new words"))  # base and delta
    made = export(there, tmp_path / "snap", pair[0])
    here = targets(tmp_path / "here")
    assert take_in(tmp_path / "snap", here, pair[1]) == made
    with (
        Database.open(there.advisories) as one,
        Database.open(here.advisories) as two,
        SignalStore.open(here.signals) as s,
    ):
        assert one.digest == two.digest
        assert two.lookup("PyPI", "tank")[0].header.summary == "new words"
        assert s.signals(["CVE-2026-0001"]).known_exploited
    assert not list(here.advisories.parent.glob("*.new*"))


def test_the_same_data_gives_the_same_bytes(tmp_path: Path, pair: Pair) -> None:
    where = fill(tmp_path, TANK)
    fill(tmp_path, record("X-1", "tank", "introduced:0", summary="new words"))
    for name in ("one", "two"):
        export(where, tmp_path / name, pair[0])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_changed_or_unsigned_snapshot_changes_nothing(tmp_path: Path, pair: Pair) -> None:
    there = fill(tmp_path / "there", TANK)
    export(there, tmp_path / "signed", pair[0])
    export(there, tmp_path / "unsigned")
    here = fill(tmp_path / "here", record("X-9", "tank", "introduced:0"))
    keys.generate(tmp_path / "other.pem", tmp_path / "other.pub.pem")
    other = keys.public_key(tmp_path / "other.pub.pem")
    with zipfile.ZipFile(tmp_path / "signed") as opened:
        manifest = opened.read("manifest.json")
    for archive, key, words in (
        (tmp_path / "unsigned", pair[1], "not signed"),
        (tmp_path / "signed", other, "not by the key"),
        (rewrite(tmp_path / "signed", manifest_json=manifest + b" "), pair[1], "not by the key"),
        (rewrite(tmp_path / "signed", manifest_sig=b"!"), pair[1], "not signed"),
        (rewrite(tmp_path / "signed", manifest_json=None), pair[1], "not a snapshot"),
    ):
        with pytest.raises(SnapshotError, match=words):
            take_in(archive, here, key)
    for content in (b"garbage", (there.advisories).read_bytes()[:-1], None):
        with pytest.raises(SnapshotError):
            take_in(rewrite(tmp_path / "signed", osv_sqlite3=content), here, pair[1])
    assert names(here) == ["X-9"]


@pytest.mark.parametrize("content", [b"", b"PK", b"words" * 100])
def test_something_else_is_not_a_snapshot(tmp_path: Path, content: bytes, pair: Pair) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(SnapshotError, match="not a snapshot"):
        take_in(tmp_path / "x", targets(tmp_path), pair[1])


def test_older_data_is_refused_unless_going_back_is_meant(tmp_path: Path, pair: Pair) -> None:
    there = fill(tmp_path / "there", record("X-1", "tank", "introduced:0", modified="2026-01-01T00:00:00Z"))
    export(there, tmp_path / "old", pair[0])
    newer = record("X-2", "tank", "introduced:0")
    here = fill(tmp_path / "here", newer, days=1, signals=False)
    with pytest.raises(SnapshotError, match="OSV PyPI here is as of 2026-02-20"):
        take_in(tmp_path / "old", here, pair[1])
    assert names(here) == ["X-2"]
    take_in(tmp_path / "old", here, pair[1], allow_older=True)
    assert names(here) == ["X-1"]


def test_a_snapshot_that_lacks_an_ecosystem_is_refused_too(tmp_path: Path, pair: Pair) -> None:
    export(fill(tmp_path / "there", TANK, days=3), tmp_path / "snap", pair[0])
    here = fill(tmp_path / "here", TANK, signals=False)
    write_source(tmp_path / "npm", {"npm": [record("N-1", "tank", "introduced:0", ecosystem="npm")]})
    update(FolderSource(tmp_path / "npm"), here.advisories, clock=FixedClock(NOW))
    with pytest.raises(SnapshotError, match=r"OSV npm .* does not hold it"):
        take_in(tmp_path / "snap", here, pair[1])


def test_keys_are_private_and_never_overwritten(tmp_path: Path) -> None:
    keys.generate(tmp_path / "k.pem", tmp_path / "k.pub.pem")
    assert (tmp_path / "k.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(KeyFileError, match="already"):
        keys.generate(tmp_path / "k.pem", tmp_path / "other.pem")
    assert keys.key_id(keys.private_key(tmp_path / "k.pem").public_key()) == keys.key_id(
        keys.public_key(tmp_path / "k.pub.pem")
    )


@pytest.mark.parametrize("content", [b"", b"words", b"\xff" * 100, b"x" * 20_000])
def test_something_else_is_not_a_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pem").write_bytes(content)
    for read in (keys.private_key, keys.public_key):
        with pytest.raises((KeyFileError, FileError)):
            read(tmp_path / "x.pem")
        with pytest.raises(KeyFileError, match="no such key"):
            read(tmp_path / "absent.pem")
