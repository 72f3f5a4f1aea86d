"""Signals and snapshots through `paved advisories`, as a process."""

from pathlib import Path

from tests.support.osv import record, write_source
from tests.support.paved_process import RunPaved
from tests.unit.test_advisories_signals import kev, scores


def fill(base: Path, run_paved: RunPaved) -> str:
    write_source(base / "source", {"PyPI": [record("X-1", "tank", "introduced:0")]})
    (base / "kev.json").write_bytes(kev("CVE-2026-0001"))
    (base / "epss.csv").write_bytes(scores("CVE-2026-0001,0.5,0.9"))
    target = str(base / "osv.sqlite3")
    sources = ("--source", str(base / "source"), "--kev", str(base / "kev.json"), "--epss", str(base / "epss.csv"))
    done = run_paved("advisories", "update", *sources, "--keep-days", "2", "--database", target)
    assert done.returncode == 0, done.stderr
    assert "imported CISA KEV: 1 entries, as of 2026-02-20" in done.stdout
    assert "imported EPSS: 1 entries, as of 2026-02-21" in done.stdout
    return target


def test_signals_are_imported_beside_the_advisories_and_shown_with_their_age(
    tmp_path: Path, run_paved: RunPaved
) -> None:
    target = fill(tmp_path, run_paved)
    status = run_paved("advisories", "status", "--database", target)
    assert status.returncode == 0
    for words in ("CISA KEV", "EPSS", "as of     2026-02-20 (", "1 days of EPSS kept, 2026-02-21 to 2026-02-21"):
        assert words in status.stdout


def test_signals_alone_leave_the_advisories_as_they_are(tmp_path: Path, run_paved: RunPaved) -> None:
    target = fill(tmp_path, run_paved)
    before = (tmp_path / "osv.sqlite3").stat().st_mtime_ns
    alone = ("advisories", "update", "--signals-only", "--database", target)
    done = run_paved(*alone, "--kev", str(tmp_path / "kev.json"))
    assert done.returncode == 0
    assert "unchanged CISA KEV" in done.stdout
    assert "PyPI" not in done.stdout
    assert (tmp_path / "osv.sqlite3").stat().st_mtime_ns == before
    assert run_paved(*alone).returncode == 2
    broken = run_paved(*alone, "--epss", str(tmp_path / "kev.json"))
    assert (broken.returncode, "Traceback" in broken.stderr) == (3, False)


def test_a_snapshot_goes_from_one_machine_to_another(tmp_path: Path, run_paved: RunPaved) -> None:
    target, key, snap = fill(tmp_path, run_paved), tmp_path / "site", str(tmp_path / "snap.zip")
    assert run_paved("advisories", "keygen", str(key)).returncode == 0
    signed = run_paved("advisories", "export", snap, "--sign-key", f"{key}.pem", "--database", target)
    assert signed.returncode == 0, signed.stderr
    assert "signed by" in signed.stdout
    env = {"PAVED_DATA_DIR": str(tmp_path / "elsewhere")}
    taken = run_paved("advisories", "import", snap, "--verify-key", f"{key}.pub.pem", env=env)
    assert taken.returncode == 0, taken.stderr
    assert "OSV PyPI: 1 records, as of 2026-02-20" in taken.stdout
    assert "EPSS: 1 records" in taken.stdout
    assert "CISA KEV" in run_paved("advisories", "status", env=env).stdout


def test_an_unsigned_snapshot_is_taken_only_when_that_is_said_loudly(tmp_path: Path, run_paved: RunPaved) -> None:
    target, key, snap = fill(tmp_path, run_paved), tmp_path / "site", str(tmp_path / "snap.zip")
    run_paved("advisories", "keygen", str(key))
    exported = run_paved("advisories", "export", snap, "--database", target)
    assert "NOT SIGNED" in exported.stdout
    assert "warning" in exported.stderr
    env = {"PAVED_DATA_DIR": str(tmp_path / "elsewhere")}
    assert run_paved("advisories", "import", snap, env=env).returncode == 2
    refused = run_paved("advisories", "import", snap, "--verify-key", f"{key}.pub.pem", env=env)
    assert (refused.returncode, "not signed" in refused.stderr) == (3, True)
    assert not (tmp_path / "elsewhere" / "advisories" / "osv.sqlite3").exists()
    loud = run_paved("advisories", "import", snap, "--unsafe-unsigned", env=env)
    assert loud.returncode == 0
    assert "WARNING" in loud.stderr
