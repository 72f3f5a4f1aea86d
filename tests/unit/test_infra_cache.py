"""The result cache: right when used twice, harmless when broken, useless to forgers."""

import os
import time
from pathlib import Path

import pytest

from pavedroad.infra.cache import ResultCache, open_cache
from pavedroad.infra.errors import CacheError
from pavedroad.infra.walk import WalkLimits, walk

LIMITS = WalkLimits(file_size=1000, files=1000)


def opened(tmp_path: Path) -> ResultCache:
    return open_cache(tmp_path / ".paved" / "cache", tmp_path / "user")


def test_results_are_kept_per_scanner(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.store("s:1", {b"k": b"v"})
    cache.close()
    again = opened(tmp_path)
    assert again.results("s:1") == {b"k": b"v"}
    assert again.results("s:2") == {}
    again.close()


def test_two_runs_at_once_share_the_file(tmp_path: Path) -> None:
    one, two = opened(tmp_path), opened(tmp_path)
    one.store("s", {b"a": b"1"})
    two.store("s", {b"b": b"2"})
    assert one.results("s") == two.results("s") == {b"a": b"1", b"b": b"2"}
    one.close()
    two.close()


def test_a_cache_made_by_somebody_else_is_thrown_away(tmp_path: Path) -> None:
    forged = open_cache(tmp_path / ".paved" / "cache", tmp_path / "another-user")
    forged.store("s", {b"k": b""})
    forged.close()
    ours = opened(tmp_path)
    assert ours.results("s") == {}
    ours.close()


def test_a_broken_file_is_remade(tmp_path: Path) -> None:
    opened(tmp_path).close()
    path = tmp_path / ".paved" / "cache" / "results.sqlite3"
    path.write_bytes(b"this is no database" * 500)
    cache = opened(tmp_path)
    cache.store("s", {b"k": b"v"})
    assert cache.results("s") == {b"k": b"v"}
    cache.close()


def test_a_link_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".paved").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CacheError, match="symbolic link"):
        opened(tmp_path)


def test_digests_hold_only_for_unchanged_files_that_were_still(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "still").write_text("x")
    past = time.time() - 100
    os.utime(root / "still", (past, past))
    cache = opened(tmp_path)
    entries = walk(root, LIMITS).entries
    cache.remember_digests({b"still": b"d"}, entries)
    # The change time is this moment, so the file may still change without a trace: not remembered yet.
    assert cache.files() == {}
    cache.close()


def test_the_machine_key_is_private(tmp_path: Path) -> None:
    opened(tmp_path).close()
    assert (tmp_path / "user" / "cache.key").stat().st_mode & 0o077 == 0
